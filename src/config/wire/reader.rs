//! What goes wrong in reading, in the words of whoever writes a configuration.

use serde_json::Value;

use crate::{
    config::{error::Problems, near::suggestion, path::Path, resolve::Number},
    json,
};

/// Longest value that an error shows.
const SHOWN_CHARS_MAX: usize = 60;

/// Collects what could not be read, and where.
pub(crate) struct Reader<'p> {
    problems: &'p mut Problems,
    damaged: Vec<String>,
}

impl<'p> Reader<'p> {
    pub fn new(problems: &'p mut Problems) -> Self {
        Self { problems, damaged: Vec::new() }
    }

    /// The places where something could not be read, as far as they are reported.
    pub fn into_damaged(self) -> Vec<String> {
        self.damaged
    }

    /// A value breaks a rule.
    pub fn wrong(&mut self, at: &Path, value: &Value, rule: &str) {
        self.damage(at);
        self.problems.found(at, shown(value), rule);
    }

    /// A field that must be there is not.
    pub fn missing(&mut self, at: &Path) {
        self.damage(at);
        self.problems.report(at, "is missing");
    }

    /// A field that nobody knows.
    pub fn unknown_field(&mut self, at: &Path, name: &str, value: &Value, known: &[&str]) {
        let names = suggestion(name, known.iter().copied());
        self.wrong(at, value, &format!("stands in an unknown field{names}"));
    }

    /// Visits the fields of a JSON object; `false` if it is none.
    pub fn object(
        &mut self,
        value: &Value,
        at: &Path,
        kind: &str,
        visit: &mut dyn FnMut(&str, &Value, &Path, &mut Self),
    ) -> bool {
        let Some(object) = value.as_object() else {
            self.wrong_kind(at, value, kind);
            return false;
        };
        for (key, value) in object {
            visit(key, value, &at.key(key), self);
        }
        true
    }

    /// Visits the elements of a JSON list.
    pub fn list(&mut self, value: &Value, at: &Path, visit: &mut dyn FnMut(&Value, &Path, &mut Self)) {
        match value.as_array() {
            Some(list) => list.iter().enumerate().for_each(|(i, value)| visit(value, &at.index(i), self)),
            None => self.wrong_kind(at, value, "a list"),
        }
    }

    /// A value that is not even of the right kind.
    pub fn wrong_kind(&mut self, at: &Path, value: &Value, kind: &str) {
        self.wrong(at, value, &format!("is not {kind}"));
    }

    /// Which of these words stands there.
    pub fn word(&mut self, value: &Value, at: &Path, words: &[&str]) -> Option<usize> {
        let Some(text) = value.as_str() else {
            self.not_one_of(at, value, words);
            return None;
        };
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            self.wrong(at, value, &format!("is unknown{}", suggestion(text, words.iter().copied())));
        }
        found
    }

    /// The one key of an object, which says what it is, and what stands there.
    pub fn alternative<'v>(&mut self, value: &'v Value, at: &Path, names: &[&str]) -> Option<(&'v str, &'v Value)> {
        let object = match value {
            Value::Object(object) => object,
            Value::String(_) => {
                let is_known = self.word(value, at, names).is_some();
                if is_known {
                    self.wrong(at, value, "has no parameters");
                }
                return None;
            }
            _ => {
                self.not_one_of(at, value, names);
                return None;
            }
        };
        match object.iter().next() {
            Some((name, content)) if object.len() == 1 => {
                if names.contains(&name.as_str()) {
                    return Some((name, content));
                }
                let names = suggestion(name, names.iter().copied());
                self.wrong(at, value, &format!("has the unknown key `{name}`{names}"));
            }
            _ => {
                let keys = object.len();
                self.wrong(at, value, &format!("has {keys} keys (exactly one, which says what it is)"));
            }
        }
        None
    }

    fn not_one_of(&mut self, at: &Path, value: &Value, names: &[&str]) {
        self.wrong(at, value, &format!("is not one of `{}`", names.join("`, `")));
    }

    fn damage(&mut self, at: &Path) {
        if !self.problems.is_full() {
            self.damaged.push(at.to_string());
        }
    }
}

/// A value as JSON on one line, shortened if it is long.
fn shown(value: &Value) -> String {
    if let Value::Number(number) = value
        && let (true, Some(number)) = (number.is_f64(), number.as_f64())
    {
        return Number(number).to_string();
    }
    let text = json::compact(value);
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}

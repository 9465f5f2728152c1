//! Finds everything that cannot be read in a value, in the words of whoever writes a configuration, and mends the
//! value, so that what remains can be read.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{
    error::Problems,
    form::{Field, Form},
    near::suggestion,
    path::Path,
    resolve::Number,
};

/// Longest value that an error shows.
const SHOWN_CHARS_MAX: usize = 60;

/// Walks through a value along its form.
pub(super) struct Mender<'p> {
    problems: &'p mut Problems,
    damaged: Vec<String>,
}

impl<'p> Mender<'p> {
    pub fn new(problems: &'p mut Problems) -> Self {
        Self { problems, damaged: Vec::new() }
    }

    /// The places where something could not be read, as far as they are reported.
    pub fn into_damaged(self) -> Vec<String> {
        self.damaged
    }

    /// Mends a value where it must stay: if nothing can be made of it, the least that fits takes its place.
    pub fn mend_or_blank(&mut self, form: &Form, value: &mut Value, at: &Path) {
        if !self.mend(form, value, at) {
            *value = form.blank();
        }
    }

    /// Reports what is wrong with a value, and mends its parts; `false` if nothing can be made of the whole.
    fn mend(&mut self, form: &Form, value: &mut Value, at: &Path) -> bool {
        match form {
            Form::Anything => true,
            Form::Flag => self.is(value.is_boolean(), value, at, "true or false"),
            Form::Whole { is_wide } => self.whole(value, at, *is_wide),
            Form::Number => self.is(value.is_number(), value, at, "a number"),
            Form::Text => self.is(value.is_string(), value, at, "a string"),
            Form::Word(words) => self.word(value, at, words),
            Form::List(item) => match value {
                Value::Array(list) => self.items(item, list, at),
                _ => self.is(false, value, at, "a list"),
            },
            Form::Pair(item) => match value {
                Value::Array(list) if list.len() == 2 => self.items(item, list, at),
                _ => self.is(false, value, at, "a list of 2 values"),
            },
            Form::Record(fields) => match value {
                Value::Object(object) => self.fields(fields, object, at),
                _ => self.is(false, value, at, "an object"),
            },
            Form::Named(entry) => match value {
                Value::Object(object) => {
                    object.iter_mut().for_each(|(name, value)| self.mend_or_blank(entry, value, &at.key(name)));
                    true
                }
                _ => self.is(false, value, at, "an object whose keys are names"),
            },
            Form::Alternative(forms) => self.alternative(forms, value, at),
            Form::Optional(form) => {
                if !value.is_null() {
                    self.mend_or_blank(form, value, at);
                }
                true
            }
            Form::Again(form) => form.get().is_none_or(|form| self.mend(form, value, at)),
            Form::Notation(_, Some(form)) if value.is_object() => self.mend(form, value, at),
            Form::Notation(notation, _) => match (notation.fits)(value) {
                Ok(()) => true,
                Err(rule) => self.wrong(at, value, &rule.to_string()),
            },
        }
    }

    fn items(&mut self, form: &Form, list: &mut [Value], at: &Path) -> bool {
        list.iter_mut().enumerate().for_each(|(i, item)| self.mend_or_blank(form, item, &at.index(i)));
        true
    }

    /// Takes out what is unknown, or cannot be read and need not be there, and puts in what is missing.
    fn fields(&mut self, fields: &IndexMap<String, Field>, object: &mut Map<String, Value>, at: &Path) -> bool {
        object.retain(|name, value| match fields.get(name) {
            Some(field) if field.is_required => {
                self.mend_or_blank(&field.form, value, &at.key(name));
                true
            }
            Some(field) => self.mend(&field.form, value, &at.key(name)),
            None => {
                let names = suggestion(name, fields.keys());
                self.wrong(&at.key(name), value, &format!("stands in an unknown field{names}"))
            }
        });
        for (name, field) in fields.iter().filter(|(_, field)| field.is_required) {
            if !object.contains_key(name) {
                self.damage(&at.key(name));
                self.problems.report(&at.key(name), "is missing");
                object.insert(name.clone(), field.form.blank());
            }
        }
        true
    }

    /// A whole number, however it is written: `1000`, `1000.0` or `1e3`. What no integer holds becomes the nearest one
    /// there is: what the field itself allows is for `resolve` to say, and is said in place of this.
    fn whole(&mut self, value: &mut Value, at: &Path, is_wide: bool) -> bool {
        let number = value.as_f64().filter(|number| number.fract() == 0.0);
        match (number, is_wide) {
            (Some(_), true) if value.is_u64() => {}
            (Some(number), true) if number >= 0.0 => {
                if number >= u64::MAX as f64 {
                    self.wrong(at, value, "is too large (at most 2^64 - 1)");
                }
                *value = (number as u64).into();
            }
            (_, true) => return self.is(false, value, at, "a whole number, 0 or more"),
            (Some(number), false) => {
                if number < 0.0 {
                    self.wrong(at, value, "is too few (at least 0)");
                } else if number > f64::from(u32::MAX) {
                    self.wrong(at, value, "is too many (at most 4294967295)");
                }
                *value = (number as u32).into();
            }
            (None, false) => return self.is(false, value, at, "a whole number"),
        }
        true
    }

    fn word(&mut self, value: &Value, at: &Path, words: &[String]) -> bool {
        match value.as_str() {
            Some(text) if words.iter().any(|word| word == text) => true,
            Some(text) => {
                let names = suggestion(text, words);
                self.wrong(at, value, &format!("is unknown{names}"))
            }
            None => self.not_one_of(at, value, words),
        }
    }

    /// An object with one key, which says what it is.
    fn alternative(&mut self, forms: &IndexMap<String, Arc<Form>>, value: &mut Value, at: &Path) -> bool {
        let names: Vec<String> = forms.keys().cloned().collect();
        let object = match value {
            Value::Object(object) => object,
            Value::String(_) => return self.word(value, at, &names) && self.wrong(at, value, "has no parameters"),
            _ => return self.not_one_of(at, value, &names),
        };
        let keys = object.len();
        let rule = match object.iter_mut().next() {
            Some((name, content)) if keys == 1 => match forms.get(name) {
                Some(form) => {
                    self.mend_or_blank(form, content, &at.key(name));
                    return true;
                }
                None => {
                    let names = suggestion(name, &names);
                    format!("has the unknown key `{name}`{names}")
                }
            },
            _ => format!("has {keys} keys (exactly one, which says what it is)"),
        };
        self.wrong(at, value, &rule)
    }

    fn not_one_of(&mut self, at: &Path, value: &Value, words: &[String]) -> bool {
        self.wrong(at, value, &format!("is not one of `{}`", words.join("`, `")))
    }

    /// A value that must be of a kind.
    fn is(&mut self, is_right: bool, value: &Value, at: &Path, kind: &str) -> bool {
        is_right || self.wrong(at, value, &format!("is not {kind}"))
    }

    /// A value breaks a rule.
    fn wrong(&mut self, at: &Path, value: &Value, rule: &str) -> bool {
        self.damage(at);
        self.problems.found(at, shown(value), rule);
        false
    }

    fn damage(&mut self, at: &Path) {
        if !self.problems.is_full() {
            self.damaged.push(at.to_string());
        }
    }
}

/// A value as JSON on one line, shortened if it is long.
pub(super) fn shown(value: &Value) -> String {
    if let Some(number) = value.as_f64().filter(|_| value.is_f64()) {
        return Number(number).to_string();
    }
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}

//! The definitions of a broker as they are exported: JSON, with the lines in which its objects stand.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::import::notes::Notes;

/// Objects of one list of the definitions, each with its line.
pub type Objects = Vec<(usize, Map<String, Value>)>;

/// The lists that definitions have, by name.
#[derive(Debug, Default)]
pub struct Definitions {
    lists: BTreeMap<String, Objects>,
}

impl Definitions {
    /// Reads a text; `None`, and a note, if it is no JSON.
    pub fn parse(text: &str, notes: &mut Notes) -> Option<Self> {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                notes.at(error.line(), "is not JSON");
                return None;
            }
        };
        let lines = lines(text);
        let mut lists = BTreeMap::new();
        for (key, value) in value.as_object()? {
            let Value::Array(list) = value else { continue };
            let own = lines.get(key.as_str()).cloned().unwrap_or_default();
            let objects = list.iter().enumerate().filter_map(|(i, entry)| {
                let Value::Object(object) = entry else { return None };
                Some((own.get(i).copied().unwrap_or(1), object.clone()))
            });
            lists.insert(key.clone(), objects.collect());
        }
        Some(Self { lists })
    }

    /// The objects of a list; none if there is no such list.
    pub fn list(&self, name: &str) -> &[(usize, Map<String, Value>)] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Lists that are none of these, with the line of their first object.
    pub fn others<'d>(&'d self, known: &'d [&str]) -> impl Iterator<Item = (&'d str, usize)> {
        let others = self.lists.iter().filter(move |(name, list)| !known.contains(&name.as_str()) && !list.is_empty());
        others.map(|(name, list)| (name.as_str(), list[0].0))
    }
}

/// A text of an object.
pub fn text<'o>(object: &'o Map<String, Value>, key: &str) -> &'o str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// In which line each entry of each list begins. (The text is JSON.)
fn lines(text: &str) -> BTreeMap<&str, Vec<usize>> {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let (mut line, mut depth, mut key) = (1, 0, "");
    let mut rest = text.char_indices();
    while let Some((at, sign)) = rest.next() {
        match sign {
            '\n' => line += 1,
            '"' => {
                let (begin, mut end) = (at + 1, at + 1);
                while let Some((place, inner)) = rest.next() {
                    end = place;
                    match inner {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
                // (Where lists have names, whatever text comes last before one is its name.)
                if depth == 1 {
                    key = &text[begin..end];
                }
            }
            '{' | '[' => {
                if depth == 2 {
                    found.entry(key).or_default().push(line);
                }
                depth += 1;
            }
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_lines() {
        let text = "{\n\"queues\": [\n{\"name\": \"a\\\"{\"},\n\n{\"name\":\n\"b\", \"arguments\": {}}],\n\"x\": \"y\", \"users\": [ {} ] }";
        let definitions = Definitions::parse(text, &mut Notes::default()).expect("JSON");
        let found: Vec<_> =
            definitions.list("queues").iter().map(|(line, it)| (*line, super::text(it, "name"))).collect();
        assert_eq!(found, [(3, "a\"{"), (5, "b")]);
        assert_eq!(definitions.others(&["queues"]).collect::<Vec<_>>(), [("users", 7)]);
        assert!(Definitions::parse("{", &mut Notes::default()).is_none());
        assert!(Definitions::parse("[]", &mut Notes::default()).is_none());
    }
}

//! YAML with the lines in which its values stand.

use saphyr_parser::{Event, Parser};

use crate::{config::limits::TEXT_BYTES_MAX, import::notes::Notes};

/// Values within values that are read.
const DEPTH_MAX: usize = 64;

/// A value and its line.
#[derive(Debug, PartialEq)]
pub struct Node {
    pub line: usize,
    pub content: Content,
}

#[derive(Debug, PartialEq)]
pub enum Content {
    /// Text, numbers and words alike.
    Text(String),
    List(Vec<Node>),
    /// Keys in order, each with the line in which it stands.
    Map(Vec<(usize, String, Node)>),
}

impl Node {
    /// The entries of a map; none if it is no map.
    pub fn entries(&self) -> &[(usize, String, Node)] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The values of a list; none if it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(_, name, _)| name == key).map(|(.., node)| node)
    }

    /// A text, or nothing.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            _ => "",
        }
    }
}

/// A list or a map that is not over yet.
struct Open {
    node: Node,
    /// The key whose value comes next.
    key: Option<(usize, String)>,
}

impl Open {
    fn new(line: usize, content: Content) -> Self {
        Self { node: Node { line, content }, key: None }
    }

    /// Takes a value; a map takes a key and then its value.
    fn take(&mut self, value: Node) {
        match (&mut self.node.content, self.key.take()) {
            (Content::List(items), _) => items.push(value),
            (Content::Map(entries), Some((line, key))) => entries.push((line, key, value)),
            (Content::Map(_), None) => self.key = Some((value.line, value.text().to_owned())),
            (Content::Text(_), _) => {}
        }
    }
}

/// Reads the first document of a text; `None`, and a note, if it is none.
pub fn parse(text: &str, notes: &mut Notes) -> Option<Node> {
    if text.len() > TEXT_BYTES_MAX {
        notes.say("the text is too long");
        return None;
    }
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                notes.at(error.marker().line(), "is not YAML");
                return None;
            }
        };
        let line = span.start.line();
        let done = match event {
            Event::MappingStart(..) => {
                open.push(Open::new(line, Content::Map(Vec::new())));
                None
            }
            Event::SequenceStart(..) => {
                open.push(Open::new(line, Content::List(Vec::new())));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop().map(|it| it.node),
            Event::Scalar(text, ..) => Some(Node { line, content: Content::Text(text.into_owned()) }),
            Event::Alias(_) => {
                notes.at(line, "an alias is not followed");
                Some(Node { line, content: Content::Text(String::new()) })
            }
            _ => None,
        };
        if open.len() > DEPTH_MAX {
            notes.say(format!("blocks stand in blocks more than {DEPTH_MAX} deep"));
            return None;
        }
        match (done, open.last_mut()) {
            (Some(node), Some(around)) => around.take(node),
            (Some(node), None) => return Some(node),
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Node> {
        parse(text, &mut Notes::default())
    }

    #[test]
    fn values_have_lines() {
        let text = "# first\nscope: a\nbootstrap:\n  dcs:\n    ttl: 30 # s\nhosts:\n- x\n- {y: \"1\"}\n---\nmore: 1\n";
        let root = read(text).expect("YAML");
        let lines: Vec<_> = root.entries().iter().map(|(line, key, _)| (*line, key.as_str())).collect();
        assert_eq!(lines, [(2, "scope"), (3, "bootstrap"), (6, "hosts")]);
        let ttl = root.get("bootstrap").and_then(|it| it.get("dcs")).and_then(|it| it.get("ttl")).expect("said");
        assert_eq!((ttl.line, ttl.text()), (5, "30"));
        let hosts = root.get("hosts").expect("said").items();
        assert_eq!((hosts[0].text(), hosts[1].line, hosts[1].get("y").map(Node::text)), ("x", 8, Some("1")));
    }

    #[test]
    fn what_is_no_yaml_is_told() {
        for wrong in ["a: [", "a: b: c", "{"] {
            let mut notes = Notes::default();
            assert_eq!(parse(wrong, &mut notes), None, "{wrong}");
            assert_eq!(notes.in_order().len(), 1, "{wrong}");
        }
        assert_eq!(read(""), None);
        assert_eq!(read(&"[".repeat(100_000)), None);
        assert_eq!(read(&"- ".repeat(100)), None);
    }

    #[test]
    fn aliases_are_told() {
        let mut notes = Notes::default();
        let root = parse("a: &x {b: 1}\nc: *x\n", &mut notes).expect("YAML");
        assert_eq!((root.get("c").map(Node::text), notes.in_order()[0].line), (Some(""), Some(2)));
    }
}

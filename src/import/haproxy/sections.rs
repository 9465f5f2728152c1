//! What a configuration of HAProxy is made of: sections of lines of words.

use super::super::{
    lines::{Comments, Line, lines},
    notes::Notes,
};

/// A section and its lines; a proxy has those of the last `defaults` before it, too.
#[derive(Debug)]
pub struct Section {
    pub kind: String,
    pub name: String,
    pub number: usize,
    pub defaults: Vec<Line>,
    pub lines: Vec<Line>,
}

/// Sections of which something is read, and others.
const KINDS: [&str; 18] = [
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "userlist",
    "peers",
    "resolvers",
    "mailers",
    "cache",
    "program",
    "http-errors",
    "ring",
    "log-forward",
    "fcgi-app",
    "crt-list",
    "crt-store",
    "traces",
];

/// Reads a text.
pub fn parse(text: &str, notes: &mut Notes) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut defaults: Vec<Line> = Vec::new();
    for line in lines(text, Comments::Anywhere) {
        let (number, first) = (line.number, line.word(0).to_owned());
        if KINDS.contains(&first.as_str()) {
            if let Some(last) = sections.last().filter(|last| last.kind == "defaults") {
                defaults.clone_from(&last.lines);
            }
            let name = line.word(1).to_owned();
            sections.push(Section { kind: first, name, number, defaults: defaults.clone(), lines: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.lines.push(line);
        } else {
            notes.at(number, "stands before the first section");
        }
    }
    sections
}

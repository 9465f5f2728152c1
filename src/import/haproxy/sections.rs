//! What a configuration of HAProxy is made of: sections of lines of words.

use super::super::notes::Notes;

/// A line of a section.
#[derive(Clone, Debug)]
pub struct Line {
    pub number: usize,
    pub words: Vec<String>,
}

impl Line {
    /// A word, or nothing.
    pub fn word(&self, place: usize) -> &str {
        self.words.get(place).map_or("", String::as_str)
    }
}

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
    for (text, number) in text.lines().zip(1..) {
        let line = Line { number, words: words(text) };
        let Some(first) = line.words.first() else { continue };
        if KINDS.contains(&first.as_str()) {
            if let Some(last) = sections.last().filter(|last| last.kind == "defaults") {
                defaults.clone_from(&last.lines);
            }
            let (kind, name) = (first.clone(), line.word(1).to_owned());
            sections.push(Section { kind, name, number, defaults: defaults.clone(), lines: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.lines.push(line);
        } else {
            notes.at(number, "stands before the first section");
        }
    }
    sections
}

/// The words of a line: quotes hold together, a backslash takes the next sign as it is, and `#` begins a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_word) = (Vec::new(), String::new(), false);
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', None | Some('"')) => word.extend(letters.next()),
            (_, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => word.push(letter),
            ('"' | '\'', None) => quote = Some(letter),
            ('#', None) => break,
            (_, None) if letter.is_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
                continue;
            }
            (_, None) => word.push(letter),
        }
        is_word = true;
    }
    if is_word {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_quotes_and_comments() {
        assert_eq!(words("  server a 10.0.0.1:80 check # the first"), ["server", "a", "10.0.0.1:80", "check"]);
        assert_eq!(words(r#"acl x path_beg "/a b" '' c\ d"#), ["acl", "x", "path_beg", "/a b", "", "c d"]);
        assert_eq!(words("   # nothing"), [""; 0]);
    }
}

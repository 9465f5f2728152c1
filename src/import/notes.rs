//! Notes on what was assumed, and on what was not taken over.

use std::{collections::BTreeMap, fmt};

/// Most notes that somebody reads; the rest is counted.
const NOTES_MAX: usize = 500;
/// Lines that are listed of a word.
const LINES_MAX: usize = 5;

/// Something that whoever imports should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The line of the text that it is about, counted from 1.
    pub line: Option<usize>,
    /// What there is to say of it.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Notes that are being taken.
#[derive(Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    /// Words that play no part in a simulation, and their lines.
    idle: BTreeMap<String, Vec<usize>>,
    /// Notes that were too many.
    more: usize,
}

impl Notes {
    /// Something about a line.
    pub fn at(&mut self, line: usize, text: impl Into<String>) {
        self.push(Note { line: Some(line), text: text.into() });
    }

    /// Something about the whole.
    pub fn say(&mut self, text: impl Into<String>) {
        self.push(Note { line: None, text: text.into() });
    }

    // (Out of line, as what follows: all that is said of words would be as many copies.)
    #[inline(never)]
    fn push(&mut self, note: Note) {
        match self.notes.len() < NOTES_MAX {
            true => self.notes.push(note),
            false => self.more += 1,
        }
    }

    /// A word that plays no part in a simulation: all of them make one note.
    #[inline(never)]
    pub fn idle(&mut self, line: usize, word: &str) {
        if self.idle.len() < NOTES_MAX || self.idle.contains_key(word) {
            self.idle.entry(shortened(word)).or_default().push(line);
        }
    }

    /// By line, and what is about the whole at the end.
    pub fn in_order(mut self) -> Vec<Note> {
        if !self.idle.is_empty() {
            let words: Vec<String> = self.idle.iter().map(|(word, lines)| listed(word, lines)).collect();
            self.notes.push(Note { line: None, text: format!("plays no part here: {}", words.join(", ")) });
        }
        if self.more > 0 {
            self.notes.push(Note { line: None, text: format!("{} further notes are left out", self.more) });
        }
        self.notes.sort_by_key(|note| note.line.unwrap_or(usize::MAX));
        self.notes
    }
}

/// A word and where it stands.
fn listed(word: &str, lines: &[usize]) -> String {
    let mut shown: Vec<String> = lines.iter().take(LINES_MAX).map(usize::to_string).collect();
    if lines.len() > LINES_MAX {
        shown.push(format!("and {} more", lines.len() - LINES_MAX));
    }
    let plural = if lines.len() > 1 { "s" } else { "" };
    format!("{word} (line{plural} {})", shown.join(", "))
}

/// A word as it is quoted: nobody reads hundreds of letters of it.
#[inline(never)]
pub fn shortened(word: &str) -> String {
    const CHARS: usize = 60;
    match word.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}

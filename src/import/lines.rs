//! Texts that are lines of words: HAProxy's, Redis' and Sentinel's.

/// A line that says something.
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

/// Where a `#` begins a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Anywhere outside quotes.
    Anywhere,
    /// At the beginning of a line only, so that passwords may have one.
    AtTheBeginning,
}

/// The lines of a text that say something.
pub fn lines(text: &str, comments: Comments) -> impl Iterator<Item = Line> {
    let all = text.lines().zip(1..);
    all.map(move |(text, number)| Line { number, words: words(text, comments) }).filter(|line| !line.words.is_empty())
}

/// The words of a line: quotes hold together, and a backslash takes the next sign as it is.
fn words(line: &str, comments: Comments) -> Vec<String> {
    if line.trim_start().starts_with('#') {
        return Vec::new();
    }
    let (mut words, mut word, mut is_word) = (Vec::new(), String::new(), false);
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', None | Some('"')) => word.extend(letters.next()),
            (_, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => word.push(letter),
            ('"' | '\'', None) => quote = Some(letter),
            ('#', None) if comments == Comments::Anywhere => break,
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
        let words = |line| words(line, Comments::Anywhere);
        assert_eq!(words("  server a 10.0.0.1:80 check # the first"), ["server", "a", "10.0.0.1:80", "check"]);
        assert_eq!(words(r#"acl x path_beg "/a b" '' c\ d"#), ["acl", "x", "path_beg", "/a b", "", "c d"]);
        assert_eq!(words("   # nothing"), [""; 0]);
    }

    #[test]
    fn a_password_may_have_what_begins_a_comment_elsewhere() {
        let words = |line| words(line, Comments::AtTheBeginning);
        assert_eq!(words("requirepass a #b"), ["requirepass", "a", "#b"]);
        assert_eq!(words(" # save 60 1"), [""; 0]);
    }

    #[test]
    fn empty_lines_are_counted_and_left_out() {
        let found: Vec<_> = lines("a\n\n#\n b c\n", Comments::Anywhere).map(|it| (it.number, it.words)).collect();
        assert_eq!(found, [(1, vec!["a".to_owned()]), (4, vec!["b".to_owned(), "c".to_owned()])]);
    }
}

//! Just enough of a reader of Rust to find paths, words and functions.

/// A file of the repository.
pub struct Source {
    /// From the repository's root.
    pub path: String,
    /// As it is written.
    pub text: String,
    /// The same with comments and the insides of literals blanked out; lines stay where they are.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: blank(text) }
    }

    /// The module of the crate's root that the file belongs to; `None` outside `src`.
    pub fn module(&self) -> Option<&str> {
        self.module_path().first().copied()
    }

    /// The file's module, as names from the crate's root down.
    fn module_path(&self) -> Vec<&str> {
        let Some(inner) = self.path.strip_prefix("src/").and_then(|inner| inner.strip_suffix(".rs")) else {
            return Vec::new();
        };
        inner.split('/').filter(|&name| name != "mod").collect()
    }
}

impl Source {
    /// Modules below one of the crate's root that a file inside it names, by whatever path.
    pub fn named_below(&self, root: &str) -> Vec<(usize, &str)> {
        let depth = self.module_path().len();
        let mut named = Vec::new();
        for (at, _) in self.code.match_indices("::") {
            let before = self.code[..at].trim_end();
            let word = before.rsplit(|c| !is_word(c)).next().unwrap_or("");
            // (In a list of what is used of the crate its path is not beside it.)
            if word == root || supers_at_the_end(before) + 1 == depth {
                let line = before.matches('\n').count() + 1;
                let names = first_names(&self.code[at + 2..]).into_iter().filter(|name| !["", "super"].contains(name));
                named.extend(names.map(|name| (line, name)));
            }
        }
        named
    }
}

/// How many `super` a path consists of; 0 if of anything else too.
fn supers_at_the_end(path: &str) -> usize {
    let start = path.rfind(|c: char| !is_word(c) && c != ':').map_or(0, |at| at + 1);
    let mut words = path[start..].split("::");
    if words.clone().all(|word| word == "super") { words.by_ref().count() } else { 0 }
}

/// Blanks out comments, and the insides of string and character literals.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = literal_or_comment(rest, code.chars().next_back());
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

/// Length of the comment or literal with which a text begins; 0 if it begins with something else.
fn literal_or_comment(text: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(text.len(), |end| end + 2);
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    if text.starts_with('r') && !in_word {
        let hashes = text[1..].chars().take_while(|&c| c == '#').count();
        if text[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = 2 + hashes;
            return text[inside..].find(&end).map_or(text.len(), |at| inside + at + end.len());
        }
    }
    // A quote begins a character literal if one more follows; else it is a lifetime.
    let mut characters = text.chars();
    let is_character = characters.next() == Some('\'')
        && match characters.next() {
            Some('\\') => true,
            Some(_) => characters.next() == Some('\''),
            None => false,
        };
    if is_character { quoted(text, '\'') } else { 0 }
}

/// Length of a literal between two quotes, with its escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Words of a file's code, each with its line.
pub fn identifiers(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.code.lines().enumerate();
    lines.flat_map(|(line, code)| {
        code.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(move |word| (line + 1, word))
    })
}

/// Modules of the crate's root that a file names by a path from `crate`, or from `super` up to the root.
pub fn modules_named(source: &Source) -> Vec<(usize, &str)> {
    let depth = source.module_path().len();
    let mut named = Vec::new();
    for (at, _) in source.code.match_indices("::") {
        let before = source.code[..at].trim_end();
        let after = &source.code[at + 2..];
        if reaches_root(before, depth) {
            let line = before.matches('\n').count() + 1;
            named.extend(first_names(after).into_iter().map(|name| (line, name)));
        }
    }
    named
}

/// Whether a path that ends so stands at the crate's root.
fn reaches_root(path: &str, depth: usize) -> bool {
    let mut rest = path;
    let mut supers = 0;
    loop {
        let word = rest.rsplit(|c| !is_word(c)).next().unwrap_or("");
        rest = rest[..rest.len() - word.len()].trim_end();
        match word {
            "crate" => return supers == 0,
            "super" => supers += 1,
            _ => return supers > 0 && supers == depth,
        }
        match rest.strip_suffix("::") {
            Some(shorter) => rest = shorter.trim_end(),
            None => return supers == depth,
        }
    }
}

/// The name, or the first names in the braces, with which the rest of a path begins.
fn first_names(rest: &str) -> Vec<&str> {
    let rest = rest.trim_start();
    let Some(group) = rest.strip_prefix('{') else {
        return vec![rest.split(|c| !is_word(c)).next().unwrap_or("")];
    };
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                names.push(group[start..at].trim().split(|c| !is_word(c)).next().unwrap_or(""));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// Functions of a file, from the line of `fn` to that of the closing brace.
pub fn functions(source: &Source) -> Vec<Function> {
    let code = &source.code;
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let name: String = code[at + 3..].chars().take_while(|&c| is_word(c)).collect();
        if name.is_empty() || code[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        // (A semicolon inside brackets belongs to an array's type.)
        let mut brackets = 0;
        let body = code[at..].char_indices().find(|&(_, c)| {
            brackets += i32::from(c == '[') - i32::from(c == ']');
            c == '{' || (c == ';' && brackets == 0)
        });
        let Some((start, '{')) = body else { continue };
        let mut depth = 0;
        let end = code[at + start..].char_indices().find(|&(_, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0
        });
        let end = end.map_or(code.len(), |(end, _)| at + start + end);
        let line = code[..at].matches('\n').count() + 1;
        found.push(Function { name, line, lines: code[at..end].matches('\n').count() + 1 });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank() {
        let text = "let a = \"x\\\"y\"; // z\nlet b = r#\"u\"v\"#; 'c: loop { '\"'; '\\''; } /* w\nw */ d";
        let code = blank(text);
        assert_eq!(code.matches('\n').count(), 2);
        let words: Vec<&str> = code.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect();
        assert_eq!(words, ["let", "a", "let", "b", "c", "loop", "d"]);
    }

    #[test]
    fn functions_and_their_lengths() {
        let text = "trait A {\n    fn none(&self);\n    fn array(a: [u8; 3]) -> [u8; 3] { a }\n}\n\
                    pub fn long<T>(x: T)\nwhere\n    T: Copy,\n{\n    if a { b } else { \"}\" }\n    // }\n}\n";
        let found: Vec<(String, usize, usize)> = functions(&Source::new("src/a.rs", text))
            .into_iter()
            .map(|function| (function.name, function.line, function.lines))
            .collect();
        assert_eq!(found, [("array".to_owned(), 3, 1), ("long".to_owned(), 5, 7)]);
    }
}

//! Where in a configuration something stands.

use std::fmt;

use super::error::quoted;

/// A place in a configuration, built on the stack while walking down; it becomes text only when it is displayed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    /// The whole configuration.
    Root,
    /// A field, or an entry of a map.
    Key(&'a Path<'a>, &'a str),
    /// An element of a list.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// A field of this object.
    pub const fn key(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    /// An element of this list.
    pub const fn index(&'a self, index: usize) -> Path<'a> {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(parent, key) => {
                parent.fmt(f)?;
                write_key(f, key, matches!(parent, Path::Root))
            }
            Path::Index(parent, index) => {
                parent.fmt(f)?;
                write!(f, "[{index}]")
            }
        }
    }
}

/// Writes a key: `.name`, or `["odd name"]` where a dot would be misread.
fn write_key(f: &mut fmt::Formatter, key: &str, is_first: bool) -> fmt::Result {
    let is_plain_key = !key.is_empty() && key.chars().all(is_plain);
    match (is_plain_key, is_first) {
        (true, true) => f.write_str(key),
        (true, false) => write!(f, ".{key}"),
        (false, _) => write!(f, "[{}]", quoted(key)),
    }
}

/// A character that cannot be misread between dots. The page's editor goes by the same rule (`parts/editor/path.js`).
fn is_plain(character: char) -> bool {
    matches!(character, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' | '$') || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_take_dots_and_odd_ones_brackets() {
        let services = Path::Root.key("services");
        assert_eq!(services.key("Shop").key("calls").index(2).to_string(), "services.Shop.calls[2]");
        assert_eq!(services.key("Касса-1").key("workers").to_string(), "services.Касса-1.workers");
        assert_eq!(services.key("a.b c").to_string(), "services[\"a.b c\"]");
        assert_eq!(services.key("").to_string(), "services[\"\"]");
        assert_eq!(Path::Root.key("a b").to_string(), "[\"a b\"]");
    }
}

//! Patterns of policies: the part of regular expressions of which most of them are made.

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What may stand there: one of several sequences.
    branches: Vec<Sequence>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sequence {
    begins: bool,
    ends: bool,
    parts: Vec<Part>,
}

/// A sign, and how often it may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    /// `None` is any.
    sign: Option<char>,
    least: usize,
    is_repeated: bool,
}

/// Longest pattern that is read.
const SIGNS_MAX: usize = 200;

impl Pattern {
    /// Letters, `.`, `\.`, `*`, `+`, `?`, `^` and `$` at the ends, and `|` between whole patterns; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() > SIGNS_MAX {
            return None;
        }
        // (A group around all of it changes nothing.)
        let inner = text.strip_prefix("^(").and_then(|rest| rest.strip_suffix(")$"));
        let branches = inner.map_or_else(
            || text.split('|').map(Sequence::parse).collect(),
            |inner| inner.split('|').map(|branch| Sequence::parse(&format!("^{branch}$"))).collect(),
        );
        Option::map(branches, |branches| Self { branches })
    }

    /// Whether a name has it somewhere.
    pub fn matches(&self, name: &str) -> bool {
        let signs: Vec<char> = name.chars().collect();
        self.branches.iter().any(|branch| branch.matches(&signs))
    }
}

impl Sequence {
    fn parse(text: &str) -> Option<Self> {
        let mut sequence = Self::default();
        let mut rest = text;
        if let Some(after) = rest.strip_prefix('^') {
            (sequence.begins, rest) = (true, after);
        }
        if rest.ends_with('$') && !rest.ends_with("\\$") {
            (sequence.ends, rest) = (true, &rest[..rest.len() - 1]);
        }
        let mut signs = rest.chars();
        while let Some(sign) = signs.next() {
            let once = |sign| Part { sign, least: 1, is_repeated: false };
            match sign {
                '.' => sequence.parts.push(once(None)),
                '\\' => {
                    let escaped = signs.next().filter(|sign| !sign.is_alphanumeric())?;
                    sequence.parts.push(once(Some(escaped)));
                }
                '*' | '+' | '?' => {
                    let part = sequence.parts.last_mut().filter(|part| part.least == 1 && !part.is_repeated)?;
                    (part.least, part.is_repeated) = (usize::from(sign == '+'), sign != '?');
                }
                '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
                _ => sequence.parts.push(once(Some(sign))),
            }
        }
        Some(sequence)
    }

    fn matches(&self, signs: &[char]) -> bool {
        // Whether the parts up to here fit some part of the name that ends there, for each place.
        let mut fits: Vec<bool> = (0..=signs.len()).map(|place| place == 0 || !self.begins).collect();
        for part in &self.parts {
            let is_it = |place: usize| part.sign.is_none_or(|sign| sign == signs[place]);
            let mut next = if part.least == 0 { fits.clone() } else { vec![false; fits.len()] };
            for place in 0..signs.len() {
                let may_come = fits[place] || (part.is_repeated && next[place]);
                next[place + 1] |= may_come && is_it(place);
            }
            fits = next;
        }
        if self.ends { fits[signs.len()] } else { fits.contains(&true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names() {
        for (pattern, name, expected) in [
            ("", "anything", true),
            (".*", "anything", true),
            ("^orders$", "orders", true),
            ("^orders$", "my.orders", false),
            ("orders", "my.orders.eu", true),
            ("^orders\\.", "orders.eu", true),
            ("^orders\\.", "orders-eu", false),
            ("^orders.", "orders-eu", true),
            ("^a.*z$", "abcz", true),
            ("^a.*z$", "abc", false),
            ("^ab+c$", "abbbc", true),
            ("^ab+c$", "ac", false),
            ("^ab?c$", "ac", true),
            ("^ab*$", "a", true),
            ("^a|z$", "buzz", true),
            ("^(one|two)$", "two", true),
            ("^(one|two)$", "twofold", false),
        ] {
            assert_eq!(Pattern::parse(pattern).expect(pattern).matches(name), expected, "{pattern} {name}");
        }
        for pattern in ["[a-z]+", "a{3}", "(?!amq).*", "^\\w+$", "*", "a**", "(a)b"] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }
}

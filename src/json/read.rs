//! JSON text to a value.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::decimal;

/// Deepest nesting, as in serde_json: what is deeper might exhaust the stack.
const DEPTH_MAX: usize = 127;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

impl std::error::Error for JsonError {}

/// The value of a text. Of a key that stands twice in an object the last value is kept; `twice` is told of it, with the
/// keys and indices that lead to it.
pub fn parse(text: &str, twice: &mut dyn FnMut(&[Step])) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0, steps: Vec::new(), twice };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.error("trailing characters")),
    }
}

/// A step down from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a field of an object.
    Key(String),
    /// To an element of a list.
    Index(usize),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where in the value the reader is; as many steps as the nesting is deep.
    steps: Vec<Step>,
    twice: &'t mut dyn FnMut(&[Step]),
}

type Result<T, E = JsonError> = std::result::Result<T, E>;

impl Reader<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space; the reader stays in front of it.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// An error about the next byte, or about the end of the text.
    fn error(&self, what: &'static str) -> JsonError {
        let end = (self.at + 1).min(self.text.len());
        let before = &self.text.as_bytes()[..end];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        JsonError { what, line, column: end - line_start }
    }

    fn value(&mut self) -> Result<Value> {
        match self.peek() {
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[' | b'{') if self.steps.len() == DEPTH_MAX => Err(self.error("recursion limit exceeded")),
            Some(b'[') => self.list(),
            Some(b'{') => self.object(),
            Some(_) => Err(self.error("expected value")),
            None => Err(self.error("EOF while parsing a value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value> {
        for expected in word.bytes() {
            match self.byte() {
                Some(byte) if byte == expected => self.at += 1,
                Some(_) => return Err(self.error("expected ident")),
                None => return Err(self.error("EOF while parsing a value")),
            }
        }
        Ok(value)
    }

    fn digits(&mut self) -> Result<()> {
        if !matches!(self.byte(), Some(b'0'..=b'9')) {
            let what = if self.byte().is_none() { "EOF while parsing a value" } else { "invalid number" };
            return Err(self.error(what));
        }
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
            if let Some(b'0'..=b'9') = self.byte() {
                return Err(self.error("invalid number"));
            }
        } else {
            self.digits()?;
        }
        let whole = self.at;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if self.at == whole && text != "-0" {
            if let Ok(number) = text.parse::<u64>() {
                return Ok(number.into());
            }
            if let Ok(number) = text.parse::<i64>() {
                return Ok(number.into());
            }
        }
        let number = decimal::parse(text).and_then(Number::from_f64);
        number.map(Value::Number).ok_or_else(|| self.error("number out of range"))
    }

    fn string(&mut self) -> Result<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while self.byte().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
                self.at += 1;
            }
            string.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => {
                    self.at += 1;
                    string.push(self.escaped()?);
                }
                Some(_) => {
                    return Err(self.error("control character (\\u0000-\\u001F) found while parsing a string"));
                }
                None => return Err(self.error("EOF while parsing a string")),
            }
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<char> {
        let Some(byte) = self.byte() else {
            return Err(self.error("EOF while parsing a string"));
        };
        let character = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return Err(self.error("invalid escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// A code point in one `uXXXX`, or in two with a backslash between them.
    fn code_point(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.error("lone leading surrogate in hex escape"));
        }
        if self.text.as_bytes().get(self.at..self.at + 2) != Some(b"\\u") {
            return Err(self.error("unexpected end of hex escape"));
        }
        self.at += 1;
        let second = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(self.error("lone leading surrogate in hex escape"));
        }
        let joined = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(joined).ok_or_else(|| self.error("invalid unicode code point"))
    }

    fn four_digits(&mut self) -> Result<u32> {
        let mut number = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                let what = if self.byte().is_none() { "EOF while parsing a string" } else { "invalid escape" };
                return Err(self.error(what));
            };
            number = number * 16 + digit;
        }
        self.at += 1;
        Ok(number)
    }

    fn list(&mut self) -> Result<Value> {
        self.at += 1;
        let mut list = Vec::new();
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                return Ok(Value::Array(list));
            }
            Some(_) => {}
            None => return Err(self.error("EOF while parsing a list")),
        }
        loop {
            self.steps.push(Step::Index(list.len()));
            list.push(self.value()?);
            self.steps.pop();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(list));
                }
                Some(_) => return Err(self.error("expected `,` or `]`")),
                None => return Err(self.error("EOF while parsing a list")),
            }
            if self.peek() == Some(b']') {
                return Err(self.error("trailing comma"));
            }
        }
    }

    fn object(&mut self) -> Result<Value> {
        self.at += 1;
        let mut object = Map::new();
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return Ok(Value::Object(object));
            }
            Some(_) => {}
            None => return Err(self.error("EOF while parsing an object")),
        }
        loop {
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => return Err(self.error("trailing comma")),
                Some(_) => return Err(self.error("key must be a string")),
                None => return Err(self.error("EOF while parsing a value")),
            }
            let key = self.string()?;
            match self.peek() {
                Some(b':') => self.at += 1,
                Some(_) => return Err(self.error("expected `:`")),
                None => return Err(self.error("EOF while parsing an object")),
            }
            self.steps.push(Step::Key(key.clone()));
            let value = self.value()?;
            if object.insert(key, value).is_some() {
                (self.twice)(&self.steps);
            }
            self.steps.pop();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(object));
                }
                Some(_) => return Err(self.error("expected `,` or `}`")),
                None => return Err(self.error("EOF while parsing an object")),
            }
        }
    }
}

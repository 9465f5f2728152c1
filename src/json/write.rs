//! A value to JSON text.

use std::fmt::Write;

use serde_json::{Number, Value};

use super::digits;

/// The value on one line, without spaces.
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, None);
    text
}

/// The value for people to read, two spaces for each level.
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, Some(0));
    text
}

/// A string as JSON.
pub fn quoted(string: &str) -> String {
    let mut text = String::new();
    write_string(&mut text, string);
    text
}

/// Writes a value that stands at that level; without a level, all on one line.
fn write(text: &mut String, value: &Value, level: Option<usize>) {
    let inner = level.map(|level| level + 1);
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(text, number),
        Value::String(string) => write_string(text, string),
        Value::Array(list) => {
            text.push('[');
            for (i, item) in list.iter().enumerate() {
                separate(text, i == 0, inner);
                write(text, item, inner);
            }
            end(text, list.is_empty(), level);
            text.push(']');
        }
        Value::Object(object) => {
            text.push('{');
            for (i, (key, item)) in object.iter().enumerate() {
                separate(text, i == 0, inner);
                write_string(text, key);
                text.push_str(if level.is_some() { ": " } else { ":" });
                write(text, item, inner);
            }
            end(text, object.is_empty(), level);
            text.push('}');
        }
    }
}

fn separate(text: &mut String, is_first: bool, level: Option<usize>) {
    if !is_first {
        text.push(',');
    }
    new_line(text, level);
}

fn end(text: &mut String, is_empty: bool, level: Option<usize>) {
    if !is_empty {
        new_line(text, level);
    }
}

fn new_line(text: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        text.push('\n');
        (0..level).for_each(|_| text.push_str("  "));
    }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..=' ' if character != ' ' => _ = write!(text, "\\u{:04x}", u32::from(character)),
            _ => text.push(character),
        }
    }
    text.push('"');
}

/// The shortest digits that are read back as the same number; whole ones of type float end in `.0`.
fn write_number(text: &mut String, number: &Number) {
    let written = match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(number), _, _) => number.to_string(),
        (_, Some(number), _) => number.to_string(),
        (_, _, Some(number)) if number == 0.0 || (1e-5..1e16).contains(&number.abs()) => {
            let point = if number.fract() == 0.0 { ".0" } else { "" };
            digits::plain(number) + point
        }
        (_, _, Some(number)) if number.abs() >= 1.0 => digits::scientific(number).replace('e', "e+"),
        (_, _, Some(number)) => digits::scientific(number),
        _ => String::new(),
    };
    text.push_str(&written);
}

//! JSON text to a value. A key that stands twice in an object is an error, which serde_json's own value would hide.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::path::Path;

/// The value of a text. Of a key that stands twice the last value counts; `twice` gets its place.
pub(super) fn parse(text: &str, twice: &mut Vec<String>) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Part { at: &Path::Root, twice }.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// A part of the text, at that place.
struct Part<'a> {
    at: &'a Path<'a>,
    twice: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Part { at: &self.at.index(list.len()), twice: self.twice })? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Part { at: &self.at.key(&key), twice: self.twice })?;
            if object.contains_key(&key) {
                self.twice.push(self.at.key(&key).to_string());
            }
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        parse(text, &mut Vec::new()).map_err(|error| error.to_string())
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let texts = [
            "null",
            " true ",
            "[1, -1, 18446744073709551615, 18446744073709551616, -9223372036854775809, 0.1, -0, 1e-400]",
            r#"{"b": 1, "a": [{}], "ё": "\u0416\ud83d\ude00"}"#,
            r#"{"a": 1, "a": 2}"#,
            "",
            "[1,]",
            "{\"a\" 1}",
            "1e400",
            "{} {}",
            "{\n  \"seed\": ,\n}",
            "NaN",
            &deep(127),
            &deep(128),
        ];
        for text in texts {
            let theirs = serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
            assert_eq!(read(text), theirs, "{text}");
        }
    }

    #[test]
    fn floats_are_exact() {
        for number in [0.1, 1e-7, 1.7976931348623157e308, 5e-324, -7_980_800_452_487_145.0 / 4.0] {
            assert_eq!(read(&json!(number).to_string()), Ok(json!(number)));
        }
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let mut twice = Vec::new();
        let text = r#"{"a": [0, {"b": 1, "b": 2}], "a": 3}"#;
        assert_eq!(parse(text, &mut twice).map_err(|error| error.to_string()), Ok(json!({ "a": 3 })));
        assert_eq!(twice, ["a[1].b", "a"]);
    }
}

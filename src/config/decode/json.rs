//! JSON text to a JSON value. A key that stands twice in an object is an error here, while serde_json keeps the last.

use std::{cell::RefCell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::{Path, Problems};

/// The value of a text, or `None` if the text is not JSON.
pub(super) fn parse(problems: &mut Problems, text: &str) -> Option<Value> {
    let shared = RefCell::new(std::mem::take(problems));
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Node { path: Path::Root, problems: &shared };
    let parsed = root.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    *problems = shared.into_inner();
    parsed.inspect_err(|error| problems.report(&Path::Root, format!("is not JSON: {error}"))).ok()
}

/// A value of the text, and where it stands.
struct Node<'p> {
    path: Path<'p>,
    problems: &'p RefCell<Problems>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) =
            seq.next_element_seed(Node { path: self.path.index(list.len()), problems: self.problems })?
        {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let path = self.path.key(&key);
            let value = map.next_value_seed(Node { path, problems: self.problems })?;
            if object.contains_key(&key) {
                self.problems.borrow_mut().report(&path, "stands here twice");
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

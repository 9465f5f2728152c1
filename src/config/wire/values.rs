//! What the fields of a configuration are made of.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Reader, Wire};
use crate::config::path::Path;

impl Wire for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_bool() {
            Some(read) => *self = read,
            None => reader.wrong_kind(at, value, "true or false"),
        }
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Wire for u32 {
    fn blank() -> Self {
        0
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_u64().and_then(|number| number.try_into().ok()) {
            Some(read) => *self = read,
            None => reader.wrong_kind(at, value, "a whole number from 0 to 4294967295"),
        }
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Wire for u64 {
    fn blank() -> Self {
        0
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_u64() {
            Some(read) => *self = read,
            None => reader.wrong_kind(at, value, "a whole number, 0 or more"),
        }
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Wire for f64 {
    fn blank() -> Self {
        0.0
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_f64() {
            Some(read) => *self = read,
            None => reader.wrong_kind(at, value, "a number"),
        }
    }

    /// A number that is not finite never comes out of a file; set by hand, it is left out.
    fn write(&self) -> Value {
        (*self).into()
    }
}

impl Wire for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_str() {
            Some(read) => read.clone_into(self),
            None => reader.wrong_kind(at, value, "a string"),
        }
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}

/// `null` is the same as nothing.
impl<T: Wire> Wire for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        *self = (!value.is_null()).then(|| read(value, at, reader));
    }

    fn write(&self) -> Value {
        self.as_ref().map(T::write).unwrap_or_default()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        if let Some(list) = reader.list(value, at) {
            *self = list.iter().enumerate().map(|(i, item)| read(item, &at.index(i), reader)).collect();
        }
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }
}

impl<T: Wire> Wire for [T; 2] {
    fn blank() -> Self {
        [T::blank(), T::blank()]
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        match value.as_array().map(Vec::as_slice) {
            Some([first, second]) => *self = [read(first, &at.index(0), reader), read(second, &at.index(1), reader)],
            _ => reader.wrong_kind(at, value, "a list of 2 values"),
        }
    }

    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }
}

impl Wire for BTreeMap<String, String> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        if let Some(object) = reader.object(value, at, "an object") {
            *self = object.iter().map(|(key, text)| (key.clone(), read(text, &at.key(key), reader))).collect();
        }
    }

    fn write(&self) -> Value {
        Value::Object(self.iter().map(|(key, text)| (key.clone(), text.write())).collect())
    }
}

/// A new value.
pub(crate) fn read<T: Wire>(value: &Value, at: &Path, reader: &mut Reader) -> T {
    let mut new = T::blank();
    new.read(value, at, reader);
    new
}

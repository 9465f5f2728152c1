//! What the fields of a configuration are made of.

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

    fn write(&mut self) -> Value {
        (*self).into()
    }
}

impl Wire for u32 {
    fn blank() -> Self {
        0
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        let Some(number) = whole(value) else {
            reader.wrong_kind(at, value, "a whole number");
            return;
        };
        // The nearest one there is: what the field itself allows is for `resolve` to say, and is said in place of this.
        *self = number as u32;
        if number < 0.0 {
            reader.wrong(at, value, "is too few (at least 0)");
        } else if number > f64::from(u32::MAX) {
            reader.wrong(at, value, "is too many (at most 4294967295)");
        }
    }

    fn write(&mut self) -> Value {
        (*self).into()
    }
}

impl Wire for u64 {
    fn blank() -> Self {
        0
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        if let Some(number) = value.as_u64() {
            *self = number;
            return;
        }
        let Some(number) = whole(value).filter(|number| *number >= 0.0) else {
            reader.wrong_kind(at, value, "a whole number, 0 or more");
            return;
        };
        // The nearest one there is, as above.
        *self = number as u64;
        if number >= u64::MAX as f64 {
            reader.wrong(at, value, "is too large (at most 2^64 - 1)");
        }
    }

    fn write(&mut self) -> Value {
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
    fn write(&mut self) -> Value {
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

    fn write(&mut self) -> Value {
        self.as_str().into()
    }
}

/// Anything.
impl Wire for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn read(&mut self, value: &Value, _: &Path, _: &mut Reader) {
        self.clone_from(value);
    }

    fn write(&mut self) -> Value {
        self.clone()
    }
}

/// `null` is the same as nothing.
impl<T: Wire> Wire for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        *self = None;
        if !value.is_null() {
            self.insert(T::blank()).read(value, at, reader);
        }
    }

    fn write(&mut self) -> Value {
        self.as_mut().map(T::write).unwrap_or_default()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        self.clear();
        reader.list(value, at, &mut |item, at, reader| self.push(read(item, at, reader)));
    }

    fn write(&mut self) -> Value {
        Value::Array(self.iter_mut().map(T::write).collect())
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

    fn write(&mut self) -> Value {
        Value::Array(self.iter_mut().map(T::write).collect())
    }
}

/// A number without a fraction, however it is written: `1000`, `1000.0` or `1e3`.
fn whole(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.fract() == 0.0)
}

/// A new value.
pub(crate) fn read<T: Wire>(value: &Value, at: &Path, reader: &mut Reader) -> T {
    let mut new = T::blank();
    new.read(value, at, reader);
    new
}

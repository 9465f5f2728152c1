//! How the structs of a configuration are read from JSON and written to it.
//!
//! serde could derive this, but its code is made anew for every type and every source of data, and stops at the first
//! error: it was a third of the page's download. Here a struct only lists its fields ([`macros`]), and the code that
//! walks through such a list exists once. It reads on after an error, which leaves a default or a blank where something
//! could not be read.
//!
//! The lists must say what serde's attributes say to the JSON Schema; a test compares the two.

mod macros;
mod reader;
#[cfg(test)]
mod tests;
mod values;

use serde_json::{Map, Value};

use super::path::Path;
pub(crate) use macros::{alternatives, object, words};
pub(crate) use reader::Reader;
pub(crate) use values::read;

/// Something that stands in a configuration.
///
/// All but `blank` take `&mut self`, so that one list of fields serves to read and to write.
pub(crate) trait Wire {
    /// Something to be read into: the default, or anything if there is none.
    fn blank() -> Self
    where
        Self: Sized;

    /// The fields of what is a JSON object.
    fn fields(&mut self) -> Vec<Field<'_>> {
        Vec::new()
    }

    /// Takes over what it can from a value, and reports the rest.
    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        read_fields(&mut self.fields(), value, at, reader);
    }

    /// The value to be read again; `null` for what is best left out.
    fn write(&mut self) -> Value {
        write_fields(&mut self.fields())
    }
}

/// A field of a JSON object.
pub(crate) struct Field<'a> {
    pub name: &'static str,
    /// Whether it must be there.
    pub is_required: bool,
    /// Where it is read to.
    pub to: &'a mut dyn Wire,
}

/// The name of the only field of something that is no object itself.
pub(crate) const ONLY: &str = "";

/// Reads a JSON object whose fields are known.
pub(crate) fn read_fields(fields: &mut [Field], value: &Value, at: &Path, reader: &mut Reader) {
    if let [Field { name: ONLY, to, .. }] = fields {
        to.read(value, at, reader);
        return;
    }
    let is_object = reader.object(value, at, "an object", &mut |key, value, at, reader| {
        if let Some(field) = fields.iter_mut().find(|field| field.name == key) {
            field.is_required = false;
            field.to.read(value, at, reader);
        } else {
            let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
            reader.unknown_field(at, key, value, &known);
        }
    });
    for field in fields.iter().filter(|field| is_object && field.is_required) {
        reader.missing(&at.key(field.name));
    }
}

/// Writes a JSON object.
pub(crate) fn write_fields(fields: &mut [Field]) -> Value {
    if let [Field { name: ONLY, to, .. }] = fields {
        return to.write();
    }
    let mut object = Map::new();
    for field in fields {
        let value = field.to.write();
        if !value.is_null() {
            object.insert(field.name.to_owned(), value);
        }
    }
    Value::Object(object)
}

/// An object with one key.
pub(crate) fn write_alternative((name, mut fields): (&str, Vec<Field>)) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), write_fields(&mut fields))]))
}

//! A map from names to components that keeps the order in which they were written.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{
    config::{
        path::Path,
        wire::{Reader, Wire, read},
    },
    json::{self, Show},
};

/// Components by name, in the order of the configuration.
///
/// On the wire it is a JSON object. A list inside, and not a map, because the
/// order is what reports and pages show.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// Names and components, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Where the component of that name stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|other| other == name)
    }

    /// The component of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// How many components there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no component at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<T: Show> Show for Named<T> {
    fn show(&self) -> Value {
        json::map(&mut self.iter().map(|(name, value)| (name, value as &dyn Show)))
    }
}

impl<T: Wire> Wire for Named<T> {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, value: &Value, at: &Path, reader: &mut Reader) {
        self.0.clear();
        reader.object(value, at, "an object whose keys are names", &mut |name, value, at, reader| {
            self.0.push((name.to_owned(), read(value, at, reader)));
        });
    }

    fn write(&mut self) -> Value {
        Value::Object(self.0.iter_mut().map(|(name, value)| (name.clone(), value.write())).collect())
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": item })
    }
}

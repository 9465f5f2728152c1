//! A JSON value, read strictly: an object must be an object.
//!
//! serde's derived readers also take a list of values for the fields of a
//! struct, in order, and serde_json lets them. A configuration in which
//! `"Shop": [3]` means three instances is a slip, not a shorthand.

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, Unexpected, VariantAccess, Visitor,
        value::{MapDeserializer, SeqDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// A value to be read.
#[derive(Clone, Copy)]
pub(super) struct Strict<'v>(pub &'v Value);

impl<'v> serde::de::IntoDeserializer<'v, Error> for Strict<'v> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'v> Strict<'v> {
    fn object<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }
}

impl<'v> Deserializer<'v> for Strict<'v> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(list) => {
                let mut items = SeqDeserializer::new(list.iter().map(Strict));
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Value::Object(object) => {
                let mut entries = MapDeserializer::new(object.iter().map(|(key, value)| (key.as_str(), Strict(value))));
                let value = visitor.visit_map(&mut entries)?;
                // Only the reader of a distribution stops early: it takes one key.
                entries.end().map(|()| value).map_err(|_: Error| one_key(object.len()))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'v>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'v>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.object(visitor)
    }

    fn deserialize_map<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'v>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Alternative { name, content: None }),
            Value::Object(object) => match object.iter().next() {
                Some((name, content)) if object.len() == 1 => {
                    visitor.visit_enum(Alternative { name, content: Some(content) })
                }
                _ => Err(one_key(object.len())),
            },
            _ => Err(Error::custom(format_args!("is not one of `{}`", variants.join("`, `")))),
        }
    }

    forward_to_deserialize_any! {
        <W: Visitor<'v>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier ignored_any
    }
}

fn one_key(keys: usize) -> Error {
    Error::custom(format_args!("has {keys} keys (exactly one, which says what it is)"))
}

/// One of several alternatives: a bare name, or a name with content.
struct Alternative<'v> {
    name: &'v str,
    content: Option<&'v Value>,
}

impl<'v> EnumAccess<'v> for Alternative<'v> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'v>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        Ok((seed.deserialize(StrDeserializer::<Error>::new(self.name))?, self))
    }
}

impl<'v> Alternative<'v> {
    fn content(self) -> Result<Strict<'v>, Error> {
        self.content.map(Strict).ok_or_else(|| Error::custom("has no parameters"))
    }
}

impl<'v> VariantAccess<'v> for Alternative<'v> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.content.is_some() { Err(Error::custom("has parameters where a bare word is enough")) } else { Ok(()) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'v>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'v>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'v>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content()?.object(visitor)
    }
}

//! What goes out, as JSON values.
//!
//! serde could derive this, at a hundred bytes of code for each field. Here a struct lists its fields once
//! (`shown!(Report { seed, events })`), and the code that walks through such a list exists once.

use serde_json::{Map, Value};

/// Something that goes out as JSON.
pub trait Show {
    /// Its value; `null` for what does not exist, numbers that are not finite among it.
    fn show(&self) -> Value;
}

/// A JSON object of named values, in this order.
pub fn object(names: &[&str], values: &[&dyn Show]) -> Value {
    map(&mut names.iter().copied().zip(values.iter().copied()))
}

/// A JSON object of named values that somebody goes through.
pub fn map(entries: &mut dyn Iterator<Item = (&str, &dyn Show)>) -> Value {
    let mut object = Map::new();
    for (name, value) in entries {
        object.insert(name.to_owned(), value.show());
    }
    Value::Object(object)
}

/// A JSON list of values that somebody goes through.
fn list(items: &mut dyn Iterator<Item = &dyn Show>) -> Value {
    let mut list = Vec::with_capacity(items.size_hint().0);
    for item in items {
        list.push(item.show());
    }
    Value::Array(list)
}

/// A struct on its way out is a JSON object: `shown!(Type { field, … })`, with all its fields in the order in which they
/// are shown.
macro_rules! shown {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::json::Show for $type {
            fn show(&self) -> serde_json::Value {
                let Self { $($field),+ } = self;
                $crate::json::object(&[$(stringify!($field)),+], &[$($field),+])
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::json::Show::show(self).serialize(serializer)
            }
        }
    };
}

pub(crate) use shown;

macro_rules! simple {
    ($($type:ty),+) => {
        $(impl Show for $type {
            fn show(&self) -> Value {
                (*self).into()
            }
        })+
    };
}

simple!(bool, u32, u64, usize, f64, &'static str);

impl Show for String {
    fn show(&self) -> Value {
        self.as_str().into()
    }
}

impl Show for Value {
    fn show(&self) -> Value {
        self.clone()
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> Value {
        self.as_ref().map(T::show).unwrap_or_default()
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> Value {
        list(&mut self.iter().map(|item| item as &dyn Show))
    }
}

//! What a type must say of itself to be read and written.

/// A struct: its fields, in the order in which they are written.
///
/// `object!(Type { a, b as "$b" })` has a `Default`, and every field may be missing. Of `object!(Type { a, b; c = 1.0 })`
/// `a` and `b` must be there; without `c` it is 1.
macro_rules! object {
    ($type:ty { $($field:ident $(as $name:literal)?),+ $(,)? }) => {
        $crate::config::wire::object!(@impl $type { Self::default() }
            $(($field, $crate::config::wire::object!(@name $field $($name)?), false))+);
    };
    ($type:ty { $($must:ident),+; $($may:ident = $default:expr),* $(,)? }) => {
        $crate::config::wire::object!(@impl $type
            { Self { $($must: $crate::config::wire::Wire::blank(),)+ $($may: $default),* } }
            $(($must, stringify!($must), true))+ $(($may, stringify!($may), false))*);
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@impl $type:ty $blank:block $(($field:ident, $name:expr, $required:literal))+) => {
        impl $crate::config::wire::Wire for $type {
            fn blank() -> Self $blank

            fn read(
                &mut self,
                value: &serde_json::Value,
                at: &$crate::config::path::Path,
                reader: &mut $crate::config::wire::Reader,
            ) {
                let Self { $($field),+ } = self;
                let mut fields =
                    [$($crate::config::wire::Field { name: $name, is_required: $required, to: $field }),+];
                $crate::config::wire::read_fields(&mut fields, value, at, reader);
            }

            fn write(&self) -> serde_json::Value {
                let Self { $($field),+ } = self;
                $crate::config::wire::write_fields(&[$(($name, $field)),+])
            }
        }
    };
}

/// An enum with content, on the wire an object with one key: `alternatives!(Type { "a" => A(content), "b" => B { x; y = 1.0 } })`.
/// The first one is the blank.
macro_rules! alternatives {
    ($type:ty { $first_name:literal => $first:ident $first_content:tt $(, $name:literal => $variant:ident $content:tt)* $(,)? }) => {
        impl $crate::config::wire::Wire for $type {
            fn blank() -> Self {
                $crate::config::wire::alternatives!(@blank $first $first_content)
            }

            fn read(
                &mut self,
                value: &serde_json::Value,
                at: &$crate::config::path::Path,
                reader: &mut $crate::config::wire::Reader,
            ) {
                let Some((name, value)) = reader.alternative(value, at, &[$first_name $(, $name)*]) else {
                    return;
                };
                let at = &at.key(name);
                match name {
                    $first_name => {
                        $crate::config::wire::alternatives!(@read self, $first $first_content, value, at, reader)
                    }
                    $($name => $crate::config::wire::alternatives!(@read self, $variant $content, value, at, reader),)*
                    _ => {}
                }
            }

            fn write(&self) -> serde_json::Value {
                $crate::config::wire::alternatives!(@write self, $first_name, $first $first_content);
                $($crate::config::wire::alternatives!(@write self, $name, $variant $content);)*
                serde_json::Value::Null
            }
        }
    };
    (@blank $variant:ident ($content:ident)) => { Self::$variant($crate::config::wire::Wire::blank()) };
    (@blank $variant:ident { $($must:ident),+ $(; $($may:ident = $default:expr),+)? }) => {
        Self::$variant { $($must: $crate::config::wire::Wire::blank(),)+ $($($may: $default),+)? }
    };
    (@read $this:expr, $variant:ident ($content:ident), $value:expr, $at:expr, $reader:expr) => {{
        *$this = $crate::config::wire::alternatives!(@blank $variant ($content));
        if let Self::$variant($content) = $this {
            $content.read($value, $at, $reader);
        }
    }};
    (@read $this:expr, $variant:ident { $($must:ident),+ $(; $($may:ident = $default:expr),+)? }, $value:expr, $at:expr, $reader:expr) => {{
        *$this = $crate::config::wire::alternatives!(@blank $variant { $($must),+ $(; $($may = $default),+)? });
        if let Self::$variant { $($must,)+ $($($may),+)? } = $this {
            let mut fields = [
                $($crate::config::wire::Field { name: stringify!($must), is_required: true, to: $must },)+
                $($($crate::config::wire::Field { name: stringify!($may), is_required: false, to: $may }),+)?
            ];
            $crate::config::wire::read_fields(&mut fields, $value, $at, $reader);
        }
    }};
    (@write $this:expr, $name:literal, $variant:ident ($content:ident)) => {
        if let Self::$variant($content) = $this {
            return $crate::config::wire::write_alternative($name, $content.write());
        }
    };
    (@write $this:expr, $name:literal, $variant:ident { $($must:ident),+ $(; $($may:ident = $default:expr),+)? }) => {
        if let Self::$variant { $($must,)+ $($($may),+)? } = $this {
            let fields = $crate::config::wire::write_fields(&[
                $((stringify!($must), $must),)+ $($((stringify!($may), $may)),+)?
            ]);
            return $crate::config::wire::write_alternative($name, fields);
        }
    };
}

/// An enum without content, on the wire a string: `words!(Type { A = "a", B = "b" })`. It has a `Default`.
macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $crate::config::wire::Wire for $type {
            fn blank() -> Self {
                Self::default()
            }

            fn read(
                &mut self,
                value: &serde_json::Value,
                at: &$crate::config::path::Path,
                reader: &mut $crate::config::wire::Reader,
            ) {
                if let Some(index) = reader.word(value, at, &[$($word),+]) {
                    *self = [$(Self::$variant),+][index];
                }
            }

            fn write(&self) -> serde_json::Value {
                let word = match self {
                    $(Self::$variant => $word),+
                };
                word.into()
            }
        }
    };
}

pub(crate) use {alternatives, object, words};

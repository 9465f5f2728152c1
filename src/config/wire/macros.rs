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

            fn fields(&mut self) -> Vec<$crate::config::wire::Field<'_>> {
                let Self { $($field),+ } = self;
                vec![$($crate::config::wire::Field { name: $name, is_required: $required, to: $field }),+]
            }
        }
    };
}

/// An enum with content, on the wire an object with one key: `alternatives!(Type { "a" => A(content), "b" => B { x; y = 1.0 } })`.
/// The first one is the blank.
macro_rules! alternatives {
    ($type:ty { $first_name:literal => $first:ident $first_content:tt $(, $name:literal => $variant:ident $content:tt)* $(,)? }) => {
        impl $type {
            /// Its name on the wire, and the fields of its content.
            fn content(&mut self) -> (&'static str, Vec<$crate::config::wire::Field<'_>>) {
                $crate::config::wire::alternatives!(@content self, $first_name, $first $first_content);
                $($crate::config::wire::alternatives!(@content self, $name, $variant $content);)*
                unreachable!("all variants are listed")
            }
        }

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
                *self = match name {
                    $($name => $crate::config::wire::alternatives!(@blank $variant $content),)*
                    _ => Self::blank(),
                };
                $crate::config::wire::read_fields(&mut self.content().1, value, &at.key(name), reader);
            }

            fn write(&mut self) -> serde_json::Value {
                $crate::config::wire::write_alternative(self.content())
            }
        }
    };
    (@blank $variant:ident ($content:ident)) => { Self::$variant($crate::config::wire::Wire::blank()) };
    (@blank $variant:ident { $($must:ident),+ $(; $($may:ident = $default:expr),+)? }) => {
        Self::$variant { $($must: $crate::config::wire::Wire::blank(),)+ $($($may: $default),+)? }
    };
    (@content $this:expr, $name:literal, $variant:ident ($content:ident)) => {
        if let Self::$variant($content) = $this {
            let field =
                $crate::config::wire::Field { name: $crate::config::wire::ONLY, is_required: true, to: $content };
            return ($name, vec![field]);
        }
    };
    (@content $this:expr, $name:literal, $variant:ident { $($must:ident),+ $(; $($may:ident = $default:expr),+)? }) => {
        if let Self::$variant { $($must,)+ $($($may),+)? } = $this {
            return ($name, vec![
                $($crate::config::wire::Field { name: stringify!($must), is_required: true, to: $must },)+
                $($($crate::config::wire::Field { name: stringify!($may), is_required: false, to: $may }),+)?
            ]);
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

            fn write(&mut self) -> serde_json::Value {
                let word = match self {
                    $(Self::$variant => $word),+
                };
                word.into()
            }
        }
    };
}

pub(crate) use {alternatives, object, words};

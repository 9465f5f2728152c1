//! What may stand at each place of what is read, as the JSON Schema of its type says.

use std::{
    any::TypeId,
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::schema::{DistributionConfig, PolicyUse, Seconds};

/// What may stand at a place.
pub(super) enum Form {
    /// Anything.
    Anything,
    /// `true` or `false`.
    Flag,
    /// A whole number that 32 bits hold, or 64 if it is wide.
    Whole { is_wide: bool },
    /// A number.
    Number,
    /// A string.
    Text,
    /// One of these strings.
    Word(Vec<String>),
    /// A list of things that are alike.
    List(Arc<Form>),
    /// A list of two things that are alike.
    Pair(Arc<Form>),
    /// An object whose fields are known.
    Record(IndexMap<String, Field>),
    /// An object whose keys are names.
    Named(Arc<Form>),
    /// An object with one key, which says what it is.
    Alternative(IndexMap<String, Arc<Form>>),
    /// Something, or `null`.
    Optional(Arc<Form>),
    /// A form that it is itself a part of, once that is made.
    Again(Arc<OnceLock<Arc<Form>>>),
    /// What has a notation of its own, and the form that it has as an object if it may be one.
    Notation(&'static Notation, Option<Arc<Form>>),
}

/// A field of an object.
pub(super) struct Field {
    pub form: Arc<Form>,
    /// Whether it must be there.
    pub is_required: bool,
}

/// Tells what keeps a value from being of a type.
type Fits = fn(&Value) -> Result<(), serde_json::Error>;

/// A notation of a type's own.
pub(super) struct Notation {
    /// The type's name in the schema.
    name: &'static str,
    pub fits: Fits,
    /// The least that fits.
    blank: fn() -> Value,
}

static NOTATIONS: [Notation; 3] = [
    Notation { name: "Seconds", fits: fits::<Seconds>, blank: || 0.into() },
    Notation { name: "Distribution", fits: fits::<DistributionConfig>, blank: || 0.into() },
    Notation { name: "Policy", fits: fits::<PolicyUse>, blank: || json!({}) },
];

fn fits<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<(), serde_json::Error> {
    T::deserialize(value).map(|_| ())
}

/// Forms that have been made, by type: they never change, and a chart's options are read at each drawing.
static MADE: Mutex<BTreeMap<TypeId, Arc<Form>>> = Mutex::new(BTreeMap::new());

/// The schema of a type, with the definitions that it refers to.
#[cfg(not(target_arch = "wasm32"))]
fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The same from a file, which a test holds current: the code that makes schemas would be an eighth of all that a browser
/// has to fetch before it can begin.
#[cfg(target_arch = "wasm32")]
fn schema_of<T: JsonSchema>() -> Value {
    let definitions: Value = serde_json::from_str(include_str!("schemas.json")).unwrap_or_default();
    json!({ "$ref": format!("#/$defs/{}", T::schema_name()), "$defs": definitions })
}

impl Form {
    /// The form of a type.
    pub fn of<T: JsonSchema + 'static>() -> Arc<Self> {
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let form = made.entry(TypeId::of::<T>()).or_insert_with(|| {
            let schema = schema_of::<T>();
            Maker { definitions: &schema["$defs"], made: BTreeMap::new(), making: BTreeMap::new() }.form(&schema)
        });
        Arc::clone(form)
    }

    /// What may stand there as the one key of an object, if that says what it is.
    pub fn alternatives(&self) -> Option<&IndexMap<String, Arc<Self>>> {
        match self {
            Self::Alternative(forms) => Some(forms),
            Self::Optional(form) | Self::Notation(_, Some(form)) => form.alternatives(),
            Self::Again(form) => form.get()?.alternatives(),
            _ => None,
        }
    }

    /// The form of what stands in an object under a key.
    pub fn part(&self, key: &str) -> &Self {
        static ANYTHING: Form = Form::Anything;
        let part = match self {
            Self::Record(fields) => fields.get(key).map(|field| &*field.form),
            Self::Alternative(forms) => forms.get(key).map(|form| &**form),
            Self::Named(form) => Some(&**form),
            Self::Optional(form) | Self::Notation(_, Some(form)) => Some(form.part(key)),
            Self::Again(form) => form.get().map(|form| form.part(key)),
            _ => None,
        };
        part.unwrap_or(&ANYTHING)
    }

    /// The form of the items of a list.
    pub fn item(&self) -> &Self {
        static ANYTHING: Form = Form::Anything;
        match self {
            Self::List(form) => form,
            Self::Optional(form) => form.item(),
            _ => &ANYTHING,
        }
    }

    /// The least that fits: what stands in for something that must be there and cannot be read.
    pub fn blank(&self) -> Value {
        match self {
            Self::Anything | Self::Optional(_) => Value::Null,
            Self::Again(form) => form.get().map_or(Value::Null, |form| form.blank()),
            Self::Flag => false.into(),
            Self::Whole { .. } | Self::Number => 0.into(),
            Self::Notation(notation, _) => (notation.blank)(),
            Self::Text => "".into(),
            Self::Word(words) => words.first().cloned().into(),
            Self::List(_) => json!([]),
            Self::Pair(item) => vec![item.blank(); 2].into(),
            Self::Record(fields) => {
                let required = fields.iter().filter(|(_, field)| field.is_required);
                required.map(|(name, field)| (name.clone(), field.form.blank())).collect()
            }
            Self::Named(_) => json!({}),
            Self::Alternative(forms) => forms.iter().take(1).map(|(name, form)| (name.clone(), form.blank())).collect(),
        }
    }
}

/// Makes forms of schemas. Those that are referred to are made once.
struct Maker<'s> {
    definitions: &'s Value,
    made: BTreeMap<&'s str, Arc<Form>>,
    /// Those that are being made, for what they contain of themselves.
    making: BTreeMap<&'s str, Arc<OnceLock<Arc<Form>>>>,
}

impl<'s> Maker<'s> {
    fn form(&mut self, schema: &'s Value) -> Arc<Form> {
        if let Some(name) = referred(schema) {
            return self.definition(name);
        }
        if let Some(either) = schema["anyOf"].as_array() {
            let something = either.iter().find(|one| one["type"] != "null").unwrap_or(&Value::Null);
            return Form::Optional(self.form(something)).into();
        }
        if let Some(all) = schema["oneOf"].as_array() {
            return self.one_of(all).into();
        }
        if let Some(words) = schema["enum"].as_array() {
            return Form::Word(words.iter().filter_map(text).collect()).into();
        }
        match &schema["type"] {
            Value::String(kind) => self.plain(kind, schema).into(),
            Value::Array(kinds) => {
                let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default();
                Form::Optional(self.plain(kind, schema).into()).into()
            }
            _ => Form::Anything.into(),
        }
    }

    fn definition(&mut self, name: &'s str) -> Arc<Form> {
        if let Some(form) = self.made.get(name) {
            return Arc::clone(form);
        }
        if let Some(form) = self.making.get(name) {
            return Form::Again(Arc::clone(form)).into();
        }
        let later = Arc::default();
        self.making.insert(name, Arc::clone(&later));
        let schema = &self.definitions[name];
        let form = match NOTATIONS.iter().find(|notation| notation.name == name) {
            Some(notation) => {
                let either = schema["anyOf"].as_array().into_iter().flatten();
                let long = either.filter_map(referred).find(|other| *other != "Seconds");
                Form::Notation(notation, long.map(|name| self.definition(name))).into()
            }
            None => self.form(schema),
        };
        self.made.insert(name, Arc::clone(&form));
        // (It cannot have been set: it is made once.)
        _ = later.set(Arc::clone(&form));
        form
    }

    fn one_of(&mut self, all: &'s [Value]) -> Form {
        let words: Vec<String> = all.iter().filter_map(|one| text(&one["const"])).collect();
        if words.len() == all.len() {
            return Form::Word(words);
        }
        let contents = all.iter().filter_map(|one| one["properties"].as_object()).flatten();
        Form::Alternative(contents.map(|(name, content)| (name.clone(), self.form(content))).collect())
    }

    fn plain(&mut self, kind: &str, schema: &'s Value) -> Form {
        match kind {
            "boolean" => Form::Flag,
            "integer" => Form::Whole { is_wide: schema["format"] != "uint32" },
            "number" => Form::Number,
            "string" => Form::Text,
            "array" if schema["minItems"] == 2 => Form::Pair(self.form(&schema["items"])),
            "array" => Form::List(self.form(&schema["items"])),
            "object" => match schema["properties"].as_object() {
                Some(fields) => Form::Record(self.fields(fields, &schema["required"])),
                None => Form::Named(self.form(&schema["additionalProperties"])),
            },
            _ => Form::Anything,
        }
    }

    fn fields(&mut self, fields: &'s Map<String, Value>, required: &Value) -> IndexMap<String, Field> {
        let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|other| other == name));
        let field = |(name, schema): (&String, &'s Value)| {
            (name.clone(), Field { form: self.form(schema), is_required: is_required(name) })
        };
        fields.iter().map(field).collect()
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The name of the definition that a schema refers to.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/$defs/")
}

//! Where a configuration comes from: a file, standard input, or a built-in scenario.

use std::{
    borrow::Cow,
    fs,
    io::{self, Read},
    path::Path,
};

use super::{failure::Failure, scenarios};
use crate::config::{ConfigError, ConfigErrors};

/// The text of a configuration. A built-in scenario goes before a file of the same name; `./NAME` is always the file.
pub fn read(input: &str) -> Result<Cow<'static, str>, Failure> {
    if let Some(text) = scenarios::text(input) {
        return Ok(Cow::Borrowed(text));
    }
    let bytes = if input == "-" { read_stdin() } else { read_file(input) }?;
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Failure::Configuration(not_utf8()))
}

/// The text of a file that is no configuration of this program.
pub fn read_text(input: &str) -> Result<String, Failure> {
    let bytes =
        if input == "-" { read_stdin() } else { fs::read(input).map_err(|e| Failure::file(Path::new(input), &e)) }?;
    String::from_utf8(bytes).map_err(|_| Failure::Invalid(format!("error: {input}: is not text (UTF-8)")))
}

/// The name of a scenario that does not say it itself: that of its file, without folder and ending.
pub fn name(input: &str) -> String {
    let stem = Path::new(input).file_stem().filter(|_| input != "-");
    stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| Failure::Usage(format!("standard input: {error}")))
}

fn read_file(input: &str) -> Result<Vec<u8>, Failure> {
    let path = Path::new(input);
    fs::read(path).map_err(|error| {
        // Without a slash or an ending it was hardly meant as a file.
        let scenario = error.kind() == io::ErrorKind::NotFound && path.extension().is_none() && !input.contains('/');
        if scenario {
            let names: Vec<&str> = scenarios::ALL.iter().map(|(name, _)| *name).collect();
            return Failure::Usage(format!(
                "there is neither a scenario nor a file `{input}` (scenarios: {})",
                names.join(", ")
            ));
        }
        Failure::file(path, &error)
    })
}

fn not_utf8() -> ConfigErrors {
    ConfigErrors(vec![ConfigError { path: String::new(), found: None, rule: "is not text (JSON is in UTF-8)".into() }])
}

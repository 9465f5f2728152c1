//! Standard output and standard error. `println!` would panic when a reader such as `head` has gone.

use std::{
    fmt,
    io::{self, Write},
};

use serde::Serialize;

use super::failure::Failure;

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::NobodyReads,
        _ => Failure::Usage(format!("standard output: {error}")),
    })
}

/// Writes a line to standard error. Where that fails there is nobody left to tell.
pub fn note(line: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// JSON for people: indented, with a newline at the end.
pub fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(text + "\n")
}

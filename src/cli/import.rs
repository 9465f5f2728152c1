//! `import`: prints a configuration that is made of a proxy's, a store's or a broker's.

use std::path::Path;

use super::{failure::Failure, input, output};
use crate::{
    config,
    import::{self, Product},
};

/// Prints the configuration, and to standard error what was assumed and what was not understood.
pub fn import(file: &str, from: Option<Product>) -> Result<(), Failure> {
    let text = input::read_text(file)?;
    let product = from.unwrap_or_else(|| Product::of_file(file, &text));
    let imported = import::import(&text, product).map_err(|nothing| {
        nothing.notes.iter().for_each(|note| output::note(note));
        let what = "nothing that could be simulated was found";
        Failure::Invalid(format!("error: {}: {what} (read as {}'s)", shown(file), nothing.product.name()))
    })?;
    imported.notes.iter().for_each(|note| output::note(note));
    let json = imported.config.to_json_pretty();
    // Whatever a product may say passes here, or is not taken over; should it not, that is better told than printed.
    config::load(&json)?;
    output::print(&(json + "\n"))
}

fn shown(file: &str) -> String {
    if file == "-" { "standard input".into() } else { Path::new(file).display().to_string() }
}

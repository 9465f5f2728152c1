//! The shape of the source: who may name whom, and how long things may be.
//!
//! `src/ARCHITECTURE.md` says why. What is checked here is read off the text of
//! the files, without comments and strings.

mod floors;
mod source;

use std::{fs, path::PathBuf};

use source::{Source, functions, identifiers, modules_named};

/// Modules of the crate, each of which may name itself and those that stand left of it.
const ORDER: [&str; 14] = [
    "engine",
    "stats",
    "model",
    "config",
    "import",
    "report",
    "simulation",
    "experiment",
    "validate",
    "reality",
    "chart",
    "options",
    "web",
    "cli",
];
/// The two surfaces, which know nothing of each other.
const SURFACES: [&str; 2] = ["web", "cli"];
/// What only the boundary to the browser may name.
const BROWSER: [&str; 4] = ["wasm_bindgen", "web_sys", "js_sys", "plotters_canvas"];
/// The wire format, of which the model knows nothing.
const WIRE: [&str; 4] = ["serde", "serde_json", "schemars", "serde_path_to_error"];
/// Ways to ask what time it is outside.
const WALL_CLOCK: [&str; 3] = ["Instant", "SystemTime", "UNIX_EPOCH"];
/// Collections whose order changes from run to run.
const UNORDERED: [&str; 3] = ["HashMap", "HashSet", "RandomState"];
/// Longer functions are hard to take in at once.
const FUNCTION_LINES_MAX: usize = 70;
/// Longer files are about more than one thing.
const FILE_LINES_MAX: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below some folders.
fn files(folders: &[&str]) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        // (Not every checkout has benchmarks.)
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
                sources.push(Source::new(&relative, &fs::read_to_string(&path).expect("text")));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

#[track_caller]
fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Mentions of modules that a file may not name.
fn wrong_directions(source: &Source) -> Vec<String> {
    let Some(rank) = source.module().and_then(|module| ORDER.iter().position(|&other| other == module)) else {
        return Vec::new();
    };
    let own = ORDER[rank];
    let may = |named: &str| match ORDER.iter().position(|&other| other == named) {
        Some(other) => other == rank || (other < rank && !(SURFACES.contains(&own) && SURFACES.contains(&named))),
        // Not a module of the crate's root.
        None => true,
    };
    let named = modules_named(source).into_iter().filter(|(_, named)| !may(named));
    named.map(|(line, named)| format!("{}:{line}: {own} names {named}", source.path)).collect()
}

/// Mentions of words outside the places where they may stand.
fn words(sources: &[Source], words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !allowed(source)) {
        let found = identifiers(source).filter(|(_, word)| words.contains(word));
        wrong.extend(found.map(|(line, word)| format!("{}:{line}: {word}", source.path)));
    }
    wrong
}

fn is_below(source: &Source, folder: &str) -> bool {
    source.path.starts_with(folder)
}

#[test]
fn a_module_names_only_what_stands_left_of_it() {
    none(files(&["src"]).iter().flat_map(wrong_directions).collect());
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let modules = files(&["src"]);
    let known = |module: &str| ORDER.contains(&module) || ["lib", "main"].contains(&module);
    none(modules.iter().filter_map(Source::module).filter(|module| !known(module)).map(str::to_owned).collect());
    assert!(modules.len() > 50, "the sources are not where they are looked for");
}

#[test]
fn browser_crates_stay_at_the_boundary() {
    none(words(&files(&["src"]), &BROWSER, |source| {
        is_below(source, "src/web/") || source.path == "src/chart/canvas.rs"
    }));
}

#[test]
fn the_model_knows_nothing_of_the_wire_format() {
    let inner = |source: &Source| ["src/engine/", "src/stats/", "src/model/"].iter().any(|it| is_below(source, it));
    none(words(&files(&["src"]), &WIRE, |source| !inner(source)));
}

#[test]
fn wall_time_comes_in_from_outside() {
    let surface = |source: &Source| is_below(source, "src/web/") || is_below(source, "src/cli/");
    none(words(&files(&["src"]), &WALL_CLOCK, surface));
    none(words(&files(&["src"]), &UNORDERED, |_| false));
}

#[test]
fn functions_are_short() {
    let mut wrong = Vec::new();
    for source in files(&["src", "tests", "benches"]) {
        let long = functions(&source).into_iter().filter(|function| function.lines > FUNCTION_LINES_MAX);
        wrong.extend(long.map(|it| format!("{}:{}: {} has {} lines", source.path, it.line, it.name, it.lines)));
    }
    none(wrong);
}

#[test]
fn files_are_not_too_long() {
    let sources = files(&["src", "tests", "benches"]);
    let lines = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| lines(source) > FILE_LINES_MAX);
    none(long.map(|source| format!("{} has {} lines", source.path, lines(source))).collect());
}

#[test]
fn every_file_says_what_it_is_about() {
    let sources = files(&["src", "tests", "benches"]);
    // What the program is stands in the library.
    let says = |source: &Source| source.text.starts_with("//!") || source.text.starts_with("#![doc = ");
    let silent = sources.iter().filter(|source| !says(source) && source.path != "src/main.rs");
    none(silent.map(|source| source.path.clone()).collect());
}

/// Dependencies of a manifest that have no comment in the line above.
fn unexplained(manifest: &str) -> Vec<&str> {
    let mut wrong = Vec::new();
    let (mut in_dependencies, mut above) = (false, "");
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim_end().ends_with("dependencies]");
        } else if in_dependencies
            && let Some((name, _)) = line.split_once('=')
            && line.starts_with(|c: char| c.is_ascii_alphabetic())
            && !above.starts_with('#')
        {
            wrong.push(name.trim());
        }
        above = line;
    }
    wrong
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("manifest");
    assert_eq!(unexplained(&manifest), [""; 0]);
    let made_up =
        "[dependencies]\n# Why.\na = \"1\"\nb = \"2\"\n\n[profile.dev]\nc = 1\n[dev-dependencies]\nd = \"1\"\n";
    assert_eq!(unexplained(made_up), ["b", "d"]);
}

#[test]
fn a_wrong_direction_is_found() {
    let wrong = |path: &str, text: &str| wrong_directions(&Source::new(path, text));
    assert_eq!(wrong("src/engine/a.rs", "use crate::model::world;\n"), ["src/engine/a.rs:1: engine names model"]);
    assert_eq!(
        wrong("src/stats/a.rs", "\nuse crate::{\n    engine::time,\n    report::{A, B},\n    chart,\n};\n"),
        ["src/stats/a.rs:2: stats names report", "src/stats/a.rs:2: stats names chart"]
    );
    assert_eq!(wrong("src/model/b/c.rs", "super::super::super::web::f()"), ["src/model/b/c.rs:1: model names web"]);
    assert_eq!(wrong("src/model/mod.rs", "pub use super::config::A;"), ["src/model/mod.rs:1: model names config"]);
    assert_eq!(wrong("src/cli/a.rs", "crate::web::x"), ["src/cli/a.rs:1: cli names web"]);
    assert_eq!(wrong("src/web/a.rs", "crate::model::x + super::cli"), [""; 0]);
    assert_eq!(wrong("src/engine/a.rs", "// crate::model\nlet s = \"crate::model\"; /* crate::web */"), [""; 0]);
}

#[test]
fn a_forbidden_word_is_found() {
    let source = Source::new("src/model/a.rs", "// serde\nuse serde::Serialize;\nlet x = my_serde;\n");
    assert_eq!(words(&[source], &WIRE, |_| false), ["src/model/a.rs:2: serde"]);
}

//! nginx's configuration: upstreams are services, their servers are instances, and each location that passes requests on is a
//! group of users.
//!
//! The parser is a crate's, which takes any directive and goes on behind what it does not understand.

mod limits;
mod notation;
mod passing;
mod settings;
mod tree;
mod upstream;
mod words;

use super::notes::{Notes, shortened};
use crate::config::schema::Config;

use passing::Passing;
use settings::Settings;
use tree::Directive;
use words::Fate;

/// Blocks in which further ones are looked for.
const OUTER: [&str; 3] = ["http", "stream", "server"];

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let tree = tree::parse(text, notes);
    let mut passing = Passing::new(config, notes);
    declare(&tree, &mut passing);
    let outermost = Settings::default().within(&tree, passing.notes);
    walk(&tree, &outermost, "", &mut passing);
    passing.finish();
}

/// Takes note of what may be named before it is said: upstreams and zones.
fn declare<'t>(block: &'t [Directive], passing: &mut Passing<'t>) {
    for directive in block {
        passing.zones.read(directive, passing.notes);
        match directive.name.as_str() {
            "upstream" => {
                if let Some(before) = passing.upstreams.insert(directive.first(), directive) {
                    let name = shortened(directive.first());
                    passing
                        .notes
                        .at(before.line, format!("the upstream `{name}` is said once more in line {}", directive.line));
                }
            }
            "worker_processes" => passing.are_workers_one = directive.first() == "1",
            _ if OUTER.contains(&directive.name.as_str()) => declare(directive.inner(), passing),
            _ => {}
        }
    }
}

/// Goes through a block and those within, in which these settings hold.
fn walk(block: &[Directive], settings: &Settings, place: &str, passing: &mut Passing) {
    for directive in block {
        match directive.name.as_str() {
            "upstream" => {}
            name if directive.block.is_some() && OUTER.contains(&name) => {
                let place = if name == "server" { name_of(directive) } else { place.to_owned() };
                let inner = settings.within(directive.inner(), passing.notes);
                walk(directive.inner(), &inner, &place, passing);
            }
            "location" => {
                let inner = settings.within(directive.inner(), passing.notes);
                let path = directive.args.last().map_or("", String::as_str);
                if !directive.inner().iter().any(is_of_use) {
                    passing.notes.at(directive.line, format!("the location `{}` passes nothing on", shortened(path)));
                }
                walk(directive.inner(), &inner, &format!("{} {path}", server_of(place)), passing);
            }
            name if settings::bare(name) == Some("pass") => passing.pass(directive, settings, place),
            _ => leave(directive, passing.notes),
        }
    }
}

/// Whether something in a location passes requests on, or may do so.
fn is_of_use(directive: &Directive) -> bool {
    directive.name == "location" || settings::bare(&directive.name) == Some("pass")
}

/// Takes note of a directive that nobody has read.
fn leave(directive: &Directive, notes: &mut Notes) {
    let name = shortened(&directive.name);
    match words::fate(&directive.name) {
        Fate::Read => {}
        Fate::Idle => notes.idle(directive.line, &name),
        Fate::Left(reason) => notes.at(directive.line, format!("`{name}`: {reason}")),
    }
}

/// What a server is called: by its first name, or by where it listens.
fn name_of(server: &Directive) -> String {
    let first = |name: &str| server.inner().iter().find(|it| it.name == name).map(Directive::first);
    match (first("server_name"), first("listen")) {
        (Some(name), _) if !name.is_empty() && name != "_" => name.to_owned(),
        (_, Some(listen)) => format!("port {listen}"),
        _ => "server".into(),
    }
}

/// The server of a place; locations may stand in locations.
fn server_of(place: &str) -> &str {
    match place.strip_prefix("port ") {
        Some(port) => &place[..5 + port.find(' ').unwrap_or(port.len())],
        None => place.split(' ').next().unwrap_or(place),
    }
}

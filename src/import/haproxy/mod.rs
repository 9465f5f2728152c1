//! HAProxy's configuration: backends are services, their servers are instances, and each frontend is a group of users.

mod backend;
mod sections;
mod server;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    blank,
    lines::Line,
    names::Names,
    notes::{Notes, shortened},
    users,
};
use crate::config::schema::{Config, PolicyConfig, Seconds};

use backend::Timeouts;
use sections::Section;

/// Beginnings of lines that play no part in a simulation.
const IDLE: [&str; 30] = [
    "bind",
    "mode",
    "log",
    "option",
    "no option",
    "http-request set-",
    "http-request add-",
    "http-request del-",
    "http-response",
    "http-after",
    "stats",
    "capture",
    "cookie",
    "errorfile",
    "errorfiles",
    "error-log",
    "monitor-uri",
    "monitor-net",
    "unique-id",
    "compression",
    "description",
    "id ",
    "hash-type",
    "http-reuse",
    "http-check",
    "tcp-check",
    "force-persist",
    "ignore-persist",
    "persist",
    "email-alert",
];

/// Reads a text into a configuration.
pub fn read(text: &str, config: &mut Config, notes: &mut Notes) {
    let sections = sections::parse(text, notes);
    let mut names = Names::default();
    let mut services: BTreeMap<&str, (String, Timeouts)> = BTreeMap::new();
    for section in &sections {
        match section.kind.as_str() {
            "backend" | "listen" if services.contains_key(section.name.as_str()) => {
                notes.at(section.number, format!("there is a `{}` already", shortened(&section.name)));
            }
            "backend" | "listen" => match backend::service(section, notes) {
                Some((service, timeouts)) => {
                    let name = names.take(&section.name);
                    config.services.insert(name.clone(), service);
                    services.insert(&section.name, (name, timeouts));
                }
                None => notes.at(section.number, format!("`{}` has no server", shortened(&section.name))),
            },
            "defaults" => section.lines.iter().for_each(|line| leave_default(line, notes)),
            "frontend" => {}
            kind => notes.idle(section.number, kind),
        }
    }
    let mut asked = BTreeSet::new();
    for section in sections.iter().filter(|section| ["frontend", "listen"].contains(&section.kind.as_str())) {
        let targets = targets(section, &services, notes);
        if targets.is_empty() {
            notes.at(section.number, format!("`{}` asks no backend that has a server", shortened(&section.name)));
            continue;
        }
        asked.extend(targets.iter().copied());
        group(section, &targets, &services, config, &mut names);
    }
    finish(&services, &asked, config, notes);
}

/// The users of a frontend.
fn group(
    section: &Section,
    targets: &BTreeSet<&str>,
    services: &BTreeMap<&str, (String, Timeouts)>,
    config: &mut Config,
    names: &mut Names,
) {
    let asked = targets.iter().filter_map(|target| services.get(target));
    let timeout = asked.clone().filter_map(|(_, timeouts)| timeouts.server).min_by(f64::total_cmp);
    let policy = PolicyConfig { timeout: timeout.map(Seconds), ..blank() };
    let name = names.take(&format!("{} users", section.name));
    config.users.insert(name, users(asked.map(|(name, _)| name.clone()), policy));
}

/// The backends that a frontend asks; a `listen` asks itself, too.
fn targets<'s>(
    section: &'s Section,
    services: &BTreeMap<&str, (String, Timeouts)>,
    notes: &mut Notes,
) -> BTreeSet<&'s str> {
    let own = (section.kind == "listen").then_some(section.name.as_str());
    let mut targets: BTreeSet<&str> = own.into_iter().filter(|name| services.contains_key(name)).collect();
    for line in section.defaults.iter().chain(&section.lines) {
        let word = line.word(0);
        match word {
            "default_backend" | "use_backend" if services.contains_key(line.word(1)) => {
                targets.insert(line.word(1));
                if word == "use_backend" {
                    notes.at(line.number, "`use_backend`: conditions are not evaluated; each backend gets as much");
                }
            }
            "default_backend" | "use_backend" => {
                notes.at(line.number, format!("there is no backend `{}`", shortened(line.word(1))));
            }
            _ => {}
        }
    }
    let own_lines = section.lines.iter().filter(|_| section.kind == "frontend");
    own_lines.for_each(|line| leave(line, notes));
    targets
}

/// Takes note of a line that nobody has read.
fn leave(line: &Line, notes: &mut Notes) {
    let text = line.words.join(" ");
    match line.word(0) {
        "default_backend" | "use_backend" => {}
        "timeout" => notes.idle(line.number, &format!("timeout {}", line.word(1))),
        "acl" => notes.at(line.number, "`acl`: conditions are not evaluated"),
        "maxconn" => notes.at(line.number, "`maxconn` of a frontend: who waits outside is not simulated"),
        "stick-table" | "stick" => notes.at(line.number, "`stick`: nobody keeps to a server but by hashing"),
        _ if IDLE.iter().any(|word| text.starts_with(word)) => notes.idle(line.number, line.word(0)),
        word => notes.at(line.number, format!("`{}` has no counterpart", shortened(word))),
    }
}

/// The same for a line of the defaults: what backends read there is theirs.
fn leave_default(line: &Line, notes: &mut Notes) {
    let read = ["balance", "default-server", "hash-balance-factor", "server"];
    let is_time = line.word(0) == "timeout" && ["connect", "server", "queue", "check"].contains(&line.word(1));
    let is_redispatch = line.words.iter().any(|word| word == "redispatch");
    match line.word(0) {
        "retries" => notes.at(line.number, "`retries` at the same server are not simulated"),
        "option" if is_redispatch => notes.at(line.number, backend::REDISPATCH),
        word if read.contains(&word) || is_time || is_redispatch => {}
        _ => leave(line, notes),
    }
}

/// Sums up what is one thing here and several there.
fn finish(
    services: &BTreeMap<&str, (String, Timeouts)>,
    asked: &BTreeSet<&str>,
    config: &mut Config,
    notes: &mut Notes,
) {
    for (name, (service, _)) in services {
        if !asked.contains(name) {
            notes.say(format!("nobody asks the backend `{service}`"));
        }
    }
    let shortest = services.values().filter_map(|(_, timeouts)| timeouts.connect).min_by(f64::total_cmp);
    if let Some(shortest) = shortest {
        config.network.partition_timeout = Seconds(shortest);
        if services.values().any(|(_, timeouts)| timeouts.connect != Some(shortest)) {
            notes.say(format!("of different connect timeouts the shortest, {shortest} s, is taken for all"));
        }
    }
    if services.values().any(|(_, timeouts)| timeouts.server.is_some()) {
        notes.say("`timeout server` is how long a request may take with all that it is passed on to");
    }
}

//! What a block says of requests that are passed on: inner blocks have it from outer ones, unless they say something else.

use super::{super::notes::Notes, notation, tree::Directive};
use crate::config::{
    limits::INSTANCES_MAX,
    schema::{CauseName, NextUpstreamConfig, Seconds},
};

/// How nginx passes requests on; directives begin with one of these.
const PROTOCOLS: [&str; 5] = ["proxy", "fastcgi", "uwsgi", "scgi", "grpc"];

/// A time limit of nginx's without which it has this one.
pub const USUAL_TIMEOUT: f64 = 60.0;

/// A limit that a block asks for: the line, and the arguments.
pub type Asked = (usize, Vec<String>);

/// Settings of a block.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How long it waits for a connection.
    pub connect: Option<f64>,
    /// How long it waits for an answer.
    pub read: Option<f64>,
    /// What it does when a server fails.
    pub next: Next,
    /// `limit_req`.
    pub requests: Vec<Asked>,
    /// `limit_conn`.
    pub connections: Vec<Asked>,
    /// The zone of a cache.
    pub cache: Option<String>,
}

/// What is done when a server fails.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Next {
    on: Option<Vec<String>>,
    tries: Option<u32>,
    timeout: Option<f64>,
}

/// A directive's name without its protocol: `pass` of `proxy_pass`.
pub fn bare(name: &str) -> Option<&str> {
    PROTOCOLS.iter().find_map(|protocol| name.strip_prefix(protocol)?.strip_prefix('_'))
}

impl Settings {
    /// Those of a block within a block with these.
    pub fn within(&self, block: &[Directive], notes: &mut Notes) -> Self {
        let mut inner = self.clone();
        // A block that limits at all does not inherit limits.
        let limits = |name: &str| -> Vec<Asked> {
            block.iter().filter(|it| it.name == name).map(|it| (it.line, it.args.clone())).collect()
        };
        for (own, name) in [(&mut inner.requests, "limit_req"), (&mut inner.connections, "limit_conn")] {
            let said = limits(name);
            if !said.is_empty() {
                *own = said;
            }
        }
        for directive in block {
            if let Some(name) = bare(&directive.name) {
                inner.take(name, directive, notes);
            }
        }
        inner
    }

    fn take(&mut self, name: &str, directive: &Directive, notes: &mut Notes) {
        let line = directive.line;
        let time = || notation::span(&directive.args.join(" "));
        let target = match name {
            "connect_timeout" => &mut self.connect,
            "read_timeout" | "timeout" => {
                let note =
                    "is how long a request may take with all that it is passed on to; who is too late is not passed on";
                notes.at(line, format!("`{}` {note}", directive.name));
                &mut self.read
            }
            "next_upstream_timeout" => {
                // (0 is without.)
                self.next.timeout =
                    notation::seconds(directive.first()).filter(|time| *time > 0.0).and_then(|_| time());
                return;
            }
            _ => return self.take_word(name, directive, notes),
        };
        match time() {
            Some(time) => *target = Some(time),
            None => notes.at(line, format!("`{}` is not followed by a time", directive.name)),
        }
    }

    fn take_word(&mut self, name: &str, directive: &Directive, notes: &mut Notes) {
        match name {
            "next_upstream" => self.next.on = Some(directive.args.clone()),
            "next_upstream_tries" => match directive.first().parse::<u32>() {
                // (0 is without.)
                Ok(tries) => self.next.tries = (tries > 0).then_some(tries.min(INSTANCES_MAX)),
                Err(_) => notes.at(directive.line, format!("`{}` is not followed by a number", directive.name)),
            },
            "cache" => self.cache = Some(directive.first().to_owned()).filter(|zone| zone != "off"),
            _ => {}
        }
    }
}

impl Next {
    /// What a balancer does; `None` if it passes nothing on. Says of which conditions there is none.
    pub fn config(&self, line: usize, notes: &mut Notes) -> Option<NextUpstreamConfig> {
        let usual = ["error".to_owned(), "timeout".to_owned()];
        let words = self.on.as_deref().unwrap_or(&usual);
        if words.iter().any(|word| word == "off") {
            return None;
        }
        let mut on: Vec<CauseName> = Vec::new();
        for word in words {
            let causes = causes(word);
            if causes.is_empty() && word != "non_idempotent" {
                notes.at(
                    line,
                    format!("`next_upstream`: nobody fails with `{}` here", super::super::notes::shortened(word)),
                );
            }
            let new = causes.iter().filter_map(|name| CauseName::named(name)).filter(|cause| !on.contains(cause));
            let new: Vec<CauseName> = new.collect();
            on.extend(new);
        }
        Some(NextUpstreamConfig {
            on: (words != usual).then_some(on),
            tries: self.tries,
            timeout: self.timeout.map(Seconds),
            non_idempotent: words.iter().any(|word| word == "non_idempotent"),
            ..NextUpstreamConfig::default()
        })
    }
}

/// What a condition of nginx's is called here.
fn causes(word: &str) -> &'static [&'static str] {
    match word {
        "error" => &["instance_down"],
        "timeout" => &["network"],
        "http_500" => &["service_error"],
        "http_502" | "http_504" => &["call_failed"],
        "http_503" => &["queue_full", "queue_timeout", "not_admitted", "shed", "codel"],
        _ => &[],
    }
}

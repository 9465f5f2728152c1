//! A `backend`, or the servers of a `listen`, as a service.

use super::{
    super::{
        blank,
        lines::Line,
        members::{self, Member},
        notes::Notes,
        service_time,
    },
    sections::Section,
    server::{self, Alike, Server},
};
use crate::config::schema::{
    BalancerPolicy, BalancerQueueConfig, ChecksConfig, FailsConfig, KnowledgeConfig, NextUpstreamConfig, Seconds,
    ServiceConfig,
};

/// What there is to say of passing on.
pub const REDISPATCH: &str = "`option redispatch` passes on what a server has begun, too, if it may be repeated";

/// What a backend says beside its servers.
#[derive(Debug, Default)]
pub struct Timeouts {
    pub connect: Option<f64>,
    pub server: Option<f64>,
    queue: Option<f64>,
    check: Option<f64>,
}

impl Timeouts {
    /// Takes a line `timeout server 30s`.
    fn take(&mut self, line: &Line, notes: &mut Notes) {
        let Some(time) = server::span(line.word(2)) else {
            notes.at(line.number, format!("`timeout {}` is not followed by a time", line.word(1)));
            return;
        };
        match line.word(1) {
            "connect" => self.connect = Some(time),
            "server" => self.server = Some(time),
            "queue" => self.queue = Some(time),
            "check" => self.check = Some(time),
            _ => notes.idle(line.number, &format!("timeout {}", line.word(1))),
        }
    }
}

/// The service that a backend is, and its times; `None` if it has no server.
pub fn service(section: &Section, notes: &mut Notes) -> Option<(ServiceConfig, Timeouts)> {
    let mut service =
        ServiceConfig { balancer: BalancerPolicy::SmoothRoundRobin, service_time: service_time(), ..blank() };
    let (mut timeouts, mut servers, mut usual) = (Timeouts::default(), Vec::new(), Server::default());
    // (What the defaults have to say of others has its notes there.)
    let mut silent = Notes::default();
    let defaults = section.defaults.iter().map(|line| (line, true));
    for (line, is_default) in defaults.chain(section.lines.iter().map(|line| (line, false))) {
        let notes = if is_default { &mut silent } else { &mut *notes };
        match line.word(0) {
            "default-server" => usual.take(line, &line.words[1..], notes),
            "server" | "server-template" => servers.extend(one(line, usual, notes)),
            "timeout" => timeouts.take(line, notes),
            _ => setting(line, &mut service, notes),
        }
    }
    let names = "checks, `maxconn`, `slowstart` and the like";
    let alike = members::take(&mut service, servers, (section.number, names), notes)?;
    take_alike(&mut service, alike, &timeouts);
    Some((service, timeouts))
}

/// A server, unless it is out of use.
fn one(line: &Line, usual: Server, notes: &mut Notes) -> Option<Member<Alike>> {
    if line.word(0) == "server-template" {
        notes.at(line.number, "`server-template` is one server");
    }
    let behind = if line.word(0) == "server" { 3 } else { 4 };
    let mut server = usual;
    server.take(line, line.words.get(behind..).unwrap_or_default(), notes);
    if server.is_disabled {
        notes.at(line.number, format!("`{}` is disabled and left out", line.word(1)));
        return None;
    }
    let Server { weight, is_backup, alike, .. } = server;
    Some(Member { line: line.number, weight, is_backup, alike })
}

/// What all servers have alike.
fn take_alike(service: &mut ServiceConfig, alike: Alike, timeouts: &Timeouts) {
    service.max_conns = alike.max_conn;
    let wait = timeouts.queue.or(timeouts.connect);
    service.balancer_queue = alike.max_conn.map(|_| BalancerQueueConfig {
        limit: alike.max_queue.map(|each| each.saturating_mul(service.instances).min(1_000_000)),
        longest_wait: wait.map(Seconds),
    });
    service.keep_alive = alike.pool;
    service.slow_start = alike.slow_start.map(Seconds);
    service.knowledge = Some(match alike.is_checked {
        true => KnowledgeConfig::Checks(ChecksConfig {
            interval: Seconds(alike.interval),
            timeout: Seconds(timeouts.check.unwrap_or(alike.interval).min(alike.interval)),
            rise: alike.rise,
            fall: alike.fall,
            ..ChecksConfig::default()
        }),
        // Without checks it never learns who is down.
        false => KnowledgeConfig::Fails(FailsConfig { max_fails: 0, ..FailsConfig::default() }),
    });
    if service.instances == 1 {
        service.next_upstream = None;
    }
}

/// How it chooses, and what else a backend says.
fn setting(line: &Line, service: &mut ServiceConfig, notes: &mut Notes) {
    match (line.word(0), line.word(1)) {
        ("balance", _) => balance(line, service, notes),
        ("hash-balance-factor", _) => {
            let percent = line.word(1).parse::<f64>().ok().filter(|percent| (100.0..=100_000.0).contains(percent));
            service.balance_factor = percent.map(|percent| percent / 100.0);
            service.balancer = bounded(service.balancer, service.balance_factor);
        }
        ("option", "redispatch") => {
            notes.at(line.number, REDISPATCH);
            service.next_upstream = Some(NextUpstreamConfig { tries: Some(2), ..NextUpstreamConfig::default() });
        }
        ("no", "option") if line.word(2) == "redispatch" => service.next_upstream = None,
        ("retries", _) => notes.at(line.number, "`retries` at the same server are not simulated"),
        _ => super::leave(line, notes),
    }
}

fn balance(line: &Line, service: &mut ServiceConfig, notes: &mut Notes) {
    let word = line.word(1);
    let policy = match word.split('(').next().unwrap_or_default() {
        "roundrobin" | "static-rr" => BalancerPolicy::SmoothRoundRobin,
        "leastconn" => BalancerPolicy::LeastConnections,
        "random" if word == "random(1)" => BalancerPolicy::WeightedRandom,
        "random" => BalancerPolicy::TwoChoices,
        "source" | "hash" | "uri" | "url_param" | "hdr" | "rdp-cookie" => {
            if word != "source" {
                notes.at(line.number, format!("`balance {}`: the key is the user", super::shortened(word)));
            }
            BalancerPolicy::UserHash
        }
        _ => {
            notes.at(line.number, format!("`balance {}` has no counterpart", super::shortened(word)));
            return;
        }
    };
    service.balancer = bounded(policy, service.balance_factor);
}

/// A hash whose load is bounded is another policy.
fn bounded(policy: BalancerPolicy, factor: Option<f64>) -> BalancerPolicy {
    if policy == BalancerPolicy::UserHash && factor.is_some() { BalancerPolicy::BoundedHash } else { policy }
}

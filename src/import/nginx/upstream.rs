//! An `upstream` block as a service: its servers are instances.

use super::{
    super::{
        blank,
        members::{self, Member},
        notes::Notes,
        service_time,
    },
    notation,
    tree::Directive,
};
use crate::config::{
    limits::{CHECKS_MAX, WORKERS_MAX},
    schema::{BalancerPolicy, BalancerQueueConfig, FailsConfig, KnowledgeConfig, Seconds, ServiceConfig},
};

/// What a server has that all instances of a service have alike.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Alike {
    max_fails: u32,
    fail_timeout: f64,
    max_conns: u32,
    slow_start: Option<f64>,
}

impl Default for Alike {
    fn default() -> Self {
        Self { max_fails: 1, fail_timeout: 10.0, max_conns: 0, slow_start: None }
    }
}

/// The service that an upstream is; `None` if it has no server.
pub fn service(upstream: &Directive, are_workers_one: bool, notes: &mut Notes) -> Option<ServiceConfig> {
    let mut service = alone();
    let mut servers = Vec::new();
    let mut has_zone = false;
    for directive in upstream.inner() {
        match directive.name.as_str() {
            "server" => servers.extend(server(directive, notes)),
            "zone" => has_zone = true,
            _ => setting(directive, &mut service, notes),
        }
    }
    let names = "`max_fails`, `fail_timeout`, `max_conns` and `slow_start`";
    let alike = members::take(&mut service, servers, (upstream.line, names), notes)?;
    if !has_zone && !are_workers_one && service.instances > 1 {
        notes.at(upstream.line, "without a `zone` each worker process learns for itself who is down; here all know");
    }
    service.max_conns = (alike.max_conns > 0).then_some(alike.max_conns);
    service.slow_start = alike.slow_start.map(Seconds);
    let fails = FailsConfig { max_fails: alike.max_fails, fail_timeout: Seconds(alike.fail_timeout) };
    service.knowledge = Some(KnowledgeConfig::Fails(fails));
    Some(service)
}

/// A server that is asked without an upstream.
pub fn alone() -> ServiceConfig {
    ServiceConfig {
        balancer: BalancerPolicy::SmoothRoundRobin,
        knowledge: Some(KnowledgeConfig::Fails(FailsConfig::default())),
        service_time: service_time(),
        ..blank()
    }
}

/// A server, unless it is marked as down.
fn server(directive: &Directive, notes: &mut Notes) -> Option<Member<Alike>> {
    let line = directive.line;
    let mut server = Member { line, weight: 1.0, is_backup: false, alike: Alike::default() };
    for arg in directive.args.iter().skip(1) {
        let (key, value) = arg.split_once('=').unwrap_or((arg, ""));
        let alike = &mut server.alike;
        let is_read = match key {
            "down" => {
                notes.at(line, format!("`{}` is marked as down and left out", directive.first()));
                return None;
            }
            "backup" => {
                server.is_backup = true;
                true
            }
            "weight" => read(
                value.parse().ok().filter(|weight| (1..=1_000_000).contains(weight)).map(u32::into),
                &mut server.weight,
            ),
            "max_fails" => read(value.parse().ok().map(|fails: u32| fails.min(CHECKS_MAX)), &mut alike.max_fails),
            "fail_timeout" => read(notation::span(value), &mut alike.fail_timeout),
            "max_conns" => read(value.parse().ok().map(|most: u32| most.min(WORKERS_MAX)), &mut alike.max_conns),
            // (0 is without.)
            "slow_start" => read(
                notation::seconds(value).map(|time| notation::span(value).filter(|_| time > 0.0)),
                &mut alike.slow_start,
            ),
            "resolve" => true,
            _ => false,
        };
        if !is_read {
            notes.at(line, format!("`{arg}` of a server has no counterpart"));
        }
    }
    Some(server)
}

/// Takes a value that could be read.
fn read<T>(value: Option<T>, target: &mut T) -> bool {
    let is_read = value.is_some();
    if let Some(value) = value {
        *target = value;
    }
    is_read
}

/// How it chooses, and what else an upstream says.
fn setting(directive: &Directive, service: &mut ServiceConfig, notes: &mut Notes) {
    let Directive { line, name, args, .. } = directive;
    match name.as_str() {
        "least_conn" => service.balancer = BalancerPolicy::LeastConnections,
        "ip_hash" => service.balancer = BalancerPolicy::IpHash,
        "hash" => {
            service.balancer = BalancerPolicy::UserHash;
            let key = directive.first();
            if !["$remote_addr", "$binary_remote_addr", "$remote_user", "$cookie_jsessionid"].contains(&key) {
                notes.at(*line, format!("`hash {key}`: the key is the user"));
            }
        }
        "random" => random(args, service, *line, notes),
        "least_time" => {
            service.balancer = BalancerPolicy::PeakEwma;
            notes.at(*line, "`least_time` is peak EWMA here: mean times of two drawn at random, not of all");
        }
        "keepalive" => match directive.first().parse::<u32>() {
            Ok(idle) => service.keep_alive = Some(idle.min(WORKERS_MAX)),
            Err(_) => notes.at(*line, "`keepalive` is not a number of connections"),
        },
        "queue" => {
            let limit = directive.first().parse().ok().filter(|limit| (1..=WORKERS_MAX).contains(limit));
            let longest_wait = directive.value("timeout").and_then(notation::span).unwrap_or(60.0);
            service.balancer_queue = Some(BalancerQueueConfig { limit, longest_wait: Some(Seconds(longest_wait)) });
        }
        "keepalive_requests" | "keepalive_timeout" | "keepalive_time" | "ntlm" | "state" | "resolver" => {
            notes.idle(*line, name);
        }
        _ => notes.at(*line, format!("`{}` of an upstream has no counterpart", super::super::notes::shortened(name))),
    }
}

fn random(args: &[String], service: &mut ServiceConfig, line: usize, notes: &mut Notes) {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    service.balancer = match words.as_slice() {
        [] => BalancerPolicy::WeightedRandom,
        ["two"] | ["two", "least_conn"] => BalancerPolicy::TwoChoices,
        ["two", ..] => {
            notes.at(line, "`random two least_time` is peak EWMA here");
            BalancerPolicy::PeakEwma
        }
        _ => {
            notes.at(line, "`random` is not followed by `two`");
            BalancerPolicy::WeightedRandom
        }
    };
}

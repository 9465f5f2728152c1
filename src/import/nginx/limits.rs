//! `limit_req` and `limit_conn` as parts of a policy.

use std::collections::BTreeMap;

use super::{
    super::notes::Notes,
    notation,
    settings::{Asked, Settings},
    tree::Directive,
};
use crate::config::{
    limits::{RETRY_BURST_MAX, WORKERS_MAX},
    schema::{BulkheadConfig, LimiterConfig, PolicyConfig, Seconds},
};

/// Variables that are the same for everybody who asks a server.
const ALIKE: [&str; 7] =
    ["$server_name", "$host", "$http_host", "$hostname", "$server_addr", "$server_port", "$scheme"];

/// Zones of `limit_req_zone` and `limit_conn_zone`, by name.
#[derive(Debug, Default)]
pub struct Zones {
    requests: BTreeMap<String, Zone>,
    connections: BTreeMap<String, Zone>,
}

#[derive(Debug)]
struct Zone {
    key: String,
    rate: f64,
}

impl Zones {
    /// Takes note of a directive if it says what a zone is.
    pub fn read(&mut self, directive: &Directive, notes: &mut Notes) {
        let is_of_requests = directive.name == "limit_req_zone";
        if !is_of_requests && directive.name != "limit_conn_zone" {
            return;
        }
        let name = directive.value("zone").and_then(|zone| zone.split(':').next()).unwrap_or_default();
        let key = directive.first().to_owned();
        let rate = directive.value("rate").and_then(notation::rate);
        match (is_of_requests, rate) {
            (true, Some(rate)) => _ = self.requests.insert(name.into(), Zone { key, rate }),
            (true, None) => notes.at(directive.line, "`limit_req_zone` has no rate such as `10r/s`"),
            (false, _) => _ = self.connections.insert(name.into(), Zone { key, rate: 0.0 }),
        }
    }

    /// Puts the limits of a block into a policy.
    pub fn limit(&self, settings: &Settings, policy: &mut PolicyConfig, notes: &mut Notes) {
        let limiters = settings.requests.iter().filter_map(|asked| self.limiter(asked, notes)).collect::<Vec<_>>();
        // Several hold at a time: the lowest rate decides in the long run.
        policy.limiter = limiters.into_iter().min_by(|a, b| a.rate.total_cmp(&b.rate));
        let most = settings.connections.iter().filter_map(|asked| self.most(asked, notes)).min();
        policy.bulkhead = most.map(|max| BulkheadConfig { max, ..BulkheadConfig::default() });
    }

    fn limiter(&self, (line, args): &Asked, notes: &mut Notes) -> Option<LimiterConfig> {
        let value = |key: &str| args.iter().find_map(|arg| arg.strip_prefix(key)?.strip_prefix('='));
        let zone = find(&self.requests, value("zone").unwrap_or_default(), *line, "limit_req", notes)?;
        let number = |key| value(key).and_then(|text: &str| text.parse::<u32>().ok()).unwrap_or(0);
        let burst = f64::from(number("burst")).min(RETRY_BURST_MAX - 1.0);
        // So many go on at once, and the others of the burst wait for their turn.
        let at_once = match args.iter().any(|arg| arg == "nodelay") {
            true => burst,
            false => f64::from(number("delay")).min(burst),
        };
        Some(LimiterConfig {
            rate: zone.rate,
            burst: at_once + 1.0,
            longest_wait: Seconds(((burst - at_once) / zone.rate).min(1e6)),
        })
    }

    fn most(&self, (line, args): &Asked, notes: &mut Notes) -> Option<u32> {
        let name = args.first().map_or("", String::as_str);
        find(&self.connections, name, *line, "limit_conn", notes)?;
        let most: Option<u32> = args.get(1).and_then(|most| most.parse().ok());
        if most.is_none() {
            notes.at(*line, "`limit_conn` is not followed by a zone and a number");
        }
        most.map(|most| most.clamp(1, WORKERS_MAX))
    }
}

/// A zone, if it limits all requests together.
fn find<'z>(
    zones: &'z BTreeMap<String, Zone>,
    name: &str,
    line: usize,
    what: &str,
    notes: &mut Notes,
) -> Option<&'z Zone> {
    let Some(zone) = zones.get(name) else {
        notes.at(line, format!("`{what}`: there is no zone `{}`", super::super::notes::shortened(name)));
        return None;
    };
    let key = zone.key.as_str();
    if key.contains('$') && !ALIKE.contains(&key) {
        notes.at(line, format!("`{what}` limits each `{key}` by itself; no user comes that often here"));
        return None;
    }
    Some(zone)
}

//! Where requests are passed on: `proxy_pass` and its like.

use std::collections::BTreeMap;

use super::{
    super::{
        THINGS_MAX, blank,
        names::Names,
        notes::{Notes, shortened},
        users,
    },
    limits::Zones,
    settings::{Next, Settings, USUAL_TIMEOUT},
    tree::Directive,
    upstream,
};
use crate::config::schema::{
    CacheConfig, CacheUse, CallConfig, Config, DistributionConfig, EndpointConfig, LookUpStep, PolicyConfig, PolicyUse,
    Seconds, ServiceConfig, StepConfig,
};

/// The share of requests that find their answers in a cache, which no proxy's file says.
const HIT_PROB: f64 = 0.5;

/// Systems behind an nginx, as they are found.
pub struct Passing<'t> {
    pub config: &'t mut Config,
    pub notes: &'t mut Notes,
    /// `upstream` blocks by name.
    pub upstreams: BTreeMap<&'t str, &'t Directive>,
    pub zones: Zones,
    pub are_workers_one: bool,
    names: Names,
    /// What services are called, by whom nginx asks, and what happens when one of their instances fails.
    services: BTreeMap<String, (String, Next)>,
    /// The services that stand for nginx with a cache, by its zone.
    fronts: BTreeMap<String, String>,
    /// The connect timeouts there are.
    connect: Vec<f64>,
}

impl<'t> Passing<'t> {
    pub fn new(config: &'t mut Config, notes: &'t mut Notes) -> Self {
        Self {
            config,
            notes,
            upstreams: BTreeMap::new(),
            zones: Zones::default(),
            are_workers_one: true,
            names: Names::default(),
            services: BTreeMap::new(),
            fronts: BTreeMap::new(),
            connect: Vec::new(),
        }
    }

    /// A location whose requests are passed on: a group of users, and whom they ask.
    pub fn pass(&mut self, directive: &Directive, settings: &Settings, place: &str) {
        let line = directive.line;
        if self.config.users.len() >= THINGS_MAX {
            self.notes.at(line, format!("only the first {THINGS_MAX} places that pass requests on are taken over"));
            return;
        }
        let Some(asked) = whom(directive.first()) else {
            self.notes.at(line, format!("`{}`: whom it asks is decided by variables", directive.name));
            return;
        };
        let Some(service) = self.service(asked, line, settings) else { return };
        self.connect.push(settings.connect.unwrap_or(USUAL_TIMEOUT));
        let mut policy: PolicyConfig = blank();
        self.zones.limit(settings, &mut policy, self.notes);
        let timeout = settings.read.map(Seconds);
        let target = match &settings.cache {
            Some(zone) => self.cached(zone, service, timeout, place),
            None => {
                policy.timeout = timeout;
                service
            }
        };
        let group = self.names.take(place);
        self.config.users.insert(group, users([target], policy));
    }

    /// The service that is asked, which is made if there is none yet.
    fn service(&mut self, asked: &str, line: usize, settings: &Settings) -> Option<String> {
        if let Some((name, next)) = self.services.get(asked) {
            if *next != settings.next {
                let notes = &mut self.notes;
                notes.at(
                    line,
                    format!("what happens when a server of `{name}` fails is said differently before, and holds"),
                );
            }
            return Some(name.clone());
        }
        let service = match self.upstreams.get(asked) {
            Some(&block) => upstream::service(block, self.are_workers_one, self.notes),
            None => {
                self.notes.at(line, format!("`{}` is taken to be one server", shortened(asked)));
                Some(upstream::alone())
            }
        };
        let Some(mut service) = service else {
            self.notes.at(line, format!("the upstream `{}` has no server", shortened(asked)));
            return None;
        };
        // (Where there is one only, there is no next one.)
        service.next_upstream = settings.next.config(line, self.notes).filter(|_| service.instances > 1);
        let name = self.names.take(asked);
        self.config.services.insert(name.clone(), service);
        self.services.insert(asked.to_owned(), (name.clone(), settings.next.clone()));
        Some(name)
    }

    /// nginx answers from a cache what it has there: a service of its own, which asks the other one for what it misses.
    fn cached(&mut self, zone: &str, asks: String, timeout: Option<Seconds>, place: &str) -> String {
        let front = match self.fronts.get(zone) {
            Some(front) => front.clone(),
            None => self.front(zone),
        };
        let policy =
            timeout.map(|timeout| PolicyUse::Own(Box::new(PolicyConfig { timeout: Some(timeout), ..blank() })));
        let miss = StepConfig::Call(CallConfig { policy, ..call(asks) });
        let look_up = StepConfig::LookUp(LookUpStep { miss: Some(vec![miss]), ..LookUpStep::default() });
        let endpoint = self.names.take(&format!("get {place}")).replace('.', "-");
        let Some(service) = self.config.services.get_mut(&front) else { return front };
        service.endpoints.insert(endpoint.clone(), EndpointConfig { steps: vec![look_up], ..blank() });
        format!("{front}.{endpoint}")
    }

    /// The service that stands for nginx with a cache.
    fn front(&mut self, zone: &str) -> String {
        self.notes.say(format!(
            "assumed: {} of the requests find their answers in the cache `{}`",
            HIT_PROB,
            shortened(zone)
        ));
        let cache = self.names.take(zone);
        let operation = Some(DistributionConfig::constant(0.0));
        let config = CacheConfig { operation, hit_prob: Some(HIT_PROB), ..blank() };
        self.config.caches.insert(cache.clone(), config);
        let cache = CacheUse::named(cache);
        let front = self.names.take("nginx").replace('.', "-");
        self.config.services.insert(front.clone(), ServiceConfig { cache: Some(cache), ..blank() });
        self.fronts.insert(zone.to_owned(), front.clone());
        front
    }

    /// Sums up what is one thing here and several there.
    pub fn finish(&mut self) {
        let Some(shortest) = self.connect.iter().copied().min_by(f64::total_cmp) else { return };
        if self.connect.iter().any(|&time| time != shortest) {
            self.notes.say(format!("of different connect timeouts the shortest, {shortest} s, is taken for all"));
        }
        self.config.network.partition_timeout = Seconds(shortest);
        for (name, upstream) in &self.upstreams {
            if !self.services.contains_key(*name) {
                self.notes.at(upstream.line, format!("nobody passes anything to the upstream `{name}`"));
            }
        }
    }
}

fn call(to: String) -> CallConfig {
    CallConfig {
        to: vec![to],
        need: None,
        kind: Default::default(),
        prob: 1.0,
        on_error: Default::default(),
        pool: None,
        policy: None,
    }
}

/// The upstream, or the server, of an address; `None` if only a variable says it.
fn whom(address: &str) -> Option<&str> {
    let schemes = ["http://", "https://", "grpc://", "grpcs://", "uwsgi://", "suwsgi://", "scgi://"];
    let rest = schemes.iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    let end = match rest.strip_prefix("unix:") {
        Some(path) => path.find(':').map_or(rest.len(), |end| end + "unix:".len()),
        None => rest.find(['/', '?']).unwrap_or(rest.len()),
    };
    Some(&rest[..end]).filter(|whom| !whom.is_empty() && !whom.contains('$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_whom_they_mean() {
        for (address, expected) in [
            ("http://backend", Some("backend")),
            ("https://api.example.com:8443/v1/", Some("api.example.com:8443")),
            ("http://unix:/run/app.sock:/x", Some("unix:/run/app.sock")),
            ("unix:/run/php.sock", Some("unix:/run/php.sock")),
            ("127.0.0.1:9000", Some("127.0.0.1:9000")),
            ("http://$backend", None),
            ("http://", None),
            ("", None),
        ] {
            assert_eq!(whom(address), expected, "{address}");
        }
    }
}

//! A run with figures made up, for charts: any number of components, any values.

use web_service_model::{
    chart::Source,
    config::schema::{BrokerConfig, Config, Named, QueueConfig, Seconds},
    model::visit::Phase,
    report::Latency,
    simulation::{ComponentState, Histogram, LatencyBand, LatencyHeat, OutcomeCounts, Series},
};

/// The value of a series, by its name and the number of the window.
type Values = Box<dyn Fn(&str, usize) -> f64>;

/// A made-up run.
pub struct Fake {
    pub now: f64,
    pub config: Config,
    pub components: Vec<ComponentState>,
    /// Gives the values of a series by its name.
    pub values: Values,
    pub windows: usize,
    pub counts: Vec<u64>,
    pub latency: Latency,
    pub promotions: Vec<(String, f64)>,
}

/// The services of the coursework and how many instances each has.
const SERVICES: [(&str, usize); 5] = [
    ("AuthService", 1),
    ("PaymentService", 3),
    ("DataService", 2),
    ("PublicInfoService", 2),
    ("NotificationService", 1),
];

/// A number between 0 and 1 that depends on its arguments alone.
pub fn noise(name: &str, index: usize) -> f64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (hash >> 40) as f64 / (1u64 << 24) as f64
}

fn component(kind: &'static str, group: &str, name: String) -> ComponentState {
    ComponentState {
        name,
        kind,
        group: group.into(),
        state: "up",
        role: "",
        down_because: "",
        busy: 0,
        capacity: (kind == "instance").then_some(4),
        queue: 0,
        slow_factor: 1.0,
        error_prob: 0.0,
        lag_writes: 0,
        outages: 0,
    }
}

impl Fake {
    /// A run that looks like the coursework's.
    pub fn coursework() -> Self {
        let mut components = Vec::new();
        for (service, instances) in SERVICES {
            components.extend((0..instances).map(|i| component("instance", service, format!("{service}-{i}"))));
        }
        for (service, instances) in &SERVICES[1..4] {
            for i in 0..*instances {
                let cluster = format!("{}Cluster-{i}", service.trim_end_matches("Service"));
                components.extend((0..2).map(|node| component("node", &cluster, format!("{cluster}/{node}"))));
            }
        }
        components.extend((0..2).map(|i| component("cache", "DataCache", format!("DataCache-{i}"))));
        components.push(component("broker", "RabbitMQ", "RabbitMQ".into()));
        let shape = |x: f64| libm::pow(libm::sin(x * 4.0), 2.0) * 60.0 * libm::exp(-libm::pow((x - 0.4) * 3.0, 2.0));
        Self {
            now: 49.6,
            config: config(),
            components,
            values: Box::new(coursework_value),
            windows: 50,
            counts: (0..300).map(|i| shape(f64::from(i) / 300.0).round() as u64).collect(),
            latency: latency(0.247, 0.540, 0.589),
            promotions: vec![("PaymentCluster-0/1".into(), 17.3), ("DataCluster-0/1".into(), 33.0)],
        }
    }

    /// A run that has not begun.
    pub fn empty() -> Self {
        let latency = Latency::default();
        Self { now: 0.0, windows: 0, counts: Vec::new(), latency, promotions: Vec::new(), ..Self::coursework() }
    }

    /// Counts of all requests (without a name), of a service or of an instance.
    fn counts(&self, kind: &'static str, name: &str) -> OutcomeCounts {
        let most = match kind {
            "requests" => 910.0,
            "service" => 85.0 + 15.0 * noise(name, 1),
            _ => noise(name, 7) * 70.0,
        };
        let succeeded = if self.windows == 0 { 0 } else { most as u64 };
        let failures = if kind == "instance" { vec![("instance_down", succeeded / 9)] } else { failures(name) };
        let time_in = Phase::ALL.map(|phase| (phase.name(), (noise(name, phase as usize) - 0.4).max(0.0) * 0.2));
        let time_in = if kind == "instance" { Vec::new() } else { time_in.to_vec() };
        OutcomeCounts { kind, name: name.into(), succeeded, failures, time_in }
    }
}

fn config() -> Config {
    let queues = Named::from([("messages".to_string(), QueueConfig::default())]);
    let broker = BrokerConfig { queues, ..BrokerConfig::default() };
    Config { duration: Seconds(50.0), brokers: Named::from([("RabbitMQ".into(), broker)]), ..Config::default() }
}

fn failures(name: &str) -> Vec<(&'static str, u64)> {
    let causes = ["instance_down", "processing", "no_instance", "cache", "broker"];
    causes.into_iter().map(|cause| (cause, (noise(name, cause.len()) * 6.0) as u64)).collect()
}

fn latency(mean: f64, p95: f64, p99: f64) -> Latency {
    let (mean, p50, p95, p99) = (Some(mean), Some(mean), Some(p95), Some(p99));
    Latency { count: 100, mean, p50, p90: p50, p95, p99, p999: p99, min: Some(0.01), max: p99 }
}

fn coursework_value(name: &str, index: usize) -> f64 {
    let noise = noise(name, index);
    if name.ends_with(".up") {
        // Outages of five to ten windows, at a place that depends on the name.
        let phase = (index + (self::noise(name, 0) * 40.0) as usize) % 33;
        return if phase == 0 { self::noise(name, 1) } else { f64::from(phase > 7) };
    }
    match name.rsplit('.').next().unwrap_or_default() {
        "succeeded" => 12.0 + 8.0 * noise,
        "failed" | "rejected" => (noise * 4.0).floor(),
        "latency_p50" => 0.2 + 0.05 * noise,
        "latency_p95" => 0.45 + 0.1 * noise,
        "latency_p99" => 0.55 + 0.3 * noise * noise * noise,
        "hit_ratio" => 0.6 + 0.4 * noise,
        "busy" => noise * 1.5,
        "size" => (noise * 4.0).floor(),
        _ if noise < 0.05 => f64::NAN,
        _ => 0.1 + 0.2 * noise,
    }
}

impl Source for Fake {
    fn now(&self) -> f64 {
        self.now
    }

    fn config(&self) -> &Config {
        &self.config
    }

    fn series(&self, name: &str) -> Option<Series> {
        let values = (0..self.windows).map(|index| (self.values)(name, index)).collect();
        Some(Series { start: 0.0, width: self.now / self.windows.max(1) as f64, values })
    }

    fn histogram(&self, name: &str, _bins: usize) -> Option<Histogram> {
        let width = if name.starts_with("requests") { 0.0025 } else { 0.0002 };
        Some(Histogram { start: 0.0, width, counts: self.counts.clone() })
    }

    fn components(&self) -> Vec<ComponentState> {
        self.components.clone()
    }

    fn latency(&self, name: &str) -> Option<Latency> {
        let factor = match name {
            "network.tcp" => 0.08,
            "network.tls" => 0.14,
            _ => return Some(self.latency.clone()),
        };
        Some(Latency { mean: self.latency.mean.map(|mean| mean * factor), ..Latency::default() })
    }

    fn latency_heat(&self) -> LatencyHeat {
        // Thirty bands from 30 ms up, each an eighth wider than the one before.
        let edge = |band: usize| 0.03 * libm::pow(1.125, band as f64);
        let count = |band: usize, window: usize| {
            let hump = 8.0 - (band as f64 - 12.0 - 8.0 * noise("hump", window)).abs();
            ((self.values)("heat", window) + hump + 4.0 * noise("heat", band * 997 + window)).max(0.0).floor()
        };
        let counts = |band: usize| (0..self.windows).map(|window| count(band, window)).collect();
        let bands = (0..30).map(|band| LatencyBand { from: edge(band), to: edge(band + 1), counts: counts(band) });
        let bands = if self.windows == 0 { Vec::new() } else { bands.collect() };
        LatencyHeat { start: 0.0, width: self.now / self.windows.max(1) as f64, bands }
    }

    fn outcomes(&self) -> Vec<OutcomeCounts> {
        let instances = || self.components.iter().filter(|state| state.kind == "instance");
        let mut services: Vec<&str> = instances().map(|state| state.group.as_str()).collect();
        services.dedup();
        let all = [self.counts("requests", "")].into_iter();
        let services = services.into_iter().map(|name| self.counts("service", name));
        all.chain(services).chain(instances().map(|state| self.counts("instance", &state.name))).collect()
    }

    fn promotions(&self) -> Vec<(String, f64)> {
        self.promotions.clone()
    }
}

//! Configurations of proxies and brokers as configurations of the simulator: text in, a configuration and notes out.
//!
//! A proxy's file says whom it asks, how it chooses and what it does when somebody does not answer; the definitions of a broker say
//! which queues there are and what leads to them. How long work takes and how many requests come they do not say: that is assumed,
//! and a note says so. So does a note of whatever has no
//! counterpart here, and in which line it stands.

mod haproxy;
mod members;
mod names;
mod nginx;
mod notes;
mod rabbitmq;

use crate::config::schema::{
    ArrivalsConfig, Config, DistributionConfig, Named, PolicyConfig, PolicyUse, Seconds, Shape, Text, UsersConfig,
};

pub use notes::Note;
use notes::Notes;

/// Requests a second of each group, which no proxy's file says.
const RATE: f64 = 10.0;
/// Mean time that an instance works for a request, which no proxy's file says either.
const SERVICE_SECONDS: f64 = 0.05;
/// Most things of a kind that are taken over: beyond them nobody sees anything in a picture.
const THINGS_MAX: usize = 300;

/// The product that a text was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// nginx.
    Nginx,
    /// HAProxy.
    Haproxy,
    /// RabbitMQ.
    Rabbitmq,
}

/// What a text says, as a configuration.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The system.
    pub config: Config,
    /// What was assumed, and what was not taken over.
    pub notes: Vec<Note>,
}

/// There is nothing in a text that could be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NothingUnderstood {
    /// What was tried.
    pub product: Product,
    /// Why not.
    pub notes: Vec<Note>,
}

impl Product {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "HAProxy",
            Self::Rabbitmq => "RabbitMQ",
        }
    }

    /// The product for which a text seems to have been written. HAProxy's has sections without braces, RabbitMQ's definitions are JSON.
    pub fn of(text: &str) -> Self {
        if rabbitmq::is_it(text) {
            return Self::Rabbitmq;
        }
        let is_section = |line: &str| {
            let mut words = line.split_whitespace();
            let known = words.next().is_some_and(|word| ["frontend", "backend", "listen", "defaults"].contains(&word));
            known && !line.contains(['{', ';'])
        };
        if text.lines().any(is_section) { Self::Haproxy } else { Self::Nginx }
    }
}

/// Makes a configuration of the text of a proxy's.
pub fn import(text: &str, product: Product) -> Result<Imported, NothingUnderstood> {
    let mut notes = Notes::default();
    let mut config = Config {
        name: "imported".into(),
        title: Text { en: format!("Imported from {}", product.name()), ru: String::new() },
        ..Config::default()
    };
    match product {
        Product::Nginx => nginx::read(text, &mut config, &mut notes),
        Product::Haproxy => haproxy::read(text, &mut config, &mut notes),
        Product::Rabbitmq => rabbitmq::read(text, &mut config, &mut notes),
    }
    if config.services.is_empty() || config.users.is_empty() {
        return Err(NothingUnderstood { product, notes: notes.in_order() });
    }
    notes.say(format!(
        "assumed: {RATE} requests a second (Poisson, reads) of each group of users, and {} ms of work (exponential) for each \
         request, any number at a time, on each instance",
        SERVICE_SECONDS * 1e3
    ));
    Ok(Imported { config, notes: notes.in_order() })
}

/// How long an instance works for a request, as far as anybody knows.
fn service_time() -> Option<DistributionConfig> {
    Some(DistributionConfig(Shape::Exponential { mean: Seconds(SERVICE_SECONDS) }))
}

/// Users who ask one or several, all of them alike.
fn users(targets: impl IntoIterator<Item = String>, policy: PolicyConfig) -> UsersConfig {
    UsersConfig {
        arrivals: Some(ArrivalsConfig::Poisson { rate: RATE }),
        targets: targets.into_iter().map(|target| (target, 1.0)).collect::<Named<f64>>(),
        policy: (policy != PolicyConfig::default()).then(|| PolicyUse::Own(Box::new(policy))),
        ..UsersConfig::default()
    }
}

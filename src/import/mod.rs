//! Configurations of proxies, brokers and stores as configurations of the simulator: text in, a configuration and notes out.
//!
//! A proxy's file says whom it asks, how it chooses and what it does when somebody does not answer; the definitions of a broker say
//! which queues there are and what leads to them; a store's file says what it keeps and who takes the place of whom. How long
//! work takes and how many requests come they do not say: that is assumed, and a note says so. So does a note of whatever has no
//! counterpart here, and in which line it stands.

mod haproxy;
mod lines;
mod members;
mod names;
mod nginx;
mod notes;
mod patroni;
mod product;
mod rabbitmq;
mod redis;
mod sentinel;
mod stores;

use crate::config::schema::{
    ArrivalsConfig, Config, DistributionConfig, Named, PolicyConfig, PolicyUse, Seconds, Shape, Text, UsersConfig,
};

pub use notes::Note;
use notes::Notes;
pub use product::Product;

/// Requests a second of each group, which no file says.
const RATE: f64 = 10.0;
/// Mean time that an instance works for a request, which no file says either.
const SERVICE_SECONDS: f64 = 0.05;
/// Most things of a kind that are taken over: beyond them nobody sees anything in a picture.
const THINGS_MAX: usize = 300;

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

/// Makes a configuration of a product's text.
pub fn import(text: &str, product: Product) -> Result<Imported, NothingUnderstood> {
    // (Windows marks the beginning of a text, and ends its lines with two signs.)
    let text = &text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut notes = Notes::default();
    let mut config = Config {
        name: "imported".into(),
        title: Text {
            en: format!("Imported from {}", product.name()), ru: format!("Импорт из {}", product.name())
        },
        ..Config::default()
    };
    match product {
        Product::Nginx => nginx::read(text, &mut config, &mut notes),
        Product::Haproxy => haproxy::read(text, &mut config, &mut notes),
        Product::Rabbitmq => rabbitmq::read(text, &mut config, &mut notes),
        Product::Patroni => patroni::read(text, &mut config, &mut notes),
        Product::Redis => redis::read(text, &mut config, &mut notes),
        Product::Sentinel => sentinel::read(text, &mut config, &mut notes),
    }
    if config.services.is_empty() || config.users.is_empty() {
        return Err(NothingUnderstood { product, notes: notes.in_order() });
    }
    if !product.is_store() {
        tell_users(&mut notes);
    }
    Ok(Imported { config, notes: notes.in_order() })
}

/// What is assumed of those who ask, where no store has said more.
fn tell_users(notes: &mut Notes) {
    notes.say(format!(
        "assumed: {RATE} requests a second (Poisson, reads) of each group of users, and {} ms of work (exponential) for each \
         request, any number at a time, on each instance",
        SERVICE_SECONDS * 1e3
    ));
}

/// How long an instance works for a request, as far as anybody knows.
fn service_time() -> Option<DistributionConfig> {
    Some(DistributionConfig(Shape::Exponential { mean: Seconds(SERVICE_SECONDS) }))
}

/// A part of a configuration of which nothing is said yet. (Out of line: a browser would fetch each copy of it.)
#[inline(never)]
fn blank<T: Default>() -> T {
    T::default()
}

/// Users who ask one or several, all of them alike.
fn users(targets: impl IntoIterator<Item = String>, policy: PolicyConfig) -> UsersConfig {
    UsersConfig {
        arrivals: Some(ArrivalsConfig::Poisson { rate: RATE }),
        targets: targets.into_iter().map(|target| (target, 1.0)).collect::<Named<f64>>(),
        policy: (policy != PolicyConfig::default()).then(|| PolicyUse::Own(Box::new(policy))),
        ..blank()
    }
}

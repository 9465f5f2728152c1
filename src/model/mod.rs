//! The web system: users, balancer, services, databases, caches and broker as one discrete-event model.
//!
//! It knows neither the wire format nor JavaScript: it runs on a resolved [`topology`].

pub mod plan;
pub mod topology;

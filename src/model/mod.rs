//! The web system: users, balancer, services, databases, caches and broker as one discrete-event model.
//!
//! It knows neither the wire format nor JavaScript: it runs on a resolved
//! [`topology`]. The state is a [`world::World`], whose `handle` is the only
//! place where events are dispatched. What a service does for a request is a
//! [`plan`]; a request is a cursor over it ([`request::Visit`]), moved on by
//! `visits`, and each kind of step has its file.

pub mod actions;
pub mod arrivals;
pub mod balancer;
pub mod broker;
pub mod cache;
pub mod cause;
pub mod change;
pub mod context;
pub mod database;
pub mod event;
pub mod facility;
pub mod fault;
pub mod gauges;
pub mod graft;
pub mod health;
pub mod keys;
pub mod log;
pub mod membership;
pub mod network;
pub mod outcomes;
pub mod partition;
pub mod plan;
pub mod policy;
pub mod population;
pub mod replication;
pub mod request;
pub mod service;
pub mod shared_workers;
pub mod topology;
pub mod trace;
pub mod users;
pub mod visits;
pub mod whereabouts;
pub mod world;

//! The web system: users, balancer, services, databases, caches and broker as one discrete-event model.
//!
//! It knows neither the wire format nor JavaScript: it runs on a resolved
//! [`topology`]. The state is a [`world::World`], whose `handle` is the only
//! place where events are dispatched. What a service does for a request is a
//! [`plan`]; a request is a cursor over it ([`visit::Visit`]), moved on by
//! `visits`, and each kind of step has its file.

pub mod actions;
pub mod address;
pub mod admission;
pub mod arrivals;
pub mod attempts;
pub mod balancer;
pub mod behind;
pub mod branches;
pub mod broker;
pub mod cache;
pub mod calls;
pub mod cause;
pub mod change;
pub mod choosing;
pub mod client;
pub mod connections;
pub mod consumer;
pub mod contention;
pub mod context;
pub mod database;
pub mod edge;
pub mod edges;
pub mod event;
pub mod exchange;
pub mod facility;
pub mod failover;
pub mod fault;
pub mod feed;
pub mod flights;
mod footprint;
pub mod front;
pub mod gauges;
pub mod giving_up;
pub mod graft;
pub mod handshakes;
pub mod health;
pub mod host;
pub mod in_flight;
pub mod in_progress;
pub mod keys;
pub mod knowledge;
pub mod lease;
pub mod line;
pub mod log;
pub mod look_ups;
pub mod members;
pub mod membership;
pub mod messages;
pub mod names;
pub mod network;
pub mod operations;
pub mod outcomes;
pub mod own_writes;
pub mod pace;
pub mod partition;
pub mod pauses;
pub mod persistence;
pub mod places;
pub mod plan;
pub mod policy;
pub mod pool;
pub mod pooling;
pub mod population;
pub mod post;
pub mod posts;
pub mod presence;
pub mod processing;
pub mod publishing;
pub mod queries;
mod refreshing;
pub mod replication;
pub mod routes;
pub mod scaling;
pub mod server;
pub mod service;
pub mod shared_workers;
pub mod standbys;
mod telling;
#[cfg(test)]
mod testing;
pub mod topology;
pub mod trace;
pub mod tracing;
pub mod upstream;
pub mod users;
pub mod visit;
pub mod visit_end;
pub mod visits;
pub mod whereabouts;
pub mod work;
pub mod world;

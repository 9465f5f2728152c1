//! What has to be told of a visit that is over.

use super::{
    cause::Cause,
    topology::{EndpointId, ServiceId},
    trace::Link,
    visit::{Owner, Visit},
};
use crate::engine::time::SimTime;

/// What has to be told of a visit that is over.
pub(super) struct End {
    pub owner: Owner,
    pub service: ServiceId,
    pub endpoint: EndpointId,
    pub started: SimTime,
    pub failure: Option<Cause>,
    pub trace: Link,
}

impl End {
    pub(super) fn of(visit: &Visit) -> Self {
        let &Visit { owner, service, endpoint, started, failure, trace, .. } = visit;
        Self { owner, service, endpoint, started, failure, trace }
    }
}

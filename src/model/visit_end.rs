//! What has to be told of a visit that is over.

use super::{
    cause::Cause,
    topology::{EndpointId, ServiceId},
    trace::Link,
    visit::{Owner, Visit},
};
use crate::engine::time::SimTime;

/// The try that was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// When it was sent.
    pub started: SimTime,
    /// Whether it was made beside the first one.
    pub is_hedge: bool,
}

impl Answered {
    /// It is this visit.
    pub fn by(visit: &Visit) -> Self {
        Self { started: visit.started, is_hedge: visit.is_hedge }
    }
}

/// What has to be told of a visit that is over.
pub(super) struct End {
    pub owner: Owner,
    pub service: ServiceId,
    pub endpoint: EndpointId,
    /// What it is as an answer, if it has not failed.
    pub answered: Answered,
    pub failure: Option<Cause>,
    pub trace: Link,
}

impl End {
    pub(super) fn of(visit: &Visit) -> Self {
        let &Visit { owner, service, endpoint, failure, trace, .. } = visit;
        Self { owner, service, endpoint, answered: Answered::by(visit), failure, trace }
    }
}

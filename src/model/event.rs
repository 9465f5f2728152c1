//! Everything that can happen, as small plain data.

use super::{
    names::{ExchangeId, VisitId},
    topology::{CacheId, ClusterId, ComponentId, ConsumerId, GroupId, InstanceId, NodeId, QueueId, ServiceId},
};

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A user of a group arrives who comes by himself.
    Arrival {
        /// The group.
        group: GroupId,
        /// Recognises arrivals that a change of the configuration made stale.
        epoch: u32,
    },
    /// A user of a closed group has thought enough.
    ThinkEnd {
        /// The group.
        group: GroupId,
        /// Number of the user in the group.
        user: u32,
    },
    /// A visit's message has reached the one it was sent to. (As below, the number is that of the visit's turn: if it has
    /// had another one since, the event is stale.)
    Arrived(VisitId, u32),
    /// The operation that a visit was in has ended.
    Finished(VisitId, u32),
    /// The answer to a visit's operation has reached the visit.
    Returned(VisitId, u32),
    /// An operation leaves a node at which operations slow each other down.
    NodeDeparture {
        /// The node.
        node: NodeId,
        /// Recognises departures that a later change made stale.
        epoch: u32,
    },
    /// A job leaves an instance that shares its workers.
    SharingDeparture {
        /// The instance.
        instance: InstanceId,
        /// Recognises departures that a later change made stale.
        epoch: u32,
    },
    /// A visit that has waited for a connection of its instance's pool has one, or one that has waited at the balancer has an
    /// instance.
    Connected(VisitId, u32),
    /// A visit has waited as long as it may.
    WaitOver(VisitId, u32),
    /// The balancer has waited for the answer to a visit as long as it does, unless it has asked its instance again since then: the
    /// number says how often it had.
    AnswerOverdue(VisitId, u8),
    /// The instance of a visit goes on after a pause in which something reached the visit.
    Resumed(VisitId, u32),
    /// Somebody looks after a service whose instances come and go.
    Service {
        /// The service.
        service: ServiceId,
        /// Recognises looks that a change of the configuration made stale.
        epoch: u32,
        /// What for.
        what: Look,
    },
    /// A place for an instance of the service has become empty.
    Reconcile(ServiceId),
    /// Something that happens to an instance by itself.
    Instance {
        /// The instance.
        instance: InstanceId,
        /// Recognises what something else has forestalled.
        epoch: u32,
        /// What.
        what: Change,
    },
    /// Something that an exchange waits for.
    Exchange {
        /// The exchange.
        exchange: ExchangeId,
        /// Recognises an attempt, or a wait, that is over.
        turn: u32,
        /// What.
        what: Due,
    },
    /// A balancer looks after the instances of a service.
    Look {
        /// The service.
        service: ServiceId,
        /// Recognises looks that a change of the configuration made stale.
        epoch: u32,
    },
    /// A health check of an instance has not been answered in time.
    CheckFailed {
        /// The instance.
        instance: InstanceId,
        /// Recognises checks that a change of the configuration made stale.
        epoch: u32,
    },
    /// A balancer may ask an instance of the service again that it has avoided.
    PeerDue(ServiceId),
    /// A replica may have applied the next write; its feed knows.
    Applied(NodeId),
    /// A write may have arrived at a replica, for which somebody waits.
    Received(NodeId),
    /// A node has rewound what the new primary lacks, if it was not interrupted.
    Rewound(NodeId),
    /// The monitor of a cluster looks.
    Monitor(ClusterId),
    /// A stage of a failover, or of what follows it, is over.
    Failover {
        /// The cluster.
        cluster: ClusterId,
        /// Recognises what was broken off.
        epoch: u32,
        /// Which stage.
        what: FailoverDue,
    },
    /// A consumer has consumed a message.
    Consumed {
        /// The consumer.
        consumer: ConsumerId,
        /// Recognises work that has been lost, or goes on at another speed.
        turn: u32,
    },
    /// Something reaches a consumer, or the broker from it.
    Link {
        /// The consumer.
        consumer: ConsumerId,
        /// Recognises what was under way over a connection that is no more.
        turn: u32,
        /// What.
        what: OverLink,
    },
    /// A broker looks whether a consumer has left a message unacknowledged for too long.
    Overdue {
        /// The consumer.
        consumer: ConsumerId,
        /// Recognises looks that another one has replaced.
        turn: u32,
    },
    /// The members of a quorum queue have elected another leader.
    Election {
        /// The queue.
        queue: QueueId,
        /// Recognises elections that have been called off.
        turn: u32,
    },
    /// The message at the head of a queue expires.
    Expire {
        /// The queue.
        queue: QueueId,
        /// Recognises looks that an earlier one has replaced.
        turn: u32,
    },
    /// A cache looks for keys that have expired.
    ExpireCycle {
        /// The cache.
        cache: CacheId,
        /// Recognises cycles that a change of the configuration made stale.
        epoch: u32,
    },
    /// A component's time up or down is over.
    Toggle {
        /// The component.
        component: ComponentId,
        /// Recognises ends that a fault or a user has forestalled.
        epoch: u32,
    },
    /// A scheduled fault begins.
    FaultStart {
        /// Number of the fault.
        fault: u32,
        /// Recognises faults that a change of the configuration made stale.
        epoch: u32,
    },
    /// A scheduled slowness or partition ends.
    FaultEnd {
        /// Number of the fault.
        fault: u32,
        /// Recognises faults that a change of the configuration made stale.
        epoch: u32,
    },
    /// A window of the time series ends.
    WindowEnd,
    /// The statistics start anew.
    WarmUpEnd,
}

/// What happens to an instance by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new one takes requests from now on.
    Started,
    /// One that has to go has had time enough.
    GraceOver,
    /// It has become faster: so many tenths of the way to its own speed lie behind it.
    Warmer(u8),
    /// It stops for a moment.
    Pause,
    /// It goes on.
    Resume,
}

/// What happens to the connection between a broker and a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverLink {
    /// The next message reaches the consumer.
    Delivered,
    /// What the consumer says of a message reaches the broker.
    Settled,
    /// The broker notices that the connection is no more.
    Lost,
    /// A consumer whose connection the broker had closed makes a new one.
    Back,
}

/// What is looked at of a service whose instances come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// How much there is to do.
    Scale,
    /// The deployment at this place of the list begins.
    Deploy(u8),
    /// What the release of that number does.
    Judge(u8),
}

/// What an exchange waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Whoever asked loses patience with an attempt.
    Timeout,
    /// An attempt has the token, or the place in the bulkhead, for which it has waited.
    Admitted,
    /// An attempt has waited before the bulkhead as long as it may.
    Refused,
    /// An attempt has not been answered for so long that a further try is made beside it.
    Hedge,
    /// It is time for another attempt.
    Retry,
}

// The future event list copies events; a larger one would slow everything down.
const _: () = assert!(size_of::<Event>() <= 16);

/// What comes next of a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverDue {
    /// The primary has been away for so long that it is taken for dead.
    Believed,
    /// The election is over.
    Elected,
    /// The time of the promotion is over.
    Promoted,
    /// Clients learn the address of the new primary.
    Learnt,
    /// The former primary is told that it is none.
    Told,
    /// A primary has tried for long enough to renew its lease.
    SteppedDown,
}

//! Indices into the lists of the [`Topology`](super::Topology).

/// Defines an index into one of the topology's lists.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of nothing.
            pub const NONE: Self = Self(u32::MAX);

            /// Position in the list.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A group of users, in [`Topology::users`](super::Topology::users).
    GroupId
    /// A service, in [`Topology::services`](super::Topology::services).
    ServiceId
    /// A service instance, in [`Topology::instances`](super::Topology::instances).
    InstanceId
    /// A database cluster, in [`Topology::clusters`](super::Topology::clusters).
    ClusterId
    /// A database node, in [`Topology::nodes`](super::Topology::nodes).
    NodeId
    /// A cache, in [`Topology::caches`](super::Topology::caches).
    CacheId
    /// A broker, in [`Topology::brokers`](super::Topology::brokers).
    BrokerId
    /// A node of a broker, in [`Topology::members`](super::Topology::members).
    MemberId
    /// A queue of a broker, in [`Topology::queues`](super::Topology::queues).
    QueueId
    /// What is published in a step, in [`Topology::publications`](super::Topology::publications).
    PublicationId
    /// A consumer, in [`Topology::consumers`](super::Topology::consumers).
    ConsumerId
    /// A call to further services, in [`Topology::calls`](super::Topology::calls).
    CallId
    /// Something that a service can be asked for, in [`Topology::endpoints`](super::Topology::endpoints).
    EndpointId
    /// An edge that has a policy, in [`Topology::edges`](super::Topology::edges).
    EdgeId
    /// Anything that can break, in [`Topology::components`](super::Topology::components).
    ComponentId
}

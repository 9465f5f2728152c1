//! Why something failed: the causes that reports count, policies look at and traces tell.

/// Defines an enum whose variants have names for the report.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident $count:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: [Self; $count] = [$(Self::$variant,)*];

            /// Name in the report.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        /// How many there are.
        pub const $count: usize = [$($text,)*].len();
    };
}

pub(super) use named;

named! {
    /// Why a visit or a request failed.
    Cause CAUSES {
        /// The login was refused.
        LoginFailed = "login_failed",
        /// There was no session where one is required (401).
        Unauthorised = "unauthorised",
        /// No instance was up (502).
        NoInstance = "no_instance",
        /// The instance was down when the request reached it, or went down while it waited.
        InstanceDown = "instance_down",
        /// The queue was full, at the instance or at the balancer (503).
        QueueFull = "queue_full",
        /// Processing failed.
        ServiceError = "service_error",
        /// The cache was down.
        CacheDown = "cache_down",
        /// The look-up failed.
        CacheError = "cache_error",
        /// The database node was down.
        DatabaseDown = "database_down",
        /// The cluster had no primary.
        NoPrimary = "no_primary",
        /// The database operation failed.
        DatabaseError = "database_error",
        /// All connections and places to wait were taken.
        DatabaseFull = "database_full",
        /// The broker was down.
        BrokerDown = "broker_down",
        /// Publishing failed.
        BrokerError = "broker_error",
        /// The queue of the broker was full.
        BrokerQueueFull = "broker_queue_full",
        /// A called service failed.
        CallFailed = "call_failed",
        /// Messages were lost too often, or the network was parted.
        Network = "network",
        /// The client gave up.
        Timeout = "timeout",
        /// The deadline of the request was over, so that nobody wanted the answer any more.
        Deadline = "deadline",
        /// Whoever asked gave up and said so.
        Cancelled = "cancelled",
        /// The instance did not let it in (503).
        NotAdmitted = "not_admitted",
        /// It made room for one of a higher class.
        Shed = "shed",
        /// It had waited while waits had been long for too long, and was dropped (CoDel).
        Codel = "codel",
        /// It waited for a worker, or at the balancer, longer than anybody may.
        QueueTimeout = "queue_timeout",
        /// It waited for a connection of the pool longer than anybody may.
        PoolTimeout = "pool_timeout",
        /// The breaker was open.
        BreakerOpen = "breaker_open",
        /// There were more attempts than the limiter lets through.
        Limited = "limited",
        /// There were more attempts at a time than the bulkhead lets through.
        BulkheadFull = "bulkhead_full",
        /// The simulator has no room for more requests in flight.
        SimulatorFull = "simulator_full",
    }
}

impl Cause {
    /// Whether it says that there was not room enough, or not time enough: that somebody had too much to do.
    pub const fn is_overload(self) -> bool {
        use Cause::{
            BulkheadFull, Codel, DatabaseFull, Deadline, Limited, NotAdmitted, PoolTimeout, QueueFull, QueueTimeout,
            Shed, Timeout,
        };
        matches!(
            self,
            BulkheadFull
                | Codel
                | DatabaseFull
                | Deadline
                | Limited
                | NotAdmitted
                | PoolTimeout
                | QueueFull
                | QueueTimeout
                | Shed
                | Timeout
        )
    }
}

/// Some of the causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CauseSet(u64);

impl CauseSet {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self(u64::MAX);

    /// These and one more.
    #[must_use]
    pub const fn with(self, cause: Cause) -> Self {
        Self(self.0 | 1 << cause as u8)
    }

    /// Whether a cause is among them.
    #[inline]
    pub const fn has(self, cause: Cause) -> bool {
        self.0 >> cause as u8 & 1 == 1
    }
}

impl FromIterator<Cause> for CauseSet {
    fn from_iter<I: IntoIterator<Item = Cause>>(causes: I) -> Self {
        causes.into_iter().fold(Self::NONE, Self::with)
    }
}

// A set has a bit for each cause.
const _: () = assert!(CAUSES <= 64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_causes_are_positions_in_their_list() {
        assert!(Cause::ALL.iter().enumerate().all(|(i, &cause)| cause as usize == i));
    }

    #[test]
    fn a_set_has_what_was_put_into_it() {
        let set: CauseSet = [Cause::Timeout, Cause::LoginFailed].into_iter().collect();
        let has: Vec<Cause> = Cause::ALL.into_iter().filter(|&cause| set.has(cause)).collect();
        assert_eq!(has, [Cause::LoginFailed, Cause::Timeout]);
        assert!(Cause::ALL.iter().all(|&cause| CauseSet::ALL.has(cause) && !CauseSet::NONE.has(cause)));
    }
}

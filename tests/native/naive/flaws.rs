//! Small mistakes that the naive simulator makes if it is asked to. The engine does not make them, so the two must differ:
//! else their agreement would mean nothing.

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flaw {
    /// A breaker opens a call later than it should.
    OneCallLate,
    /// A breaker opens when a share is more than it may be, and not when it is as much.
    SharesMustBeExceeded,
    /// A breaker sends a probe more.
    OneProbeMore,
    /// A breaker looks back on a second more.
    OneSecondMore,
    /// Calls that a breaker let through before it opened count for what it does afterwards.
    EarlierCallsCount,
    /// For a breaker an attempt begins when it is sent, after its waits.
    WaitsAreNotSlow,
    /// A limiter takes a token from whom it refuses.
    RefusedTakeTokens,
    /// One attempt in a thousand does not give its place in the bulkhead back.
    BulkheadLeaks,
    /// A timeout begins with the attempt, though that has to wait.
    TimeoutsIncludeWaits,
    /// One connection in a thousand is not given back to the pool.
    PoolLeaks,
    /// One hedge in twenty is not counted.
    UncountedHedge,
    /// Hedges cost nothing.
    FreeHedges,
    /// The slower of two tries is not told that it is not needed any more.
    LosersGoOn,
    /// Retries pay into their own budget.
    RetriesPay,
}

impl Flaw {
    pub const ALL: [Self; 14] = [
        Self::OneCallLate,
        Self::SharesMustBeExceeded,
        Self::OneProbeMore,
        Self::OneSecondMore,
        Self::EarlierCallsCount,
        Self::WaitsAreNotSlow,
        Self::RefusedTakeTokens,
        Self::BulkheadLeaks,
        Self::TimeoutsIncludeWaits,
        Self::PoolLeaks,
        Self::UncountedHedge,
        Self::FreeHedges,
        Self::LosersGoOn,
        Self::RetriesPay,
    ];
}

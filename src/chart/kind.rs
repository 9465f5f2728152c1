//! The catalogue of charts.

/// A kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Requests per second, succeeded and failed, over time.
    Rps,
    /// Histogram of response times with mean, p95 and p99.
    LatencyHistogram,
    /// Median, p99 and p99.9 over time of how long users waited until they knew what came of their requests, an answer or not.
    ResponsePercentiles,
    /// Median, p95 and p99 of response times of succeeded requests over time.
    LatencyPercentiles,
    /// How the response times of each moment are spread: time by response time, the share of requests as colour.
    LatencyHeatMap,
    /// Shares of requests that succeeded and failed, by cause, in all and for each service.
    SuccessShare,
    /// Where the time of a succeeded request goes, in all and for each service.
    TimeIn,
    /// Mean response time of each service over time.
    ServiceLatency,
    /// Requests in process at each instance over time.
    Load,
    /// Requests that each instance handled, succeeded and failed: what the balancer did.
    LoadShare,
    /// Requests that wait at each instance and database node of limited capacity, over time.
    QueueLength,
    /// When each instance, node, cache and broker was up and down, and which nodes were promoted.
    Failures,
    /// Share of each service's instances that are up, over time.
    Availability,
    /// Histograms of the times of TCP and TLS handshakes.
    Handshakes,
    /// Logins and rejected requests per second over time.
    Logins,
    /// Mean operation time of each database node over time.
    DatabaseLatency,
    /// Writes that each database node lacks, over time.
    ReplicationLag,
    /// Hit ratio of each cache over time.
    CacheHitRatio,
    /// Histogram of the time from publishing a message until it stands in its queue.
    BrokerDelay,
    /// Histogram of the time from publishing a message until it has been consumed.
    BrokerDelivery,
    /// Messages that wait in each queue over time.
    BrokerQueues,
    /// Any time series, by name. It is not in the catalogue of those that show something by themselves.
    Custom,
}

impl ChartKind {
    /// All kinds of the catalogue, in the order in which they are shown.
    pub const ALL: [Self; 21] = [
        Self::Rps,
        Self::LatencyHistogram,
        Self::ResponsePercentiles,
        Self::LatencyPercentiles,
        Self::LatencyHeatMap,
        Self::SuccessShare,
        Self::TimeIn,
        Self::ServiceLatency,
        Self::Load,
        Self::LoadShare,
        Self::QueueLength,
        Self::Failures,
        Self::Availability,
        Self::Handshakes,
        Self::Logins,
        Self::DatabaseLatency,
        Self::ReplicationLag,
        Self::CacheHitRatio,
        Self::BrokerDelay,
        Self::BrokerDelivery,
        Self::BrokerQueues,
    ];

    /// The name that files, pages and scripts use. It does not change.
    pub fn id(self) -> &'static str {
        match self {
            Self::Rps => "rps",
            Self::LatencyHistogram => "latency-histogram",
            Self::ResponsePercentiles => "response-percentiles",
            Self::LatencyPercentiles => "latency-percentiles",
            Self::LatencyHeatMap => "latency-heat-map",
            Self::SuccessShare => "success-share",
            Self::TimeIn => "time-in",
            Self::ServiceLatency => "service-latency",
            Self::Load => "load",
            Self::LoadShare => "load-share",
            Self::QueueLength => "queue-length",
            Self::Failures => "failures",
            Self::Availability => "availability",
            Self::Handshakes => "handshakes",
            Self::Logins => "logins",
            Self::DatabaseLatency => "database-latency",
            Self::ReplicationLag => "replication-lag",
            Self::CacheHitRatio => "cache-hit-ratio",
            Self::BrokerDelay => "broker-delay",
            Self::BrokerDelivery => "broker-delivery",
            Self::BrokerQueues => "broker-queues",
            Self::Custom => "custom",
        }
    }

    /// The kind of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Custom]).find(|kind| kind.id() == id)
    }

    /// The title in English.
    pub fn english_title(self) -> &'static str {
        match self {
            Self::Rps => "Requests and errors",
            Self::LatencyHistogram => "Response times",
            Self::ResponsePercentiles => "How long users waited",
            Self::LatencyPercentiles => "Response time percentiles",
            Self::LatencyHeatMap => "Response times over time",
            Self::SuccessShare => "Succeeded and failed",
            Self::TimeIn => "Where the time goes",
            Self::ServiceLatency => "Response time per service",
            Self::Load => "Load per instance",
            Self::LoadShare => "Requests per instance",
            Self::QueueLength => "Queues at instances and databases",
            Self::Failures => "Infrastructure failures",
            Self::Availability => "Availability",
            Self::Handshakes => "TCP and TLS handshakes",
            Self::Logins => "Logins",
            Self::DatabaseLatency => "Database operation time",
            Self::ReplicationLag => "Replication lag",
            Self::CacheHitRatio => "Cache hit ratio",
            Self::BrokerDelay => "Broker delay (publishing to queue)",
            Self::BrokerDelivery => "Message delivery (publishing to consumption)",
            Self::BrokerQueues => "Broker queue sizes",
            Self::Custom => "Chosen series",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_lead_back() {
        for kind in ChartKind::ALL {
            assert_eq!(ChartKind::from_id(kind.id()), Some(kind));
        }
        assert_eq!(ChartKind::from_id("custom"), Some(ChartKind::Custom));
        assert_eq!(ChartKind::from_id("pie"), None);
    }
}

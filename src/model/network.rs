//! The network: handshakes, delays, losses and partitions.

use super::{
    partition::Partitions,
    topology::{CacheId, ComponentKind, HOPS, Hop, InstanceId, MemberId, Network, NodeId},
};
use crate::{
    engine::{random::Stream, time::Duration},
    stats::tally::Tally,
};

/// Where a message starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The users.
    Users,
    /// The balancer.
    Balancer,
    /// A component.
    Component(ComponentKind),
}

impl Place {
    /// Where an instance is.
    pub const fn instance(instance: InstanceId) -> Self {
        Self::Component(ComponentKind::Instance(instance))
    }

    /// Where a database node is.
    pub const fn node(node: NodeId) -> Self {
        Self::Component(ComponentKind::Node(node))
    }

    /// Where a cache is.
    pub const fn cache(cache: CacheId) -> Self {
        Self::Component(ComponentKind::Cache(cache))
    }

    /// Where a node of a broker is.
    pub const fn member(member: MemberId) -> Self {
        Self::Component(ComponentKind::Broker(member))
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// It is there.
    Arrived,
    /// It will be there after so long.
    Takes(Duration),
    /// Its sender gives up after so long.
    Fails(Duration),
}

/// The state of the network.
#[derive(Clone, Debug)]
pub struct NetworkState {
    config: Network,
    /// Places between which no message passes.
    pub partitions: Partitions,
    /// Times of TCP handshakes.
    pub tcp: Tally,
    /// Times of TLS handshakes.
    pub tls: Tally,
    /// Messages lost and sent again.
    pub retransmissions: u64,
    tcp_stream: Stream,
    tls_stream: Stream,
    keep_alive: Stream,
    delays: Stream,
    losses: Stream,
    /// Whether a message takes no time and is never lost, by kind of hop, so that nothing need be drawn.
    instant: [bool; HOPS],
    /// Whether that holds for all kinds.
    is_instant: bool,
    /// Whether there are no handshakes.
    no_handshakes: bool,
}

impl NetworkState {
    /// A network over which nothing has been sent.
    pub fn new(seed: u64, network: &Network) -> Self {
        let stream = |purpose| Stream::new(seed, "network", purpose);
        let mut state = Self {
            config: network.clone(),
            partitions: Partitions::default(),
            tcp: Tally::new(3),
            tls: Tally::new(3),
            retransmissions: 0,
            tcp_stream: stream("tcp"),
            tls_stream: stream("tls"),
            keep_alive: stream("keep_alive"),
            delays: stream("delays"),
            losses: stream("losses"),
            instant: [false; HOPS],
            is_instant: false,
            no_handshakes: false,
        };
        state.refresh(network);
        state
    }

    /// Takes note of a changed configuration.
    pub fn refresh(&mut self, network: &Network) {
        self.config = network.clone();
        self.instant = std::array::from_fn(|hop| network.loss == 0.0 && network.delays[hop].is_zero());
        self.is_instant = self.instant == [true; HOPS];
        self.no_handshakes = network.tcp.is_zero() && network.tls.is_zero();
    }

    /// After what time a sender gives up whose messages do not get through a partition.
    pub fn partition_timeout(&self) -> Duration {
        self.config.partition_timeout
    }

    /// Starts the measurements anew.
    pub fn restart(&mut self) {
        self.tcp.restart();
        self.tls.restart();
        self.retransmissions = 0;
    }

    /// Sends a message over some hops, one after another.
    #[inline]
    pub fn travel(&mut self, hops: &[Hop], from: Place, to: Place) -> Trip {
        if self.is_instant && self.partitions.is_empty() {
            return Trip::Arrived;
        }
        self.travel_in_time(hops, from, to)
    }

    fn travel_in_time(&mut self, hops: &[Hop], from: Place, to: Place) -> Trip {
        if self.partitions.separate(from, to) {
            return Trip::Fails(self.config.partition_timeout);
        }
        if hops.iter().all(|&hop| self.instant[hop as usize]) {
            return Trip::Arrived;
        }
        let mut time = Duration::ZERO;
        for &hop in hops {
            match self.deliver(hop) {
                Ok(taken) => time += taken,
                Err(taken) => return Trip::Fails(time + taken),
            }
        }
        if time.is_zero() { Trip::Arrived } else { Trip::Takes(time) }
    }

    /// A message over one hop; `None` if it is lost too often, after the time given.
    fn deliver(&mut self, hop: Hop) -> Result<Duration, Duration> {
        let mut time = self.config.delays[hop as usize].sample(&mut self.delays);
        let mut wait = self.config.retransmit_after;
        let mut sent_again = 0;
        while self.losses.chance(self.config.loss) {
            time += wait;
            if sent_again == self.config.retransmits_max {
                return Err(time);
            }
            wait += wait;
            sent_again += 1;
            self.retransmissions += 1;
        }
        Ok(time)
    }

    /// TCP and TLS, unless a connection was kept alive.
    pub(super) fn handshakes(&mut self) -> Duration {
        if self.no_handshakes || self.keep_alive.chance(self.config.keep_alive_prob) {
            return Duration::ZERO;
        }
        let tcp = self.config.tcp.sample(&mut self.tcp_stream);
        let tls = self.config.tls.sample(&mut self.tls_stream);
        self.tcp.add(tcp);
        self.tls.add(tls);
        tcp + tls
    }
}

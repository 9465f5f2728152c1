//! What a balancer learns of its peers by the requests that it sends them: nginx's way, and Envoy's.

use crate::engine::time::{Duration, SimTime};

/// When nginx avoids a peer (`max_fails` and `fail_timeout` of the `server` directive in ngx_http_upstream_module). It
/// never avoids the only peer of a group; that is for whoever asks to see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailRule {
    /// Failures after which the peer is avoided; 0 is never. nginx: 1.
    pub max_fails: u32,
    /// More than so many whole seconds it is avoided, and so long without a failure it takes until earlier failures are
    /// forgotten. nginx: 10 s.
    pub fail_timeout: Duration,
}

/// What nginx's clock counts.
const SECOND: u64 = 1_000_000_000;

impl Default for FailRule {
    fn default() -> Self {
        Self { max_fails: 1, fail_timeout: Duration::from_nanos(10_000_000_000) }
    }
}

/// The failures of a peer, as nginx counts them: not in a window that slides, but for as long as one follows another
/// within `fail_timeout`. After that time without a request that went well, one request is a probe: if it fails as well,
/// the peer is avoided for as long again.
///
/// Its clock has whole seconds, those of the run here, and *more* than the time must have passed on it. So a peer that
/// failed in the middle of a second is asked again 10.5 s later, and one that failed at its beginning after 11 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerFails {
    fails: u32,
    /// In whole seconds.
    failed_at: u64,
    /// The last failure, or the first request since it was long enough ago. In whole seconds.
    checked_at: u64,
}

impl PeerFails {
    /// Whether the peer may be chosen.
    pub fn is_available(&self, rule: &FailRule, now: SimTime) -> bool {
        rule.max_fails == 0 || self.fails < rule.max_fails || self.is_due(rule, now)
    }

    /// The peer was chosen for a request.
    pub fn chosen(&mut self, rule: &FailRule, now: SimTime) {
        if self.is_due(rule, now) {
            self.checked_at = seconds(now);
        }
    }

    /// A request to the peer went wrong.
    pub fn failed(&mut self, now: SimTime) {
        self.fails = self.fails.saturating_add(1);
        (self.failed_at, self.checked_at) = (seconds(now), seconds(now));
    }

    /// A request to the peer went well. It clears the peer if it, or another one after the failures, was a probe.
    pub fn succeeded(&mut self) {
        if self.failed_at < self.checked_at {
            self.fails = 0;
        }
    }

    /// When the peer may be asked again, if it is avoided.
    pub fn due_at(&self, rule: &FailRule) -> SimTime {
        let whole = rule.fail_timeout.as_nanos() / SECOND;
        SimTime::from_nanos(self.checked_at.saturating_add(whole).saturating_add(1).saturating_mul(SECOND))
    }

    fn is_due(&self, rule: &FailRule, now: SimTime) -> bool {
        now >= self.due_at(rule)
    }
}

/// What nginx's clock shows.
fn seconds(now: SimTime) -> u64 {
    now.as_nanos() / SECOND
}

/// When Envoy ejects a peer ("Outlier detection" in its documentation, consecutive failures).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutlierRule {
    /// Failures in a row after which a peer is ejected, at least 1. Envoy: 5.
    pub consecutive: u32,
    /// How long, times how often it has been ejected. Envoy: 30 s.
    pub base_time: Duration,
    /// The longest time, unless the base is longer. Envoy: 300 s.
    pub longest_time: Duration,
    /// Share of the peers up to which further ones are ejected, 0 to 1; one may always be. Envoy: 0.1.
    pub max_share: f64,
}

impl Default for OutlierRule {
    fn default() -> Self {
        let seconds = |seconds: u64| Duration::from_nanos(seconds * 1_000_000_000);
        Self { consecutive: 5, base_time: seconds(30), longest_time: seconds(300), max_share: 0.1 }
    }
}

impl OutlierRule {
    /// How long a peer is ejected for the time that makes so many.
    fn time(&self, times: u32) -> Duration {
        let nanos = self.base_time.as_nanos().saturating_mul(u64::from(times));
        Duration::from_nanos(nanos).min(self.longest_time.max(self.base_time))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Peer {
    /// Failures in a row.
    failures: u32,
    /// How often it has been ejected, less the sweeps that have found it well since.
    times: u32,
    /// Since when it is ejected.
    since: Option<SimTime>,
}

/// The peers of a balancer, by position in its list, and which of them are ejected.
#[derive(Clone, Debug, Default)]
pub struct Outliers {
    peers: Vec<Peer>,
    /// How many of them are there.
    ready: usize,
    ejected: u32,
}

impl Outliers {
    /// So many peers, none of them ejected.
    pub fn new(peers: usize) -> Self {
        Self { peers: vec![Peer::default(); peers], ready: peers, ejected: 0 }
    }

    /// There are so many peers from now on; newcomers stand last.
    pub fn resize(&mut self, peers: usize) {
        self.peers.resize(peers, Peer::default());
        self.ready = peers;
        self.ejected = self.peers.iter().map(|peer| u32::from(peer.since.is_some())).sum();
    }

    /// How many are ejected.
    pub fn ejected(&self) -> u32 {
        self.ejected
    }

    /// Whether a peer is ejected.
    #[inline]
    pub fn is_ejected(&self, peer: usize) -> bool {
        self.peers.get(peer).is_some_and(|peer| peer.since.is_some())
    }

    /// A request to a peer has ended. Whether the peer is ejected for it, now.
    #[inline]
    pub fn ended(&mut self, peer: usize, rule: &OutlierRule, now: SimTime, is_failed: bool) -> bool {
        let has_room = self.has_room(rule);
        let Some(peer) = self.peers.get_mut(peer) else { return false };
        if !is_failed || peer.since.is_some() {
            peer.failures = 0;
            return false;
        }
        peer.failures += 1;
        if peer.failures < rule.consecutive || !has_room {
            return false;
        }
        *peer = Peer { failures: 0, times: peer.times + 1, since: Some(now) };
        self.ejected += 1;
        true
    }

    fn has_room(&self, rule: &OutlierRule) -> bool {
        self.ejected == 0 || f64::from(self.ejected) < rule.max_share * self.ready as f64
    }

    /// So many of the peers are there; the share that may be ejected is one of them.
    pub fn set_ready(&mut self, ready: usize) {
        self.ready = ready;
    }

    /// Somebody new is in place of a peer.
    pub fn forget(&mut self, peer: usize) {
        if let Some(peer) = self.peers.get_mut(peer) {
            self.ejected -= u32::from(peer.since.is_some());
            *peer = Peer::default();
        }
    }

    /// Looks after all peers, as happens at an interval (Envoy: 10 s): those whose time is over come back, and the others
    /// that are not ejected are that much nearer to the shortest time again. Calls `returned` for each that comes back.
    pub fn sweep(&mut self, rule: &OutlierRule, now: SimTime, mut returned: impl FnMut(usize)) {
        for (i, peer) in self.peers.iter_mut().enumerate() {
            match peer.since {
                Some(since) if now.since(since) >= rule.time(peer.times) => {
                    peer.since = None;
                    self.ejected -= 1;
                    returned(i);
                }
                Some(_) => {}
                None => peer.times = peer.times.saturating_sub(1),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// A request at that time; whether the peer was there for it.
    fn request(peer: &mut PeerFails, rule: &FailRule, seconds: f64, is_good: bool) -> bool {
        let is_available = peer.is_available(rule, at(seconds));
        if is_available {
            peer.chosen(rule, at(seconds));
            if is_good { peer.succeeded() } else { peer.failed(at(seconds)) }
        }
        is_available
    }

    #[test]
    fn nginx_avoids_a_peer_after_one_failure_for_ten_seconds_and_then_probes_it() {
        let (mut peer, rule) = (PeerFails::default(), FailRule::default());
        assert!(request(&mut peer, &rule, 100.3, false));
        assert!(!request(&mut peer, &rule, 110.9, true), "ten seconds on its clock, and it takes more");
        assert!(request(&mut peer, &rule, 111.0, false), "a probe, which fails");
        assert_eq!(peer.due_at(&rule), at(122.0));
        assert!(!request(&mut peer, &rule, 121.9, true));
        assert!(request(&mut peer, &rule, 122.2, true), "a probe, which succeeds");
        assert!(request(&mut peer, &rule, 122.3, true));
    }

    #[test]
    fn nginx_sends_one_probe_at_a_time() {
        let (mut peer, rule) = (PeerFails::default(), FailRule::default());
        peer.failed(at(100.0));
        assert!(peer.is_available(&rule, at(111.0)));
        peer.chosen(&rule, at(111.0));
        assert!(!peer.is_available(&rule, at(111.5)), "the probe is on its way");
        peer.succeeded();
        assert!(peer.is_available(&rule, at(111.5)));
    }

    #[test]
    fn nginx_adds_up_failures_that_follow_each_other_closely_however_long_they_take() {
        // Five failures, one every five seconds, count though the first was 20 seconds ago.
        let rule = FailRule { max_fails: 5, ..FailRule::default() };
        let mut peer = PeerFails::default();
        for i in 0..5 {
            assert!(request(&mut peer, &rule, 100.0 + 5.0 * f64::from(i), false));
            assert!(i == 4 || request(&mut peer, &rule, 101.0 + 5.0 * f64::from(i), true));
        }
        assert!(!request(&mut peer, &rule, 121.0, true));
        // Twelve seconds between failures, and requests that go well in them, are too long.
        let mut peer = PeerFails::default();
        for i in 0..20 {
            assert!(request(&mut peer, &rule, 100.0 + 12.0 * f64::from(i), false));
            assert!(request(&mut peer, &rule, 111.5 + 12.0 * f64::from(i), true));
        }
        let rule = FailRule { max_fails: 0, ..rule };
        assert!((0..100).all(|_| request(&mut peer, &rule, 500.0, false)), "0 is never");
    }

    /// A peer's failures in a row; whether the last one ejects it.
    fn fail(outliers: &mut Outliers, peer: usize, times: u32, now: SimTime) -> bool {
        (0..times).fold(false, |_, _| outliers.ended(peer, &OutlierRule::default(), now, true))
    }

    fn sweep(outliers: &mut Outliers, seconds: f64) -> Vec<usize> {
        let mut returned = Vec::new();
        outliers.sweep(&OutlierRule::default(), at(seconds), |peer| returned.push(peer));
        returned
    }

    #[test]
    fn envoy_ejects_after_five_failures_in_a_row() {
        let mut outliers = Outliers::new(3);
        assert!(!fail(&mut outliers, 1, 4, at(0.0)));
        assert!(!outliers.ended(1, &OutlierRule::default(), at(0.0), false));
        assert!(!fail(&mut outliers, 1, 4, at(0.0)) && fail(&mut outliers, 1, 1, at(0.0)));
        assert!(outliers.is_ejected(1) && !outliers.is_ejected(0) && !outliers.is_ejected(7));
    }

    #[test]
    fn envoy_ejects_longer_each_time_and_shorter_again_when_all_is_well() {
        let mut outliers = Outliers::new(3);
        assert!(fail(&mut outliers, 0, 5, at(0.0)));
        assert!(!fail(&mut outliers, 0, 9, at(1.0)), "it is out already");
        assert_eq!((sweep(&mut outliers, 29.9), sweep(&mut outliers, 30.0)), (vec![], vec![0]));
        assert!(fail(&mut outliers, 0, 5, at(31.0)));
        assert_eq!((sweep(&mut outliers, 90.0), sweep(&mut outliers, 91.0)), (vec![], vec![0]));
        for seconds in [100.0, 110.0] {
            assert!(sweep(&mut outliers, seconds).is_empty());
        }
        assert!(fail(&mut outliers, 0, 5, at(111.0)));
        assert_eq!((sweep(&mut outliers, 140.0), sweep(&mut outliers, 141.0)), (vec![], vec![0]));
        assert_eq!(OutlierRule::default().time(100), Duration::from_seconds(300.0));
    }

    #[test]
    fn envoy_ejects_a_tenth_but_always_one() {
        let ejected = |peers: usize| {
            let mut outliers = Outliers::new(peers);
            (0..peers).for_each(|peer| _ = fail(&mut outliers, peer, 5, at(0.0)));
            outliers.ejected()
        };
        assert_eq!([1, 9, 10, 20, 21, 30].map(ejected), [1, 1, 1, 2, 3, 3]);
    }

    #[test]
    fn peers_that_leave_are_not_counted_any_more() {
        let mut outliers = Outliers::new(20);
        assert!(fail(&mut outliers, 19, 5, at(0.0)));
        outliers.resize(10);
        assert_eq!(outliers.ejected(), 0);
        outliers.resize(20);
        assert!(!outliers.is_ejected(19));
    }
}

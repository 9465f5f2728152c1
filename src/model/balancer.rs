//! The balancer: which instance a request goes to.

use super::topology::{InstanceId, Policy, Service, Topology};
use crate::engine::random::{Stream, hashed_unit};

/// What the balancer knows of a service.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// Instances that are up and have a positive weight.
    peers: Vec<Peer>,
    /// Sum of their weights.
    total: f64,
    stream: Stream,
}

#[derive(Clone, Debug)]
struct Peer {
    instance: InstanceId,
    weight: f64,
    /// Sum of the weights up to and including this one.
    cumulative: f64,
    /// Current weight of smooth round-robin.
    current: f64,
    /// Requests in progress.
    active: u32,
}

impl Balancer {
    /// A balancer that does not know its instances yet.
    pub fn new(seed: u64, service: &str) -> Self {
        Self { peers: Vec::new(), total: 0.0, stream: Stream::new(seed, service, "balancer") }
    }

    /// Takes note of who is up and of the weights.
    pub fn refresh(
        &mut self,
        topology: &Topology,
        service: &Service,
        active: impl Fn(InstanceId) -> u32,
        is_up: impl Fn(InstanceId) -> bool,
    ) {
        let known = std::mem::take(&mut self.peers);
        self.total = 0.0;
        for &instance in &service.instances {
            let weight = topology.instances[instance.index()].weight;
            if weight <= 0.0 || !is_up(instance) {
                continue;
            }
            self.total += weight;
            let current = known.iter().find(|peer| peer.instance == instance).map_or(0.0, |peer| peer.current);
            let active = active(instance);
            self.peers.push(Peer { instance, weight, cumulative: self.total, current, active });
        }
    }

    /// Chooses an instance for a user's request; `None` if none is up.
    #[inline]
    pub fn choose(&mut self, policy: Policy, user: u64) -> Option<InstanceId> {
        let place = match policy {
            Policy::WeightedRandom => self.random()?,
            Policy::SmoothRoundRobin => self.smooth(|_| true)?,
            Policy::LeastConnections => self.least_connections()?,
            Policy::TwoChoices => self.two_choices()?,
            Policy::UserHash => self.by_user(user)?,
        };
        self.peers[place].active += 1;
        Some(self.peers[place].instance)
    }

    /// Whether there is somebody to choose who is not one of those.
    pub fn has_other(&self, is_tried: impl Fn(InstanceId) -> bool) -> bool {
        self.peers.iter().any(|peer| !is_tried(peer.instance))
    }

    /// The same as [`Balancer::choose`], but none of those that have been tried.
    #[inline(never)]
    pub fn choose_other(
        &mut self,
        policy: Policy,
        user: u64,
        is_tried: impl Fn(InstanceId) -> bool,
    ) -> Option<InstanceId> {
        let (all, total) = (self.peers.clone(), self.total);
        self.peers.retain(|peer| !is_tried(peer.instance));
        self.total = 0.0;
        for peer in &mut self.peers {
            self.total += peer.weight;
            peer.cumulative = self.total;
        }
        let chosen = self.choose(policy, user);
        let others = std::mem::replace(&mut self.peers, all);
        self.total = total;
        for other in others {
            if let Some(peer) = self.peers.iter_mut().find(|peer| peer.instance == other.instance) {
                (peer.current, peer.active) = (other.current, other.active);
            }
        }
        chosen
    }

    /// A request to an instance has been answered.
    #[inline]
    pub fn release(&mut self, instance: InstanceId) {
        // Instances of a service are few or, with many, in order: either way this is quick.
        let place = self.peers.partition_point(|peer| peer.instance < instance);
        if let Some(peer) = self.peers.get_mut(place).filter(|peer| peer.instance == instance) {
            peer.active = peer.active.saturating_sub(1);
        }
    }

    #[inline]
    fn random(&mut self) -> Option<usize> {
        let drawn = self.stream.uniform() * self.total;
        let place = if self.peers.len() <= 8 {
            self.peers.iter().position(|peer| drawn < peer.cumulative)
        } else {
            Some(self.peers.partition_point(|peer| peer.cumulative <= drawn))
        };
        let last = self.peers.len().checked_sub(1)?;
        Some(place.map_or(last, |place| place.min(last)))
    }

    // The policies that look at more than the weights stay out of the way of the one that does not.

    /// nginx's smooth weighted round-robin: everybody's current weight grows by the weight, the
    /// largest is taken (the first of equals) and pays the sum of the weights.
    #[inline(never)]
    fn smooth(&mut self, takes_part: impl Fn(&Peer) -> bool) -> Option<usize> {
        let mut total = 0.0;
        let mut best: Option<usize> = None;
        for place in 0..self.peers.len() {
            if !takes_part(&self.peers[place]) {
                continue;
            }
            let peer = &mut self.peers[place];
            peer.current += peer.weight;
            total += peer.weight;
            if best.is_none_or(|best| self.peers[place].current > self.peers[best].current) {
                best = Some(place);
            }
        }
        self.peers[best?].current -= total;
        best
    }

    #[inline(never)]
    fn least_connections(&mut self) -> Option<usize> {
        let least = self.peers.iter().map(Peer::load).min_by(f64::total_cmp)?;
        self.smooth(|peer| peer.load() == least)
    }

    #[inline(never)]
    fn two_choices(&mut self) -> Option<usize> {
        let first = self.random()?;
        if self.peers.len() == 1 {
            return Some(first);
        }
        // With very unequal weights the same one may be drawn again and again; then its neighbour serves.
        let mut second = (first + 1) % self.peers.len();
        for _ in 0..32 {
            let drawn = self.random()?;
            if drawn != first {
                second = drawn;
                break;
            }
        }
        let second_is_better = self.peers[second].load() < self.peers[first].load();
        Some(if second_is_better { second } else { first })
    }

    /// Weighted rendezvous hashing: each pair of user and instance has its own fixed lot, and the best
    /// lot wins; when an instance goes down only its own users move.
    #[inline(never)]
    fn by_user(&self, user: u64) -> Option<usize> {
        let lot = |peer: &Peer| -peer.weight / libm::log(hashed_unit(user, u64::from(peer.instance.0)));
        let lots = self.peers.iter().map(lot).enumerate();
        lots.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(place, _)| place)
    }
}

impl Peer {
    fn load(&self) -> f64 {
        f64::from(self.active) / self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balancer(weights: &[f64]) -> Balancer {
        let mut balancer = Balancer::new(1, "test");
        for (i, &weight) in weights.iter().enumerate() {
            balancer.total += weight;
            let cumulative = balancer.total;
            let instance = InstanceId(i as u32);
            balancer.peers.push(Peer { instance, weight, cumulative, current: 0.0, active: 0 });
        }
        balancer
    }

    fn choices(balancer: &mut Balancer, policy: Policy, n: u64) -> Vec<u32> {
        (0..n).filter_map(|user| balancer.choose(policy, user)).map(|instance| instance.0).collect()
    }

    #[test]
    fn smooth_round_robin_gives_nginxs_sequence() {
        // Weights 5, 1, 1: a a b a c a a, and again.
        let chosen = choices(&mut balancer(&[5.0, 1.0, 1.0]), Policy::SmoothRoundRobin, 14);
        assert_eq!(chosen, [0, 0, 1, 0, 2, 0, 0].repeat(2));
    }

    #[test]
    fn random_choices_follow_the_weights() {
        for policy in [Policy::WeightedRandom, Policy::UserHash] {
            let chosen = choices(&mut balancer(&[7.0, 3.0, 7.0]), policy, 17_000);
            let count = |of| chosen.iter().filter(|&&instance| instance == of).count() as i64;
            // Four standard deviations of the counts are at most 260.
            assert!((count(0) - 7000).abs() < 260 && (count(1) - 3000).abs() < 220, "{policy:?}: {}", count(0));
        }
    }

    #[test]
    fn least_connections_levels_the_load() {
        let mut balancer = balancer(&[1.0, 1.0, 2.0]);
        let chosen = choices(&mut balancer, Policy::LeastConnections, 8);
        assert_eq!((0..3).map(|of| chosen.iter().filter(|&&i| i == of).count()).collect::<Vec<_>>(), [2, 2, 4]);
        balancer.release(InstanceId(1));
        assert_eq!(balancer.choose(Policy::LeastConnections, 0), Some(InstanceId(1)));
    }

    #[test]
    fn a_user_stays_with_an_instance_when_others_go() {
        let mut all = balancer(&[1.0, 1.0, 1.0]);
        let before = choices(&mut all, Policy::UserHash, 300);
        all.peers.remove(1);
        let after = choices(&mut all, Policy::UserHash, 300);
        assert!(before.iter().zip(&after).all(|(before, after)| *before == 1 || before == after));
    }

    #[test]
    fn nobody_is_chosen_when_nobody_is_up() {
        let policies = [
            Policy::WeightedRandom,
            Policy::SmoothRoundRobin,
            Policy::LeastConnections,
            Policy::TwoChoices,
            Policy::UserHash,
        ];
        assert!(policies.iter().all(|&policy| balancer(&[]).choose(policy, 1).is_none()));
        assert!(policies.iter().all(|&policy| balancer(&[1.0]).choose(policy, 1) == Some(InstanceId(0))));
    }
}

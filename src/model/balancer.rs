//! The balancer: which instance a request goes to.
//!
//! Choosing and knowing are apart: who is believed to be up is told to [`Balancer::refresh`], and which of those is taken
//! [`choosing`](super::choosing) says. In between stands who may be asked now: not those who have as many requests as they
//! are given at most, and backups only when no other one may be.

use super::{
    choosing::{Asked, Peer, Peers},
    policy::peak_ewma::PeakEwma,
    topology::{Balancing, InstanceId, Policy, SlowStart},
};
use crate::engine::{
    random::Stream,
    time::{Duration, SimTime},
};

/// The least part of its weight that an instance has while it warms up (Envoy's `min_weight_percent`).
const LEAST_WARMTH: f64 = 0.1;

/// Parts of its weight that an instance gets one by one (HAProxy's `BE_WEIGHT_SCALE`).
const STEPS: u64 = 16;

impl SlowStart {
    /// The part of its weight that an instance has after so long: it grows in proportion to the time, or in steps.
    fn warmth(self, after: Duration) -> f64 {
        match self.is_stepwise {
            true => ((STEPS * whole_seconds(after) / self.seconds() + 1).min(STEPS)) as f64 / STEPS as f64,
            false => (after.as_seconds() / self.lasts.as_seconds()).clamp(LEAST_WARMTH, 1.0),
        }
    }

    /// What an instance is given at a time after so long, of so much.
    fn part_of(self, most: u32, after: Duration) -> u32 {
        let part = u64::from(most) * whole_seconds(after) / self.seconds();
        (part.max(1) as u32).min(most)
    }

    /// How long it takes, in whole seconds, as far as they have begun.
    fn seconds(self) -> u64 {
        self.lasts.as_nanos().div_ceil(SECOND)
    }
}

const SECOND: u64 = 1_000_000_000;

fn whole_seconds(after: Duration) -> u64 {
    after.as_nanos() / SECOND
}

/// What the balancer knows of a service.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// Instances that are believed to be up and have a positive weight, those first that are asked first: backups come
    /// second, unless there are no others.
    tiers: [Peers; 2],
    /// Those of a tier who may be asked, while one of them is chosen.
    eligible: Peers,
    /// All that are no backups, up or not.
    roster: Peers,
    /// Whether everybody of the first tier may always be asked, at his full weight.
    is_plain: bool,
    numbers: Balancing,
    /// Whether it has been told of its instances: those of the beginning are warm.
    is_told: bool,
    stream: Stream,
}

/// What a balancer is told of an instance.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Which.
    pub instance: InstanceId,
    /// Its weight; without one it is not asked.
    pub weight: f64,
    /// Whether it is asked only when no other one can be.
    pub is_backup: bool,
    /// Whether it is believed to be up.
    pub is_up: bool,
    /// Requests that it has in progress.
    pub active: u32,
}

impl Balancer {
    /// A balancer that does not know its instances yet.
    pub fn new(seed: u64, service: &str) -> Self {
        Self {
            tiers: [Peers::default(), Peers::default()],
            eligible: Peers::default(),
            roster: Peers::default(),
            is_plain: true,
            numbers: Balancing::USUAL,
            is_told: false,
            stream: Stream::new(seed, service, "balancer"),
        }
    }

    /// Takes note of who is up, and of the numbers by which it chooses. Candidates come in ascending order.
    pub fn refresh(&mut self, numbers: Balancing, now: SimTime, candidates: impl Iterator<Item = Candidate>) {
        let known = std::mem::take(&mut self.tiers);
        self.numbers = numbers;
        self.roster.clear();
        for Candidate { instance, weight, is_backup, is_up, active } in candidates {
            if weight <= 0.0 {
                continue;
            }
            let known = known.iter().find_map(|tier| tier.place(instance).map(|place| tier.list[place]));
            let peer = Peer { instance, weight, active, ..self.state(known, now) };
            if !is_backup {
                self.roster.push(peer);
            }
            if is_up {
                self.tiers[usize::from(is_backup)].push(peer);
            }
        }
        if self.tiers[0].list.is_empty() {
            self.tiers.swap(0, 1);
        }
        self.is_told = true;
        self.look_who_is_warming(now);
    }

    /// What is remembered of an instance. Who has not been there until now warms up.
    fn state(&self, known: Option<Peer>, now: SimTime) -> Peer {
        let warming_since = self.numbers.slow_start.filter(|_| self.is_told).map(|_| now);
        let newcomer = Peer {
            instance: InstanceId(0),
            weight: 0.0,
            current: 0.0,
            active: 0,
            most: u32::MAX,
            warming_since,
            times: PeakEwma::default(),
        };
        known.unwrap_or(newcomer)
    }

    /// Who has warmed up long enough is warm; what the others are given at a time.
    fn look_who_is_warming(&mut self, now: SimTime) {
        let Balancing { slow_start, max_conns, .. } = self.numbers;
        let mut is_anybody_warming = false;
        for peer in self.tiers.iter_mut().flat_map(|tier| &mut tier.list) {
            peer.warming_since =
                peer.warming_since.filter(|&since| slow_start.is_some_and(|slow| now.since(since) < slow.lasts));
            is_anybody_warming |= peer.warming_since.is_some();
            peer.most = max_conns.unwrap_or(u32::MAX);
            if let (Some(since), Some(slow)) = (peer.warming_since, slow_start.filter(|slow| slow.is_stepwise)) {
                peer.most = slow.part_of(peer.most, now.since(since));
            }
        }
        self.is_plain = max_conns.is_none() && !is_anybody_warming;
    }

    /// Chooses an instance for a user's request; `None` if none may be asked.
    #[inline]
    pub fn choose(&mut self, asked: Asked) -> Option<InstanceId> {
        if !self.is_plain {
            return self.choose_other(asked, |_| false);
        }
        let first = &mut self.tiers[0];
        let place = first.choose(self.numbers.policy, asked, &self.roster, &mut self.stream)?;
        let peer = first.list.get_mut(place)?;
        peer.active += 1;
        Some(peer.instance)
    }

    /// Whether there is somebody to choose who is not one of those.
    pub fn has_other(&self, is_tried: impl Fn(InstanceId) -> bool) -> bool {
        let mut peers = self.tiers.iter().flat_map(|tier| &tier.list);
        peers.any(|peer| self.has_room(peer) && !is_tried(peer.instance))
    }

    /// Whether an instance has fewer requests than it is given at most.
    fn has_room(&self, peer: &Peer) -> bool {
        peer.active < peer.most
    }

    /// Whether nobody can be chosen though somebody is up: all have as many requests as they are given.
    pub fn is_full(&self) -> bool {
        self.tiers.iter().any(|tier| !tier.list.is_empty()) && !self.has_other(|_| false)
    }

    /// The same as [`Balancer::choose`], but none of those that have been tried.
    #[inline(never)]
    pub fn choose_other(&mut self, asked: Asked, is_tried: impl Fn(InstanceId) -> bool) -> Option<InstanceId> {
        self.look_who_is_warming(asked.now);
        for tier in 0..self.tiers.len() {
            self.eligible.clear();
            for peer in &self.tiers[tier].list {
                if self.has_room(peer) && !is_tried(peer.instance) {
                    self.eligible.push(Peer { weight: peer.weight * self.warmth(peer, asked.now), ..*peer });
                }
            }
            if let Some(place) = self.eligible.choose(self.numbers.policy, asked, &self.roster, &mut self.stream) {
                return self.take(tier, place);
            }
        }
        None
    }

    /// The part of its weight that an instance has by now.
    fn warmth(&self, peer: &Peer, now: SimTime) -> f64 {
        match (peer.warming_since, self.numbers.slow_start) {
            (Some(since), Some(slow)) => slow.warmth(now.since(since)),
            _ => 1.0,
        }
    }

    /// Takes one of those who may be asked.
    fn take(&mut self, tier: usize, place: usize) -> Option<InstanceId> {
        let tier = &mut self.tiers[tier];
        let mut eligible = self.eligible.list.iter().peekable();
        for peer in &mut tier.list {
            if let Some(same) = eligible.next_if(|other| other.instance == peer.instance) {
                peer.current = same.current;
            }
        }
        let chosen = self.eligible.list.get(place)?.instance;
        tier.peer_mut(chosen)?.active += 1;
        Some(chosen)
    }

    /// A request to an instance is over, so long after it was sent.
    #[inline]
    pub fn release(&mut self, instance: InstanceId, took: Duration, now: SimTime) {
        let [first, second] = &mut self.tiers;
        let Some(peer) = first.peer_mut(instance).or_else(|| second.peer_mut(instance)) else { return };
        peer.active = peer.active.saturating_sub(1);
        if let Policy::PeakEwma { decay } = self.numbers.policy {
            peer.times.answered(took, now, decay);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICIES: [Policy; 10] = [
        Policy::WeightedRandom,
        Policy::SmoothRoundRobin,
        Policy::LeastConnections,
        Policy::TwoChoices,
        Policy::UserHash,
        Policy::IpHash,
        Policy::BoundedHash { factor: 1.25 },
        Policy::PeakEwma { decay: Duration::from_nanos(10_000_000_000) },
        Policy::Leastconn,
        Policy::Hash,
    ];

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// A balancer and what it is told.
    struct Case {
        balancer: Balancer,
        numbers: Balancing,
        candidates: Vec<Candidate>,
    }

    impl Case {
        fn new(policy: Policy, weights: &[f64]) -> Self {
            let numbers = Balancing { policy, ..Balancing::USUAL };
            let candidate = |(&weight, number)| Candidate {
                instance: InstanceId(number),
                weight,
                is_backup: false,
                is_up: true,
                active: 0,
            };
            let candidates = weights.iter().zip(0..).map(candidate).collect();
            let mut case = Self { balancer: Balancer::new(1, "test"), numbers, candidates };
            case.refresh(0.0);
            case
        }

        fn with(policy: Policy, weights: &[f64], change: impl Fn(&mut Self)) -> Self {
            let mut case = Self::new(policy, weights);
            change(&mut case);
            case.refresh(0.0);
            case
        }

        fn refresh(&mut self, seconds: f64) {
            let active = |instance| {
                let mut peers = self.balancer.tiers.iter().flat_map(|tier| &tier.list);
                peers.find(|peer| peer.instance == instance).map_or(0, |peer| peer.active)
            };
            let told: Vec<Candidate> =
                self.candidates.iter().map(|it| Candidate { active: active(it.instance), ..*it }).collect();
            self.balancer.refresh(self.numbers, at(seconds), told.into_iter());
        }

        fn set_up(&mut self, instance: usize, is_up: bool, seconds: f64) {
            self.candidates[instance].is_up = is_up;
            self.refresh(seconds);
        }

        fn choose_at(&mut self, user: u64, seconds: f64) -> Option<u32> {
            self.balancer.choose(Asked { user, now: at(seconds) }).map(|instance| instance.0)
        }

        fn choose(&mut self, user: u64) -> Option<u32> {
            self.choose_at(user, 0.0)
        }

        /// Choices for so many users, nobody of whom leaves.
        fn choices(&mut self, n: u64) -> Vec<u32> {
            (0..n).filter_map(|user| self.choose(user)).collect()
        }

        /// The same, and everybody leaves before the next one comes.
        fn passing(&mut self, n: u64, seconds: f64) -> Vec<u32> {
            let mut one = |user| {
                let chosen = self.choose_at(user, seconds)?;
                self.leave(chosen, 0.0);
                Some(chosen)
            };
            (0..n).filter_map(&mut one).collect()
        }

        fn leave(&mut self, instance: u32, took: f64) {
            self.balancer.release(InstanceId(instance), Duration::from_seconds(took), at(0.0));
        }
    }

    fn count(chosen: &[u32], of: u32) -> i64 {
        chosen.iter().filter(|&&instance| instance == of).count() as i64
    }

    #[test]
    fn smooth_round_robin_gives_nginxs_sequence() {
        // Weights 5, 1, 1: a a b a c a a, and again.
        let chosen = Case::new(Policy::SmoothRoundRobin, &[5.0, 1.0, 1.0]).choices(14);
        assert_eq!(chosen, [0, 0, 1, 0, 2, 0, 0].repeat(2));
    }

    #[test]
    fn choices_follow_the_weights() {
        for policy in [Policy::WeightedRandom, Policy::UserHash, Policy::IpHash] {
            let chosen = Case::new(policy, &[7.0, 3.0, 7.0]).choices(17_000);
            // Four standard deviations of the counts are at most 260.
            let (first, second) = (count(&chosen, 0), count(&chosen, 1));
            assert!((first - 7000).abs() < 260 && (second - 3000).abs() < 220, "{policy:?}: {first}, {second}");
        }
    }

    #[test]
    fn least_connections_levels_the_load() {
        let mut case = Case::new(Policy::LeastConnections, &[1.0, 1.0, 2.0]);
        let chosen = case.choices(8);
        assert_eq!([0, 1, 2].map(|of| count(&chosen, of)), [2, 2, 4]);
        case.leave(1, 0.0);
        assert_eq!(case.choose(0), Some(1));
    }

    #[test]
    fn a_user_stays_with_an_instance_when_others_go() {
        for policy in [Policy::UserHash, Policy::IpHash, Policy::BoundedHash { factor: 1000.0 }] {
            let mut case = Case::new(policy, &[1.0, 1.0, 1.0]);
            let before = case.passing(300, 0.0);
            case.set_up(1, false, 0.0);
            let after = case.passing(300, 0.0);
            assert!(before.iter().zip(&after).all(|(before, after)| *before == 1 || before == after), "{policy:?}");
            let moved = before.iter().zip(&after).filter(|(before, _)| **before == 1);
            let moved: Vec<u32> = moved.map(|(_, &after)| after).collect();
            assert!(count(&moved, 0) > 25 && count(&moved, 2) > 25, "they go everywhere: {policy:?}");
            case.set_up(1, true, 0.0);
            assert_eq!(case.passing(300, 0.0), before, "{policy:?}");
        }
    }

    /// nginx's source: a hash that begins with 89 and takes in one number of the address after another.
    #[test]
    fn an_address_leads_where_nginx_leads_it() {
        let mut case = Case::new(Policy::IpHash, &[2.0, 1.0]);
        for user in 0..50 {
            let [a, b, c] = super::super::choosing::address_of(user).map(u32::from);
            let mut hash = ((89 * 113 + a) % 6271 * 113 + b) % 6271;
            hash = (hash * 113 + c) % 6271;
            assert_eq!(case.choose(user), Some(u32::from(hash % 3 == 2)));
        }
    }

    /// Nobody ever gets more than his part of the requests in progress, this one counted, and a quarter of it; whoever would
    /// goes elsewhere, and comes back when there is room.
    #[test]
    fn a_bound_on_the_load_holds() {
        let weights = [1.0, 1.0, 2.0, 4.0];
        let mut case = Case::new(Policy::BoundedHash { factor: 1.25 }, &weights);
        let mut chance = Stream::new(3, "bounds", "users");
        let mut active = [0_u32; 4];
        let mut moved = 0;
        for _ in 0..20_000 {
            // Few users, some of whom come much more often.
            let user = chance.below(1 + chance.clone().below(12));
            let chosen = case.choose(user).expect("somebody is below his bound") as usize;
            active[chosen] += 1;
            let all: u32 = active.iter().sum();
            let bound = (1.25 * f64::from(all) * weights[chosen] / 8.0).ceil();
            assert!(f64::from(active[chosen]) <= bound, "{active:?}, {chosen}");
            moved += u32::from(Case::new(Policy::UserHash, &weights).choose(user) != Some(chosen as u32));
            while active.iter().sum::<u32>() > 40 {
                let leaving = chance.below(4) as usize;
                if active[leaving] > 0 {
                    active[leaving] -= 1;
                    case.leave(leaving as u32, 0.0);
                }
            }
        }
        assert!((1000..19_000).contains(&moved), "{moved}");
    }

    #[test]
    fn whose_answers_take_long_is_avoided_until_it_is_forgotten() {
        let mut case = Case::new(POLICIES[7], &[1.0, 1.0]);
        for (instance, took) in [(0, 1.0), (1, 0.1)] {
            case.leave(instance, took);
        }
        assert_eq!(count(&case.passing(100, 0.0), 0), 0);
        // With ten in progress there the slow one would be the quicker one.
        let chosen = case.choices(20);
        assert_eq!(count(&chosen, 0), 1, "{chosen:?}");
    }

    #[test]
    fn nobody_is_chosen_when_nobody_is_up() {
        for policy in POLICIES {
            assert_eq!(Case::new(policy, &[]).choose(1), None);
            assert_eq!(Case::new(policy, &[1.0]).choose(1), Some(0));
            let mut case = Case::new(policy, &[1.0]);
            case.set_up(0, false, 0.0);
            assert_eq!((case.choose(1), case.balancer.is_full()), (None, false));
        }
    }

    #[test]
    fn who_has_as_many_as_it_is_given_is_not_asked() {
        for policy in POLICIES {
            let mut case = Case::with(policy, &[1.0, 5.0, 1.0], |case| case.numbers.max_conns = Some(2));
            let chosen = case.choices(100);
            assert_eq!([0, 1, 2].map(|of| count(&chosen, of)), [2, 2, 2], "{policy:?}");
            assert!(case.balancer.is_full());
            case.leave(1, 0.1);
            assert!(!case.balancer.is_full());
            assert_eq!((case.choose(7), case.choose(7)), (Some(1), None), "{policy:?}");
        }
    }

    #[test]
    fn who_is_full_loses_no_turn_and_gains_none() {
        let mut case = Case::with(Policy::SmoothRoundRobin, &[1.0, 1.0, 1.0], |it| it.numbers.max_conns = Some(2));
        assert_eq!(case.choices(6), [0, 1, 2, 0, 1, 2]);
        for (leaves, comes) in [(2, 2), (0, 0), (1, 1)] {
            case.leave(leaves, 0.0);
            assert_eq!(case.choose(0), Some(comes));
        }
    }

    #[test]
    fn a_backup_is_asked_when_no_other_one_can_be() {
        for policy in POLICIES {
            let mut case = Case::with(policy, &[1.0, 1.0, 1.0], |case| case.candidates[2].is_backup = true);
            assert_eq!(count(&case.passing(100, 0.0), 2), 0, "{policy:?}");
            case.set_up(0, false, 0.0);
            assert_eq!(count(&case.passing(100, 0.0), 1), 100, "{policy:?}");
            let failed_one = case.balancer.choose_other(Asked { user: 1, now: at(0.0) }, |it| it == InstanceId(1));
            assert_eq!(failed_one, Some(InstanceId(2)), "{policy:?}");
            case.set_up(1, false, 0.0);
            assert_eq!(count(&case.passing(100, 0.0), 2), 100, "{policy:?}");
            case.set_up(1, true, 0.0);
            assert_eq!(count(&case.passing(100, 0.0), 2), 0, "{policy:?}");
        }
    }

    #[test]
    fn a_backup_takes_what_the_others_have_no_room_for() {
        let mut case = Case::with(Policy::SmoothRoundRobin, &[1.0, 1.0], |case| {
            case.candidates[1].is_backup = true;
            case.numbers.max_conns = Some(2);
        });
        assert_eq!(case.choices(5), [0, 0, 1, 1]);
    }

    /// The share of who warms up beside one that is warm: a part w of its weight gives it w / (1 + w) of the requests.
    #[test]
    fn who_comes_back_warms_up() {
        let mut case = Case::with(Policy::WeightedRandom, &[1.0, 1.0], |case| {
            case.numbers.slow_start = slow_start(10.0, false);
        });
        let share = |case: &mut Case, seconds| count(&case.passing(10_000, seconds), 1) as f64 / 10_000.0;
        assert!((share(&mut case, 1.0) - 0.5).abs() < 0.02, "who is there from the beginning is warm");
        case.set_up(1, false, 20.0);
        case.set_up(1, true, 30.0);
        for (seconds, warmth) in [(30.0, 0.1), (30.5, 0.1), (34.0, 0.4), (39.0, 0.9), (40.0, 1.0), (50.0, 1.0)] {
            let found = share(&mut case, seconds);
            assert!((found - warmth / (1.0 + warmth)).abs() < 0.02, "{seconds} s: {found}");
        }
        assert!(case.balancer.is_plain);
    }

    fn slow_start(seconds: f64, is_stepwise: bool) -> Option<SlowStart> {
        Some(SlowStart { lasts: Duration::from_seconds(seconds), is_stepwise })
    }

    /// `server_recalc_eweight` and `srv_dynamic_maxconn` of HAProxy, with `slowstart 8s` and `maxconn 20`.
    #[test]
    fn haproxys_slow_start_goes_in_sixteenths_by_whole_seconds_and_holds_back_its_maxconn() {
        let slow = slow_start(7.5, true).expect("it is slow");
        let after = |seconds: f64| Duration::from_seconds(seconds);
        for (seconds, warmth, most) in [(0.0, 1, 1), (0.9, 1, 1), (1.0, 3, 2), (3.9, 7, 7), (4.0, 9, 10), (7.0, 15, 17)]
        {
            assert_eq!(slow.warmth(after(seconds)), f64::from(warmth) / 16.0, "{seconds}");
            assert_eq!(slow.part_of(20, after(seconds)), most, "{seconds}");
        }
        let mut case = Case::with(Policy::Leastconn, &[1.0, 1.0], |case| {
            (case.numbers.slow_start, case.numbers.max_conns) = (slow_start(8.0, true), Some(20));
        });
        case.set_up(1, false, 20.0);
        case.set_up(1, true, 30.0);
        let chosen: Vec<u32> = (0..30).filter_map(|user| case.choose_at(user, 32.5)).collect();
        assert_eq!([count(&chosen, 0), count(&chosen, 1)], [20, 5], "5 of 20 after two of eight seconds");
    }

    /// With one and two requests in progress for the weights 1 and 4, HAProxy's second server has 2/1 and 3/4.
    #[test]
    fn leastconn_counts_the_request_that_is_to_come() {
        let shares = |policy| {
            let chosen = Case::new(policy, &[1.0, 4.0]).choices(3);
            [count(&chosen, 0), count(&chosen, 1)]
        };
        assert_eq!([shares(Policy::LeastConnections), shares(Policy::Leastconn)], [[1, 2], [0, 3]]);
    }

    /// nginx 1.22 with `hash $arg_u` and weights 3, 2 and 1, as it was measured with 3000 users.
    #[test]
    fn a_name_leads_where_nginx_leads_it() {
        let weights = [3.0, 2.0, 1.0];
        let mut case = Case::new(Policy::Hash, &weights);
        let before = case.passing(3000, 0.0);
        assert_eq!([0, 1, 2].map(|of| count(&before, of)), [1529, 1009, 462]);
        case.set_up(0, false, 0.0);
        let after = case.passing(3000, 0.0);
        let moved: Vec<u32> =
            before.iter().zip(&after).filter(|(before, _)| **before == 0).map(|(_, &it)| it).collect();
        assert_eq!([1, 2].map(|of| count(&moved, of)), [840, 689]);
    }
}

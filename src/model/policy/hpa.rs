//! An autoscaler: so many replicas that each has what it is meant to have to do.

use std::collections::VecDeque;

use crate::engine::time::{Duration, SimTime};

/// Numbers of Kubernetes' HorizontalPodAutoscaler (`autoscaling/v2`).
#[derive(Clone, Debug, PartialEq)]
pub struct Hpa {
    /// Fewest replicas, at least 1.
    pub min: u32,
    /// Most replicas.
    pub max: u32,
    /// So far the metric may be from its target, as a share of it, without anything happening. Kubernetes: 0.1.
    pub tolerance: f64,
    /// How replicas are added.
    pub up: ScalingRules,
    /// How replicas are taken away.
    pub down: ScalingRules,
}

impl Hpa {
    /// Between so many replicas and so many, with Kubernetes' defaults: at most four more or twice as many in 15 s,
    /// whichever is more, and any number fewer, if it has been so for 300 s.
    pub fn new(min: u32, max: u32) -> Self {
        let period = seconds(15);
        let all = ScalingPolicy { amount: Amount::Percent(100), period };
        let four = ScalingPolicy { amount: Amount::Replicas(4), period };
        Self {
            min,
            max,
            tolerance: 0.1,
            up: ScalingRules { stabilisation: Duration::ZERO, select: Select::Most, policies: vec![four, all] },
            down: ScalingRules { stabilisation: seconds(300), select: Select::Most, policies: vec![all] },
        }
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_nanos(seconds * 1_000_000_000)
}

/// How the number of replicas changes in one direction (`HPAScalingRules`).
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingRules {
    /// Of all recommendations of this time, the one that changes least counts.
    pub stabilisation: Duration,
    /// Which of the policies counts.
    pub select: Select,
    /// Bounds on the change; without any there is none.
    pub policies: Vec<ScalingPolicy>,
}

/// A bound on a change (`HPAScalingPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalingPolicy {
    /// So much,
    pub amount: Amount,
    /// in so long.
    pub period: Duration,
}

/// How much may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many replicas.
    Replicas(u32),
    /// So many per cent of those that there were when the period began.
    Percent(u32),
}

/// Which of several policies counts (`selectPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// The one that allows the greatest change.
    Most,
    /// The one that allows the smallest.
    Least,
    /// There is no change in this direction.
    Disabled,
}

/// What an autoscaler remembers: what it recommended, and what it did.
#[derive(Clone, Debug, Default)]
pub struct HpaState {
    recommended: VecDeque<(SimTime, u32)>,
    added: VecDeque<(SimTime, u32)>,
    removed: VecDeque<(SimTime, u32)>,
}

/// The number of replicas at which the metric would be at its target, if it is in proportion to their number:
/// `⌈replicas · metric ÷ target⌉`, or as many as there are if it is near enough already. The metric is the mean over
/// the replicas; of several metrics, the largest recommendation counts. That replicas which are not ready yet are left
/// out of the mean is for whoever measures.
pub fn recommended(replicas: u32, metric: f64, target: f64, tolerance: f64) -> u32 {
    let ratio = metric / target;
    if (1.0 - tolerance..=1.0 + tolerance).contains(&ratio) {
        return replicas;
    }
    // (Multiplied first, 10 · 1.1 is not rounded up to 12. A float that is cast saturates, and no number becomes 0.)
    libm::ceil(f64::from(replicas) * metric / target) as u32
}

/// The same for replicas of which some are not ready, as Kubernetes' replica calculator has it: `ready` of them have a sum
/// of the metric, and `unready` others are on their way. If more are wanted, those are taken to have nothing to do; that
/// must not turn the recommendation round. Without anybody ready nothing is recommended but what is `wanted` already.
pub fn recommended_for((ready, sum): (u32, f64), unready: u32, wanted: u32, target: f64, tolerance: f64) -> u32 {
    if ready == 0 {
        return wanted;
    }
    let is_near = |mean: f64| (1.0 - tolerance..=1.0 + tolerance).contains(&(mean / target));
    let mean = sum / f64::from(ready);
    if unready == 0 || mean <= target {
        return if is_near(mean) { wanted } else { recommended(ready, mean, target, tolerance) };
    }
    let damped = sum / f64::from(ready + unready);
    if damped <= target || is_near(damped) {
        return wanted;
    }
    recommended(ready + unready, damped, target, tolerance).max(wanted)
}

impl HpaState {
    /// Nothing has been recommended or done.
    pub fn new() -> Self {
        Self::default()
    }

    /// So many replicas are there at the beginning, which counts as recommended.
    pub fn begin(now: SimTime, replicas: u32) -> Self {
        Self { recommended: VecDeque::from([(now, replicas)]), ..Self::default() }
    }

    /// How many replicas there are to be from now on, if there are so many and so many have just been
    /// [`recommended`]. It takes for granted that this is done.
    pub fn decide(&mut self, hpa: &Hpa, now: SimTime, replicas: u32, recommended: u32) -> u32 {
        self.forget(hpa, now);
        let within = replicas.min(hpa.max).max(hpa.min);
        let decided = if within == replicas {
            let wanted = self.stabilised(hpa, now, replicas, recommended);
            self.bounded(hpa, now, replicas, wanted)
        } else {
            within
        };
        self.recommended.push_back((now, recommended));
        if decided > replicas {
            self.added.push_back((now, decided - replicas));
        } else if decided < replicas {
            self.removed.push_back((now, replicas - decided));
        }
        decided
    }

    /// More replicas only if all recommendations of a while were for more, and as many as the least of them; fewer in
    /// the same way.
    fn stabilised(&self, hpa: &Hpa, now: SimTime, replicas: u32, recommended: u32) -> u32 {
        let (mut least, mut most) = (recommended, recommended);
        for &(at, past) in &self.recommended {
            if now.since(at) < hpa.up.stabilisation {
                least = least.min(past);
            }
            if now.since(at) < hpa.down.stabilisation {
                most = most.max(past);
            }
        }
        replicas.max(least).min(most)
    }

    /// As near to what is wanted as policies and the bounds on the number of replicas allow.
    fn bounded(&self, hpa: &Hpa, now: SimTime, replicas: u32, wanted: u32) -> u32 {
        if wanted > replicas {
            wanted.min(self.most(&hpa.up, now, replicas)).min(hpa.max)
        } else {
            wanted.max(self.fewest(&hpa.down, now, replicas)).max(hpa.min)
        }
    }

    /// The most replicas that the rules for more allow, at least as many as there are.
    fn most(&self, rules: &ScalingRules, now: SimTime, replicas: u32) -> u32 {
        let limits = rules.policies.iter().map(|policy| {
            let before = self.before(now, policy.period, replicas);
            match policy.amount {
                Amount::Replicas(count) => before.saturating_add(count.into()),
                Amount::Percent(share) => (before * (100 + u64::from(share))).div_ceil(100),
            }
        });
        let limit = match rules.select {
            Select::Most => limits.max(),
            Select::Least => limits.min(),
            Select::Disabled => Some(0),
        };
        limit.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX)).max(replicas)
    }

    /// The fewest replicas that the rules for fewer allow, at most as many as there are.
    fn fewest(&self, rules: &ScalingRules, now: SimTime, replicas: u32) -> u32 {
        let limits = rules.policies.iter().map(|policy| {
            let before = self.before(now, policy.period, replicas);
            match policy.amount {
                Amount::Replicas(count) => before.saturating_sub(count.into()),
                Amount::Percent(share) => before * u64::from(100 - share.min(100)) / 100,
            }
        });
        let limit = match rules.select {
            Select::Most => limits.min(),
            Select::Least => limits.max(),
            Select::Disabled => Some(u64::MAX),
        };
        limit.map_or(0, |limit| u32::try_from(limit).unwrap_or(u32::MAX)).min(replicas)
    }

    /// How many replicas there were when a period that ends now began.
    fn before(&self, now: SimTime, period: Duration, replicas: u32) -> u64 {
        let sum = |changes: &VecDeque<(SimTime, u32)>| -> u64 {
            let within = changes.iter().filter(|(at, _)| now.since(*at) < period);
            within.map(|(_, change)| u64::from(*change)).sum()
        };
        (u64::from(replicas) + sum(&self.removed)).saturating_sub(sum(&self.added))
    }

    /// Forgets what no rule looks back on, so that the memory of a long run stays small.
    fn forget(&mut self, hpa: &Hpa, now: SimTime) {
        let policies = hpa.up.policies.iter().chain(&hpa.down.policies);
        let period = policies.map(|policy| policy.period).max().unwrap_or_default();
        let stabilisation = hpa.up.stabilisation.max(hpa.down.stabilisation);
        forget(&mut self.recommended, now, stabilisation);
        forget(&mut self.added, now, period);
        forget(&mut self.removed, now, period);
    }
}

fn forget(past: &mut VecDeque<(SimTime, u32)>, now: SimTime, after: Duration) {
    while past.front().is_some_and(|(at, _)| now.since(*at) >= after) {
        past.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of replicas, asked for every 15 s, as recommendations come.
    fn course(hpa: &Hpa, mut replicas: u32, recommendations: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let mut state = HpaState::new();
        let decided = recommendations.into_iter().enumerate().map(|(i, recommended)| {
            replicas = state.decide(hpa, SimTime::from_seconds(1000.0 + 15.0 * i as f64), replicas, recommended);
            replicas
        });
        decided.collect()
    }

    fn rules(select: Select, policies: &[(Amount, u64)]) -> ScalingRules {
        let policies = policies.iter().map(|&(amount, period)| ScalingPolicy { amount, period: seconds(period) });
        ScalingRules { stabilisation: Duration::ZERO, select, policies: policies.collect() }
    }

    #[test]
    fn the_recommendation_is_in_proportion_to_the_metric() {
        // The documentation's examples: 200m instead of 100m doubles, 50m halves.
        assert_eq!((recommended(3, 200.0, 100.0, 0.1), recommended(4, 50.0, 100.0, 0.1)), (6, 2));
        assert_eq!(recommended(10, 111.0, 100.0, 0.1), 12, "11.1 is rounded up");
        assert_eq!(recommended(10, 0.0, 100.0, 0.1), 0);
        assert_eq!(recommended(30, 110.0, 50.0, 0.1), 66, "exactly");
    }

    #[test]
    fn who_is_not_ready_counts_as_idle_if_more_are_wanted() {
        // Four at twice their target ask for eight; with four more on their way that is done already.
        assert_eq!(recommended_for((4, 800.0), 0, 4, 100.0, 0.1), 8);
        assert_eq!(recommended_for((4, 800.0), 4, 8, 100.0, 0.1), 8);
        assert_eq!(recommended_for((4, 1600.0), 4, 8, 100.0, 0.1), 16);
        // With enough to come it is not turned round, and few with little to do are fewer.
        assert_eq!(recommended_for((4, 600.0), 8, 12, 100.0, 0.1), 12);
        assert_eq!(recommended_for((4, 200.0), 4, 8, 100.0, 0.1), 2);
        assert_eq!(recommended_for((0, 0.0), 3, 3, 100.0, 0.1), 3);
    }

    #[test]
    fn within_the_tolerance_nothing_happens() {
        assert_eq!([90.0, 95.0, 109.9, 110.0].map(|metric| recommended(10, metric, 100.0, 0.1)), [10; 4]);
        assert_eq!([89.9, 110.1].map(|metric| recommended(10, metric, 100.0, 0.1)), [9, 12]);
        assert_eq!(recommended(10, 101.0, 100.0, 0.0), 11);
    }

    #[test]
    fn by_default_replicas_double_or_grow_by_four() {
        let hpa = Hpa::new(1, 100);
        assert_eq!(course(&hpa, 1, [90; 7]), [5, 10, 20, 40, 80, 90, 90]);
        assert_eq!(course(&Hpa::new(1, 60), 1, [90; 6]), [5, 10, 20, 40, 60, 60]);
    }

    #[test]
    fn by_default_replicas_go_when_all_recommendations_of_300_seconds_say_so() {
        let hpa = Hpa::new(2, 100);
        // The recommendation for 10 counts for 300 s, that is until the 20th look after it; then the highest since does.
        let recommendations = std::iter::once(10).chain(std::iter::repeat_n(4, 5)).chain(std::iter::repeat_n(1, 40));
        let replicas = course(&hpa, 10, recommendations);
        assert_eq!(replicas[..20], [10; 20]);
        assert_eq!(replicas[20..25], [4; 5]);
        assert_eq!(replicas[25..], [2; 21], "not below the least");
    }

    #[test]
    fn a_peak_within_the_window_keeps_the_replicas() {
        let hpa = Hpa::new(1, 100);
        let wave = (0..100).map(|i| if i % 10 == 0 { 8 } else { 2 });
        assert!(course(&hpa, 8, wave).iter().all(|&replicas| replicas == 8));
    }

    #[test]
    fn the_documented_scale_down_by_ten_per_cent_or_four_a_minute() {
        // "80 replicas … scaled down to 10": first 8 go, then 8 (7.2, rounded up); below 40 it is 4 at a time.
        let down = rules(Select::Most, &[(Amount::Replicas(4), 60), (Amount::Percent(10), 60)]);
        let hpa = Hpa { down, ..Hpa::new(1, 100) };
        let each_minute: Vec<u32> = course(&hpa, 80, [10; 70]).into_iter().step_by(4).collect();
        assert_eq!(each_minute[..10], [72, 64, 57, 51, 45, 40, 36, 32, 28, 24]);
        assert_eq!(each_minute[10..15], [20, 16, 12, 10, 10]);
        // Within the minute nothing more goes.
        assert_eq!(course(&hpa, 80, [10; 5]), [72, 72, 72, 72, 64]);
    }

    #[test]
    fn the_smallest_change_counts_if_it_is_chosen_and_none_if_disabled() {
        let policies = [(Amount::Replicas(5), 60), (Amount::Percent(10), 60)];
        let hpa = |select| Hpa { up: rules(select, &policies), down: rules(select, &policies), ..Hpa::new(1, 200) };
        assert_eq!(course(&hpa(Select::Least), 100, [1]), [95]);
        assert_eq!(course(&hpa(Select::Most), 100, [1]), [90]);
        assert_eq!(course(&hpa(Select::Least), 20, [200]), [22]);
        assert_eq!(course(&hpa(Select::Most), 20, [200]), [25]);
        assert_eq!(
            (course(&hpa(Select::Disabled), 20, [200]), course(&hpa(Select::Disabled), 20, [1])),
            (vec![20], vec![20])
        );
    }

    #[test]
    fn stabilisation_upwards_takes_the_least_recommendation() {
        let up = ScalingRules { stabilisation: seconds(60), ..Hpa::new(1, 1).up };
        let hpa = Hpa { up, ..Hpa::new(1, 100) };
        assert_eq!(course(&hpa, 4, [4, 8, 8, 8, 8, 8]), [4, 4, 4, 4, 8, 8]);
    }

    #[test]
    fn what_was_added_in_the_other_direction_is_counted_too() {
        // Two more within the minute: when it began there were 10, so 5 fewer than those are allowed.
        let down = rules(Select::Most, &[(Amount::Replicas(5), 60)]);
        let hpa = Hpa { down, ..Hpa::new(1, 100) };
        assert_eq!(course(&hpa, 10, [12, 1, 1, 1, 1, 1]), [12, 5, 5, 5, 5, 1]);
    }

    #[test]
    fn numbers_out_of_bounds_are_put_right_at_once() {
        let hpa = Hpa::new(3, 6);
        assert_eq!((course(&hpa, 1, [4]), course(&hpa, 50, [50])), (vec![3], vec![6]));
    }

    #[test]
    fn little_is_remembered() {
        let (hpa, mut state) = (Hpa::new(1, 100), HpaState::new());
        for i in 0..10_000 {
            state.decide(&hpa, SimTime::from_seconds(15.0 * f64::from(i)), 10 + i % 2, 11);
        }
        assert!(state.recommended.len() <= 20 && state.added.len() + state.removed.len() <= 2);
    }
}

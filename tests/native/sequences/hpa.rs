//! The autoscaler: Kubernetes' `stabilizeRecommendationWithBehaviors` and `convertDesiredReplicasWithBehaviorRate`
//! (pkg/controller/podautoscaler/horizontal.go), told once more over plain lists.

use web_service_model::{
    engine::random::Stream,
    model::policy::hpa::{Amount, Hpa, HpaState, ScalingPolicy, ScalingRules, Select, recommended},
};

use super::{at, lasting, stream};

/// A time and a number: what was recommended, or by how much it was scaled.
type Event = (f64, i64);

/// What is remembered: everything.
#[derive(Default)]
struct Kubernetes {
    recommendations: Vec<Event>,
    scale_up_events: Vec<Event>,
    scale_down_events: Vec<Event>,
}

/// What changed within the period.
fn replicas_change(events: &[Event], now: f64, period: f64) -> i64 {
    events.iter().filter(|(time, _)| *time > now - period).map(|(_, change)| change).sum()
}

impl Kubernetes {
    fn stabilized(&self, hpa: &Hpa, now: f64, current: i64, desired: i64) -> i64 {
        let (mut up, mut down) = (desired, desired);
        for (time, recommendation) in &self.recommendations {
            if *time > now - hpa.up.stabilisation.as_seconds() {
                up = up.min(*recommendation);
            }
            if *time > now - hpa.down.stabilisation.as_seconds() {
                down = down.max(*recommendation);
            }
        }
        let mut recommendation = current;
        if recommendation < up {
            recommendation = up;
        }
        if recommendation > down {
            recommendation = down;
        }
        recommendation
    }

    fn limit(&self, rules: &ScalingRules, now: f64, current: i64, is_up: bool) -> i64 {
        if rules.select == Select::Disabled {
            return current;
        }
        let mut limits = Vec::new();
        for policy in &rules.policies {
            let period = policy.period.as_seconds();
            let added = replicas_change(&self.scale_up_events, now, period);
            let deleted = replicas_change(&self.scale_down_events, now, period);
            let at_start = current - added + deleted;
            limits.push(match (policy.amount, is_up) {
                (Amount::Replicas(value), true) => at_start + i64::from(value),
                (Amount::Replicas(value), false) => at_start - i64::from(value),
                // (Per cent in whole numbers: Kubernetes' floats round 1.1 · 10 up to 12.)
                (Amount::Percent(value), true) => (at_start * (100 + i64::from(value)) + 99) / 100,
                (Amount::Percent(value), false) => at_start * (100 - i64::from(value)) / 100,
            });
        }
        let is_largest = (rules.select == Select::Most) == is_up;
        let limit = if is_largest { limits.into_iter().max() } else { limits.into_iter().min() };
        limit.expect("a policy")
    }

    fn decide(&mut self, hpa: &Hpa, now: f64, current: i64, desired: i64) -> i64 {
        let stabilized = self.stabilized(hpa, now, current, desired);
        self.recommendations.push((now, desired));
        let (min, max) = (i64::from(hpa.min), i64::from(hpa.max));
        if stabilized > current {
            let limit = self.limit(&hpa.up, now, current, true).max(current);
            let decided = stabilized.min(limit.min(max));
            self.scale_up_events.push((now, decided - current));
            decided
        } else if stabilized < current {
            let limit = self.limit(&hpa.down, now, current, false).min(current);
            let decided = stabilized.max(limit.max(min));
            self.scale_down_events.push((now, current - decided));
            decided
        } else {
            current
        }
    }
}

fn rules(random: &mut Stream, stabilisation: f64) -> ScalingRules {
    let policy = |random: &mut Stream| {
        let amount = match random.below(2) {
            0 => Amount::Replicas(1 + random.below(6) as u32),
            _ => Amount::Percent(5 + random.below(96) as u32),
        };
        ScalingPolicy { amount, period: lasting(15.0 * (1 + random.below(8)) as f64) }
    };
    let policies = (0..=random.below(3)).map(|_| policy(random)).collect();
    let select = [Select::Most, Select::Most, Select::Least, Select::Disabled][random.below(4) as usize];
    ScalingRules { stabilisation: lasting(stabilisation), select, policies }
}

#[test]
fn replicas_are_those_of_kubernetes() {
    let mut changes = 0;
    for seed in 1..=300 {
        let mut random = stream(seed);
        let up = 15.0 * random.below(6) as f64;
        let down = 15.0 * random.below(21) as f64;
        let hpa = Hpa { up: rules(&mut random, up), down: rules(&mut random, down), ..Hpa::new(2, 60) };
        let (mut ours, mut theirs) = (HpaState::new(), Kubernetes::default());
        let (mut replicas, mut load) = (10, 500.0);
        for look in 0..200 {
            // (Kubernetes puts wishes between the least and the most when it has counted; so does this.)
            load = (load * (0.6 + 0.8 * random.uniform())).clamp(20.0, 6_000.0);
            let desired = recommended(replicas, load / f64::from(replicas), 100.0, 0.1);
            let now = 15.0 * f64::from(look);
            let expected = theirs.decide(&hpa, now, replicas.into(), desired.into());
            let decided = ours.decide(&hpa, at(now), replicas, desired);
            assert_eq!(i64::from(decided), expected, "seed {seed}, look {look}: {replicas}, {desired}, {hpa:?}");
            changes += u32::from(decided != replicas);
            replicas = decided;
        }
    }
    assert!(changes > 1_000, "{changes}");
}

/// ⌈replicas · metric ÷ target⌉, unless the metric is within a tenth of its target.
#[test]
fn within_the_tolerance_there_are_as_many_as_before() {
    for metric in 1..=400 {
        let (metric, ratio) = (f64::from(metric), f64::from(metric) / 100.0);
        let expected = if (ratio - 1.0).abs() <= 0.1 + 1e-12 { 7 } else { (7.0 * metric / 100.0).ceil() as u32 };
        assert_eq!(recommended(7, metric, 100.0, 0.1), expected, "{metric}");
    }
}

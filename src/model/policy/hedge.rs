//! Hedging: a second try beside one that is slow, as in Dean and Barroso's "The Tail at Scale".

use super::{percentile::LatestTimes, tokens::Tokens};
use crate::{
    engine::time::Duration,
    model::topology::{Hedge, HedgeAfter},
};

/// What an edge with hedging remembers: how long answers took, and how many further tries it may make.
#[derive(Clone, Debug)]
pub struct HedgeState {
    times: LatestTimes,
    tokens: Tokens,
}

impl HedgeState {
    /// It has seen nothing, and its budget is full.
    pub fn new(hedge: &Hedge) -> Self {
        Self { times: LatestTimes::default(), tokens: Tokens::new(hedge.budget) }
    }

    /// After how long a try counts as slow; `None` if too little has been seen to say.
    pub fn delay(&self, hedge: &Hedge) -> Option<Duration> {
        match hedge.after {
            HedgeAfter::Time(time) => Some(time),
            HedgeAfter::Percentile(share) => self.times.percentile(share),
        }
    }

    /// A try was answered after so long.
    #[inline]
    pub fn saw(&mut self, took: Duration) {
        self.times.add(took);
    }

    /// An attempt begins, which adds to the budget.
    #[inline]
    pub fn earn(&mut self, hedge: &Hedge) {
        if let Some((ratio, burst)) = hedge.budget {
            self.tokens.earn(ratio, burst);
        }
    }

    /// Whether a further try may be made now; it then is paid for.
    #[inline]
    pub fn take(&mut self, hedge: &Hedge) -> bool {
        hedge.budget.is_none() || self.tokens.take()
    }

    /// Its numbers are others from now on.
    pub fn change(&mut self, before: &Hedge, after: &Hedge) {
        self.tokens.change(before.budget, after.budget);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hedge(after: HedgeAfter, budget: Option<(f64, f64)>) -> Hedge {
        Hedge { after, max: 1, budget, writes: false }
    }

    #[test]
    fn a_time_needs_nothing_to_have_been_seen_and_a_percentile_a_hundred_answers() {
        let time = hedge(HedgeAfter::Time(Duration::from_seconds(0.2)), None);
        let share = hedge(HedgeAfter::Percentile(0.95), None);
        let mut state = HedgeState::new(&time);
        assert_eq!(state.delay(&time), Some(Duration::from_seconds(0.2)));
        (0..100).for_each(|i| {
            assert_eq!(state.delay(&share), None);
            state.saw(Duration::from_seconds(if i % 10 == 0 { 3.0 } else { 0.1 }));
        });
        let delay = state.delay(&share).expect("enough").as_seconds();
        assert!((2.0..4.0).contains(&delay), "{delay}");
    }

    #[test]
    fn a_budget_pays_for_its_share_of_tries() {
        // A sixteenth is exact in binary.
        let hedge = hedge(HedgeAfter::Time(Duration::ZERO), Some((0.0625, 1.0)));
        let mut state = HedgeState::new(&hedge);
        let mut made = 0;
        for _ in 0..1600 {
            state.earn(&hedge);
            made += u32::from(state.take(&hedge));
        }
        assert_eq!(made, 100, "one at once, as the budget starts full, and then one in sixteen");
    }

    #[test]
    fn without_a_budget_there_is_no_bound_and_a_new_one_starts_full() {
        let free = hedge(HedgeAfter::Time(Duration::ZERO), None);
        let mut state = HedgeState::new(&free);
        assert!((0..100).all(|_| state.take(&free)));
        let bound = hedge(HedgeAfter::Time(Duration::ZERO), Some((0.1, 2.0)));
        state.change(&free, &bound);
        assert_eq!((0..100).filter(|_| state.take(&bound)).count(), 2);
    }
}

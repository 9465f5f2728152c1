//! A budget of tokens: a bound on how much further tries may add to the load.

/// Share of a token that each first try adds, and most tokens held; `None` is no bound.
pub type Budget = Option<(f64, f64)>;

/// A bucket of tokens that first tries fill and further tries empty (gRPC's "Client-side retry throttling" and
/// Finagle's `RetryBudget` are of this kind). It starts full.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tokens(f64);

impl Tokens {
    /// A full bucket.
    pub fn new(budget: Budget) -> Self {
        Self(budget.map_or(0.0, |(_, burst)| burst))
    }

    /// A first try adds its share of a token, as long as there is room.
    #[inline]
    pub fn earn(&mut self, ratio: f64, burst: f64) {
        self.0 = (self.0 + ratio).min(burst);
    }

    /// Takes a token for a further try; `false` if there is not a whole one.
    #[inline]
    pub fn take(&mut self) -> bool {
        let is_there = self.0 >= 1.0;
        if is_there {
            self.0 -= 1.0;
        }
        is_there
    }

    /// The budget is another one from now on: one that was not there before starts full, one that holds less spills
    /// the rest.
    pub fn change(&mut self, before: Budget, after: Budget) {
        if let Some((_, burst)) = after {
            self.0 = if before.is_some() { self.0.min(burst) } else { burst };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(tokens: &mut Tokens) -> u32 {
        (0..100).map(|_| u32::from(tokens.take())).sum()
    }

    #[test]
    fn eight_first_tries_earn_one_further_try_at_a_ratio_of_an_eighth() {
        let mut tokens = Tokens::new(Some((0.125, 10.0)));
        assert_eq!(taken(&mut tokens), 10);
        (0..7).for_each(|_| tokens.earn(0.125, 10.0));
        assert!(!tokens.take(), "seven eighths are no token");
        tokens.earn(0.125, 10.0);
        assert!(tokens.take() && !tokens.take());
        (0..1000).for_each(|_| tokens.earn(0.125, 10.0));
        assert_eq!(taken(&mut tokens), 10, "it holds no more than its burst");
    }

    #[test]
    fn a_new_budget_starts_full_and_a_smaller_one_spills() {
        let (large, small) = (Some((0.1, 10.0)), Some((0.1, 3.0)));
        let mut tokens = Tokens::new(None);
        assert!(!tokens.take());
        tokens.change(None, large);
        assert_eq!(tokens, Tokens(10.0));
        tokens.change(large, small);
        assert_eq!(tokens, Tokens(3.0));
        tokens.change(small, large);
        assert_eq!(tokens, Tokens(3.0), "a larger one is not filled at once");
        tokens.change(large, None);
        assert_eq!(tokens, Tokens(3.0));
    }
}

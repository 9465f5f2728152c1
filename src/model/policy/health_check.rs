//! Active health checks: a peer is asked again and again how it is.

use crate::{engine::time::Duration, model::cause::CauseSet};

/// How a peer is checked (`check inter`, `rise` and `fall` in HAProxy's configuration manual, whose defaults these are).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// Time from one check to the next, above 0.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Checks in a row that must go well until a peer that was down is up, at least 1.
    pub rise: u32,
    /// Checks in a row that must go wrong until a peer that was up is down, at least 1.
    pub fall: u32,
    /// What it makes of requests that fail; `None` is nothing.
    pub observe: Option<Observation>,
}

/// What is made of requests that fail beside the checks (`observe`, `error-limit` and `on-error` there).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Which failures count.
    pub causes: CauseSet,
    /// So many in a row are enough, at least 1.
    pub limit: u32,
    /// For what.
    pub then: OnErrors,
}

/// What follows errors in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnErrors {
    /// They count as one check that went wrong.
    FailCheck,
    /// One check more that goes wrong takes the peer down.
    SuddenDeath,
    /// The peer is down.
    MarkDown,
}

impl Default for HealthCheck {
    fn default() -> Self {
        let two_seconds = Duration::from_nanos(2_000_000_000);
        Self { interval: two_seconds, timeout: two_seconds, rise: 2, fall: 3, observe: None }
    }
}

/// What checks have shown of a peer. It is taken to be up at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckState {
    is_up: bool,
    /// Checks in a row that say otherwise.
    against: u32,
    /// Requests in a row that have failed.
    errors: u32,
}

impl Default for CheckState {
    fn default() -> Self {
        Self { is_up: true, against: 0, errors: 0 }
    }
}

impl CheckState {
    /// Whether the peer is taken to be up.
    pub fn is_up(&self) -> bool {
        self.is_up
    }

    /// A check has gone well, or wrong (a late answer is wrong). Whether the peer is taken for something else now.
    pub fn checked(&mut self, check: &HealthCheck, is_good: bool) -> bool {
        self.against = if is_good == self.is_up { 0 } else { self.against + 1 };
        let is_enough = self.against >= if self.is_up { check.fall } else { check.rise };
        let is_changed = self.against > 0 && is_enough;
        if is_changed {
            *self = Self { is_up: !self.is_up, against: 0, errors: 0 };
        }
        is_changed
    }

    /// A request that counts is over. Whether the peer is taken for something else now.
    pub fn answered(&mut self, check: &HealthCheck, observe: &Observation, is_failed: bool) -> bool {
        if !is_failed || !self.is_up {
            self.errors = 0;
            return false;
        }
        self.errors += 1;
        if self.errors < observe.limit {
            return false;
        }
        self.errors = 0;
        match observe.then {
            OnErrors::SuddenDeath if self.against + 1 < check.fall => {
                self.against = check.fall - 1;
                false
            }
            OnErrors::FailCheck | OnErrors::SuddenDeath => self.checked(check, false),
            OnErrors::MarkDown => {
                *self = Self { is_up: false, against: 0, errors: 0 };
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_checks_take_a_peer_down_and_two_bring_it_back() {
        let (mut state, check) = (CheckState::default(), HealthCheck::default());
        let mut is_up = |good: &str| -> String {
            let after = good.chars().map(|c| {
                let was = state.is_up();
                assert_eq!(state.checked(&check, c == '+'), was != state.is_up());
                if state.is_up() { 'u' } else { 'd' }
            });
            after.collect()
        };
        assert_eq!(is_up("++--+--+---"), "uuuuuuuuuud");
        assert_eq!(is_up("-+-+--++"), "dddddddu");
        assert_eq!(is_up("--+---"), "uuuuud", "it begins anew after each change");
    }

    #[test]
    fn with_one_each_it_follows_every_check() {
        let check = HealthCheck { rise: 1, fall: 1, ..HealthCheck::default() };
        let mut state = CheckState::default();
        for is_good in [true, false, false, true, false] {
            state.checked(&check, is_good);
            assert_eq!(state.is_up(), is_good);
        }
    }

    /// After so many errors in a row, and answers between them, whether a peer is up; `x` is an error, `.` an answer, `-` and `+` are
    /// checks.
    fn story(limit: u32, then: OnErrors, what: &str) -> String {
        let check = HealthCheck::default();
        let observe = Observation { causes: CauseSet::ALL, limit, then };
        let mut state = CheckState::default();
        let step = |c: char| {
            match c {
                'x' | '.' => state.answered(&check, &observe, c == 'x'),
                _ => state.checked(&check, c == '+'),
            };
            if state.is_up() { 'u' } else { 'd' }
        };
        what.chars().map(step).collect()
    }

    #[test]
    fn errors_in_a_row_mark_a_peer_down_until_its_checks_go_well() {
        assert_eq!(story(3, OnErrors::MarkDown, "xx.xxxxx++x"), "uuuuudddduu");
        assert_eq!(story(3, OnErrors::MarkDown, "xxx+-++xxx"), "uudddduuud");
    }

    #[test]
    fn errors_in_a_row_are_a_check_that_goes_wrong_or_the_last_but_one() {
        assert_eq!(story(2, OnErrors::FailCheck, "xxxxxx"), "uuuuud");
        assert_eq!(story(2, OnErrors::FailCheck, "xxxx+xx-"), "uuuuuuuu");
        assert_eq!(story(2, OnErrors::SuddenDeath, "xx-"), "uud");
        assert_eq!(story(2, OnErrors::SuddenDeath, "xxxx"), "uuud");
        assert_eq!(story(2, OnErrors::SuddenDeath, "xx+-"), "uuuu");
    }
}

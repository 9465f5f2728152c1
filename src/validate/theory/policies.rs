//! What timeouts, limiters, hedges and breakers come to on average.

/// M/D/1 with room for so many in all: the share of requests that find it full, and the mean number present (Cooper,
/// "Introduction to Queueing Theory"). It is made of the numbers that departing requests leave behind: as many as have
/// come during a service, with Poisson's probabilities.
pub fn md1k(rho: f64, places: u32) -> (f64, f64) {
    let places = places as usize;
    let mut come = vec![libm::exp(-rho)];
    (1..=places).for_each(|k| come.push(come[k - 1] * rho / k as f64));
    let mut left = vec![1.0];
    for j in 0..places - 1 {
        let others: f64 = (1..=j).map(|i| left[i] * come[j - i + 1]).sum();
        left.push((left[j] - left[0] * come[j] - others) / come[0]);
    }
    let all: f64 = left.iter().sum();
    let present = left.iter().zip(0..).map(|(weight, k)| weight * f64::from(k)).sum::<f64>() / all;
    // Of the time, as seen by arrivals, each share is smaller, since some of them find no room.
    let scale = left[0] / all + rho;
    let lost = 1.0 - 1.0 / scale;
    (lost, present / scale + lost * places as f64)
}

/// A second try after so long beside the first one, both exponential: the mean time until the first answer.
pub fn hedged(services: f64, after: f64) -> f64 {
    let hedges = libm::exp(-services * after);
    (1.0 - hedges) / services + hedges / (2.0 * services)
}

/// Attempts that each take an exponential time and are given up after `timeout`; then a wait, and the next one.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Rate at which an attempt is answered.
    pub services: f64,
    /// How long an attempt may take.
    pub timeout: f64,
    /// Wait before a further attempt.
    pub wait: f64,
    /// Most further attempts.
    pub retries: u32,
}

impl Timeouts {
    fn late(&self) -> f64 {
        libm::exp(-self.services * self.timeout)
    }

    /// Share of requests that are never answered in time.
    pub fn failed(&self) -> f64 {
        libm::pow(self.late(), f64::from(self.retries + 1))
    }

    /// Mean number of attempts of a request.
    pub fn attempts(&self) -> f64 {
        (1.0 - self.failed()) / (1.0 - self.late())
    }

    /// Mean time of a request that succeeds, from its first attempt.
    pub fn latency(&self) -> f64 {
        let late = self.late();
        let last = 1.0 / self.services - self.timeout * late / (1.0 - late);
        let weights: Vec<f64> = (0..=self.retries).map(|k| libm::pow(late, f64::from(k))).collect();
        let before: f64 = weights.iter().zip(0..).map(|(weight, k)| weight * f64::from(k)).sum();
        last + before / weights.iter().sum::<f64>() * (self.timeout + self.wait)
    }
}

/// A breaker in front of whoever fails at random, and answers at once.
///
/// Its life is a sequence of cycles, each of which begins when it opens. It refuses all that come in `open_for`; the next
/// ones are probes; if few enough of them fail it is closed, until a window has too many failures.
#[derive(Clone, Copy, Debug)]
pub struct BreakerCycle {
    /// Calls per second, at random.
    pub arrivals: f64,
    /// Probability that a call fails.
    pub fails: f64,
    /// Latest calls that it looks back on; it needs all of them.
    pub window: u32,
    /// So many failures among them open it.
    pub bad_calls: u32,
    /// How long it refuses.
    pub open_for: f64,
    /// Probes.
    pub probes: u32,
    /// So many failures among them open it again.
    pub bad_probes: u32,
}

impl BreakerCycle {
    /// Share of calls that are refused.
    pub fn refused(&self) -> f64 {
        self.arrivals * self.open_for / self.calls()
    }

    /// Share of time that it is open: until the first call after `open_for`, which is a probe.
    pub fn open(&self) -> f64 {
        (self.arrivals * self.open_for + 1.0) / self.calls()
    }

    /// Share of time that it is half-open: from the first probe to the last one.
    pub fn half_open(&self) -> f64 {
        f64::from(self.probes - 1) / self.calls()
    }

    /// Mean number of calls of a cycle, refused ones included.
    fn calls(&self) -> f64 {
        let closed = (1.0 - self.opens_again()) * calls_until_bad(self.fails, self.window, self.bad_calls);
        self.arrivals * self.open_for + f64::from(self.probes) + closed
    }

    /// Probability that so many probes fail that it opens again.
    fn opens_again(&self) -> f64 {
        let outcomes = 0_u32..1 << self.probes;
        outcomes
            .filter(|bits| bits.count_ones() >= self.bad_probes)
            .map(|bits| chance(bits, self.probes, self.fails))
            .sum()
    }
}

/// Probability of one sequence of failures (bits that are set) and successes.
fn chance(bits: u32, calls: u32, fails: f64) -> f64 {
    let failed = bits.count_ones();
    libm::pow(fails, f64::from(failed)) * libm::pow(1.0 - fails, f64::from(calls - failed))
}

/// Mean number of calls until, for the first time, so many of the latest `window` have failed. The states of the Markov
/// chain are the latest calls, a bit each; the mean is the sum of the probabilities that it has not happened yet.
fn calls_until_bad(fails: f64, window: u32, bad: u32) -> f64 {
    let states = 1_usize << window;
    let mut shares = vec![0.0; states];
    shares[0] = 1.0;
    let mut mean = 0.0;
    for call in 1.. {
        let good_so_far: f64 = shares.iter().sum();
        if good_so_far < 1e-15 {
            break;
        }
        mean += good_so_far;
        let mut next = vec![0.0; states];
        for (state, share) in shares.iter().enumerate() {
            next[state << 1 & (states - 1)] += share * (1.0 - fails);
            next[(state << 1 | 1) & (states - 1)] += share * fails;
        }
        let is_bad = |state: usize| call >= window && state.count_ones() >= bad;
        (0..states).filter(|&state| is_bad(state)).for_each(|state| next[state] = 0.0);
        shares = next;
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::theory::tests::close;

    #[test]
    fn constant_service_with_little_room() {
        close(md1k(0.9, 1).0, 0.9 / 1.9);
        close(md1k(0.9, 1).1, 0.9 / 1.9);
        // With endless room: Pollaczek–Khinchine.
        close(md1k(0.5, 40).0, 0.0);
        close(md1k(0.5, 40).1, 0.5 + 0.25);
        // Two places: 1 − 1/(e^−ρ + ρ).
        close(md1k(0.9, 2).0, 1.0 - 1.0 / (libm::exp(-0.9) + 0.9));
    }

    #[test]
    fn hedges_and_timeouts_between_never_and_at_once() {
        close(hedged(10.0, 0.0), 0.05);
        close(hedged(10.0, 100.0), 0.1);
        let patient = Timeouts { services: 10.0, timeout: 100.0, wait: 1.0, retries: 3 };
        close(patient.attempts(), 1.0);
        close(patient.latency(), 0.1);
        let even = Timeouts { services: 1.0, timeout: libm::log(2.0), wait: 0.0, retries: 1 };
        close(even.failed(), 0.25);
        close(even.attempts(), 1.5);
        close(even.latency(), 1.0 - libm::log(2.0) + libm::log(2.0) / 3.0);
    }

    #[test]
    fn a_breaker_waits_for_its_failures() {
        close(calls_until_bad(1.0, 4, 2), 4.0);
        close(calls_until_bad(0.25, 1, 1), 4.0);
        // Two in a row: (1 + f)/f².
        close(calls_until_bad(0.5, 2, 2), 6.0);
        let dead = BreakerCycle {
            arrivals: 10.0,
            fails: 1.0,
            window: 4,
            bad_calls: 2,
            open_for: 1.0,
            probes: 3,
            bad_probes: 2,
        };
        close(dead.refused(), 10.0 / 13.0);
        close(dead.open(), 11.0 / 13.0);
        close(dead.half_open(), 2.0 / 13.0);
        close(BreakerCycle { fails: 0.3, ..dead }.opens_again(), 0.216);
    }
}

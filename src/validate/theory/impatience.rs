//! Queues that requests leave when they have waited long enough.

/// What comes of requests that wait only so long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impatient {
    /// Share of requests that leave without being served.
    pub leaving: f64,
    /// Mean wait of those that are served.
    pub wait: f64,
    /// Mean number that wait.
    pub queue: f64,
}

/// Erlang's A (Palm, 1957): M/M/c whose requests have an exponential patience, which ends at the rate `leaving`.
///
/// Who is the k-th to wait gets nearer at the rate cμ + kθ, and leaves with the share θ of it; so cμ/(cμ + kθ) of them are
/// served, after the sum of the mean times at all the places before.
pub fn erlang_a(arrivals: f64, services: f64, servers: u32, leaving: f64) -> Impatient {
    /// So many may wait: more do so rarely that it does not show.
    const PLACES: u32 = 1000;
    let speed = f64::from(servers) * services;
    let weights = stationary(
        servers + PLACES,
        |_| arrivals,
        |present| f64::from(present.min(servers)) * services + f64::from(present.saturating_sub(servers)) * leaving,
    );
    let mut sums = Impatient { leaving: 0.0, wait: 0.0, queue: 0.0 };
    let mut way = 0.0;
    for (k, (found, with)) in (1..).zip(weights.iter().zip(&weights[1..]).skip(servers as usize)) {
        let pace = speed + f64::from(k) * leaving;
        way += 1.0 / pace;
        sums.leaving += found * (1.0 - speed / pace);
        sums.wait += found * speed / pace * way;
        sums.queue += f64::from(k) * with;
    }
    Impatient { wait: sums.wait / (1.0 - sums.leaving), ..sums }
}

/// M/M/c with room for so many in all: the share of requests that find it full, and the mean number present.
pub fn mmck(arrivals: f64, services: f64, servers: u32, places: u32) -> (f64, f64) {
    let shares = stationary(places, |_| arrivals, |present| f64::from(present.min(servers)) * services);
    (shares[places as usize], shares.iter().zip(0..).map(|(share, present)| share * f64::from(present)).sum())
}

/// Two classes at as many servers without a queue, of which the lower class must leave some free (guard channels, Hong and
/// Rappaport, 1986): the shares of both, the higher first, that find no server for them.
pub fn guard_channels(arrivals: [f64; 2], services: f64, servers: u32, kept: u32) -> [f64; 2] {
    let open = servers - kept;
    let rate = |present: u32| arrivals[0] + if present < open { arrivals[1] } else { 0.0 };
    let shares = stationary(servers, rate, |present| f64::from(present) * services);
    [shares[servers as usize], shares[open as usize..].iter().sum()]
}

/// M/M/c whose jobs at work each have a speed that depends on how many they are: mean numbers of those that wait and of all.
pub fn contention(arrivals: f64, services: f64, servers: u32, speed: impl Fn(u32) -> f64) -> (f64, f64) {
    const PLACES: u32 = 1000;
    let shares = stationary(
        servers + PLACES,
        |_| arrivals,
        |present| {
            let at_work = present.min(servers);
            f64::from(at_work) * speed(at_work) * services
        },
    );
    let mean =
        |number: &dyn Fn(u32) -> u32| shares.iter().zip(0..).map(|(share, n)| share * f64::from(number(n))).sum();
    (mean(&|present| present.saturating_sub(servers)), mean(&|present| present))
}

/// Shares of time with 0, 1, … `most` present, who come and go at rates that depend on how many there are.
fn stationary(most: u32, arrivals: impl Fn(u32) -> f64, departures: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut weight = 1.0;
    let mut weights = vec![weight];
    for present in 1..=most {
        weight *= arrivals(present - 1) / departures(present);
        weights.push(weight);
    }
    let all: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / all).collect()
}

/// M/M/1 whose requests wait at most so long, all alike (Barrer, 1957), at a load other than 1.
///
/// Who leaves adds nothing to the work before those behind. So the wait that a request would have is 0 with probability P₀,
/// has the density λP₀·e^(−(μ−λ)x) up to the patience, and falls off as e^(−μx) beyond it.
#[derive(Clone, Copy, Debug)]
pub struct ConstantPatience {
    arrivals: f64,
    services: f64,
    patience: f64,
    /// Share of time that the server is idle.
    idle: f64,
}

impl ConstantPatience {
    /// With these rates and this patience.
    pub fn new(arrivals: f64, services: f64, patience: f64) -> Self {
        let gap = services - arrivals;
        let kept = libm::exp(-gap * patience);
        let idle = 1.0 / (1.0 + arrivals * (1.0 - kept) / gap + arrivals * kept / services);
        Self { arrivals, services, patience, idle }
    }

    /// Share of time that the server is busy.
    pub fn utilisation(&self) -> f64 {
        1.0 - self.idle
    }

    /// What comes of requests.
    pub fn outcome(&self) -> Impatient {
        let Self { arrivals, services, patience, idle } = *self;
        let gap = services - arrivals;
        let kept = libm::exp(-gap * patience);
        let leaving = arrivals * idle * kept / services;
        let waits = arrivals * idle * (1.0 - kept * (1.0 + gap * patience)) / (gap * gap);
        Impatient { leaving, wait: waits / (1.0 - leaving), queue: arrivals * (waits + leaving * patience) }
    }

    /// Share of requests that are not only begun, but also finished by the time at which patience ends.
    pub fn in_time(&self) -> f64 {
        let Self { arrivals, services, patience, idle } = *self;
        let gap = services - arrivals;
        let soon = 1.0 - libm::exp(-services * patience);
        let begun = (1.0 - libm::exp(-gap * patience)) / gap;
        let late = (libm::exp(-gap * patience) - libm::exp(-services * patience)) / arrivals;
        idle * soon + arrivals * idle * (begun - late)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::theory::{erlang_b, erlang_c, mm1k, tests::close};

    /// Those who wait leave at the rate θ each.
    #[test]
    fn erlang_a_balances() {
        let found = erlang_a(12.0, 1.0, 10, 0.5);
        close(found.leaving, 0.5 * found.queue / 12.0);
        close(erlang_a(2.0, 1.0, 3, 1e12).leaving, erlang_b(2.0, 3));
        // As patient as the service is long: the number present is that of M/M/∞.
        close(erlang_a(1.0, 1.0, 1, 1.0).queue, libm::exp(-1.0));
    }

    #[test]
    fn a_constant_patience_balances() {
        let short = ConstantPatience::new(9.0, 10.0, 0.3);
        close(9.0 * (1.0 - short.outcome().leaving), 10.0 * short.utilisation());
        // Whoever waits for ever waits as in M/M/1, and nobody is late.
        let endless = ConstantPatience::new(8.0, 10.0, 100.0);
        close(endless.outcome().wait, 0.4);
        close(endless.in_time(), 1.0);
        close(ConstantPatience::new(8.0, 10.0, 1e-12).outcome().leaving, erlang_b(0.8, 1));
    }

    #[test]
    fn room_for_so_many() {
        close(mmck(8.0, 10.0, 1, 5).0, mm1k(0.8, 5).0);
        close(mmck(8.0, 10.0, 1, 5).1, mm1k(0.8, 5).1);
        close(mmck(2.0, 1.0, 3, 3).0, erlang_b(2.0, 3));
    }

    #[test]
    fn contention_of_none_is_a_queue_like_any() {
        let (waiting, present) = contention(20.0, 10.0, 4, |_| 1.0);
        close(waiting / 20.0, erlang_c(2.0, 4) / 20.0);
        close(present, waiting + 2.0);
        // Half as fast each, and so as one server would be.
        close(contention(8.0, 10.0, 2, |jobs| 1.0 / f64::from(jobs)).1, 4.0);
    }

    #[test]
    fn guard_channels_are_a_loss_system() {
        let [high, low] = guard_channels([1.0, 1.0], 1.0, 3, 0);
        close(high, erlang_b(2.0, 3));
        close(low, high);
        // Nothing is left for the lower class.
        let [high, low] = guard_channels([2.0, 5.0], 1.0, 3, 3);
        close(high, erlang_b(2.0, 3));
        close(low, 1.0);
    }
}

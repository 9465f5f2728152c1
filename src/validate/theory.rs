//! Formulas of queueing and reliability theory.

mod impatience;
mod policies;

pub use impatience::{ConstantPatience, Impatient, contention, erlang_a, guard_channels, mmck};
pub use policies::{BreakerCycle, Timeouts, hedged, md1k};

/// Erlang's B: the share of requests that find all servers of a loss station busy, with an offered load of `a`.
pub fn erlang_b(a: f64, servers: u32) -> f64 {
    (1..=servers).fold(1.0, |b, k| a * b / (f64::from(k) + a * b))
}

/// Erlang's C: the share of requests that have to wait.
pub fn erlang_c(a: f64, servers: u32) -> f64 {
    let b = erlang_b(a, servers);
    b / (1.0 - a / f64::from(servers) * (1.0 - b))
}

/// A quantile of the time in an M/M/1 station.
pub fn mm1_quantile(share: f64, arrivals: f64, services: f64) -> f64 {
    -libm::log(1.0 - share) / (services - arrivals)
}

/// M/M/1 with `places` in all: the share of requests that find it full, and the mean number present.
pub fn mm1k(rho: f64, places: u32) -> (f64, f64) {
    let weights: Vec<f64> = (0..=places).map(|k| libm::pow(rho, f64::from(k))).collect();
    let all: f64 = weights.iter().sum();
    let present: f64 = weights.iter().zip(0..).map(|(weight, k)| f64::from(k) * weight).sum();
    (weights[places as usize] / all, present / all)
}

/// Pollaczek–Khinchine: the mean wait in an M/G/1 station grows with the mean square of the service time.
pub fn mg1_wait(rate: f64, mean: f64, mean_square: f64) -> f64 {
    rate * mean_square / (2.0 * (1.0 - rate * mean))
}

/// Cobham (1954): mean waits by class, the highest first, where work in progress is not interrupted. A wait is `rest` until
/// somebody is done, then for those who came before and for those who come meanwhile and are served first; `loads` are the
/// shares of time that each class keeps the servers busy.
pub fn cobham(rest: f64, loads: &[f64]) -> Vec<f64> {
    let mut free = 1.0;
    let wait = |load: &f64| {
        let before = free;
        free -= load;
        rest / (before * free)
    };
    loads.iter().map(wait).collect()
}

/// Mean time from a crash at any moment until so many checks in a row, each of which is looked at after `delay`, have shown
/// it.
pub fn until_noticed(interval: f64, times: u32, delay: f64) -> f64 {
    interval * (f64::from(times) - 0.5) + delay
}

/// Mean value analysis of a closed network: throughput and response time.
pub fn closed_network(users: u32, think: f64, demands: [f64; 2]) -> (f64, f64) {
    let mut queues = [0.0; 2];
    let (mut throughput, mut response) = (0.0, 0.0);
    for n in 1..=users {
        let times = [demands[0] * (1.0 + queues[0]), demands[1] * (1.0 + queues[1])];
        response = times[0] + times[1];
        throughput = f64::from(n) / (think + response);
        queues = times.map(|time| throughput * time);
    }
    (throughput, response)
}

/// The shorter of two queues out of very many: the mean time in the system, in service times.
pub fn two_choices(rho: f64) -> f64 {
    (1..10).map(|i| libm::pow(rho, libm::exp2(f64::from(i)) - 2.0)).sum()
}

/// Probability that at least two of three are up.
pub fn two_of_three(up: f64) -> f64 {
    up * up * (3.0 - 2.0 * up)
}

/// The mean of the k-th of n exponential times, in means of one: H_n - H_(n-k).
pub fn kth_of(k: u32, n: u32) -> f64 {
    (n - k + 1..=n).map(|i| 1.0 / f64::from(i)).sum()
}

/// Che's approximation of the hit ratio of an LRU cache whose keys are asked for by Zipf's law: key i is there with
/// probability 1 - exp(-λ_i T), and T is such that the cache is full.
pub fn che(keys: u32, capacity: f64) -> f64 {
    let total: f64 = (1..=keys).map(|i| 1.0 / f64::from(i)).sum();
    let popularity = || (1..=keys).map(|i| 1.0 / f64::from(i) / total);
    let held = |time: f64| popularity().map(|p| 1.0 - libm::exp(-p * time)).sum::<f64>();
    let (mut low, mut high) = (0.0, 1e9);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if held(middle) < capacity { low = middle } else { high = middle }
    }
    popularity().map(|p| p * (1.0 - libm::exp(-p * low))).sum()
}

/// The natural logarithm of a number, and Euler's constant γ.
pub fn ln_and_gamma(x: f64) -> f64 {
    libm::log(x) + 0.577_215_664_901_532_9
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that a value is another one, up to rounding.
    #[track_caller]
    pub fn close(value: f64, expected: f64) {
        near(value, expected, 1e-9);
    }

    #[track_caller]
    fn near(value: f64, expected: f64, error: f64) {
        assert!((value - expected).abs() < error, "{value}, {expected} expected");
    }

    #[test]
    fn values_are_those_of_the_tables() {
        near(erlang_c(8.0, 10), 0.40918, 1e-5);
        near(erlang_b(2.0, 3), 0.210_526, 1e-6);
        near(mm1_quantile(0.95, 8.0, 10.0), 1.498, 1e-3);
        near(mm1_quantile(0.99, 8.0, 10.0), 2.303, 1e-3);
        near(mm1k(0.8, 5).0, 0.088_819, 1e-6);
        near(mg1_wait(8.0, 0.1, 0.01), 0.2, 1e-12);
        let (throughput, response) = closed_network(20, 1.0, [0.05, 0.03]);
        near(throughput, 16.2552, 1e-4);
        near(response, 0.230_378, 1e-6);
        near(two_choices(0.9), 2.614, 1e-3);
        near(until_noticed(2.0, 3, 1.0), 6.0, 1e-12);
        near(two_of_three(0.99), 0.999_702, 1e-6);
        near(kth_of(1, 3), 1.0 / 3.0, 1e-12);
        near(kth_of(4, 4), 25.0 / 12.0, 1e-12);
        near(che(1000, 100.0), 0.5765, 1e-4);
    }
    /// What classes gain and lose adds up to nothing (Kleinrock's conservation law), and one class alone waits as ever.
    #[test]
    fn classes_wait_for_each_other() {
        close(cobham(0.05 * 0.8 * 2.0, &[0.8])[0], mg1_wait(8.0, 0.1, 0.02));
        let (loads, rest) = ([0.2, 0.3, 0.3], erlang_c(2.4, 3) / 30.0);
        let waits = cobham(rest, &loads);
        let together: f64 = loads.iter().zip(&waits).map(|(load, wait)| load * wait).sum();
        close(together, 0.8 * cobham(rest, &[0.8])[0]);
        assert!(waits[0] < waits[1] && waits[1] < waits[2]);
    }
}

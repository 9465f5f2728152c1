//! Random numbers: one generator for each purpose of each component.
//!
//! A generator is seeded by a fixed hash of the master seed, the component's
//! name and the purpose, never by the order in which things are made. So
//! adding a cache does not shift the arrivals, and two configurations can be
//! compared under the same random numbers.

use std::sync::LazyLock;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A substream: an independent sequence of random numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: Xoshiro256PlusPlus,
    tables: &'static Ziggurat,
}

impl Stream {
    /// The substream of a master seed for one purpose of one named component.
    pub fn new(seed: u64, name: &str, purpose: &str) -> Self {
        let hash = hash_bytes(hash_bytes(mix(seed), name.as_bytes()), purpose.as_bytes());
        Self { generator: Xoshiro256PlusPlus::seed_from_u64(hash), tables: &TABLES }
    }

    /// Sixty-four random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// Whether something of this probability happens. Certain outcomes draw nothing.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && (probability >= 1.0 || self.uniform() < probability)
    }

    /// Uniform among 0, 1, …, `n` - 1 (Lemire's multiplication; the bias is below n / 2^64). 0 if `n` is 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Exponential with mean 1, by the ziggurat of Marsaglia and Tsang (2000).
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        let bits = self.bits();
        let layer = (bits & 0xff) as usize;
        let x = unit(bits) * self.tables.exponential_x[layer];
        if x < self.tables.exponential_x[layer + 1] { x } else { self.exponential_rare(layer, x) }
    }

    /// The wedges and the tail of the ziggurat: one draw in about fifty.
    #[cold]
    fn exponential_rare(&mut self, mut layer: usize, mut x: f64) -> f64 {
        loop {
            if layer == 0 {
                return EXPONENTIAL_R - libm::log(1.0 - self.uniform());
            }
            let (low, high) = (self.tables.exponential_y[layer], self.tables.exponential_y[layer + 1]);
            if low + (high - low) * self.uniform() < libm::exp(-x) {
                return x;
            }
            let bits = self.bits();
            layer = (bits & 0xff) as usize;
            x = unit(bits) * self.tables.exponential_x[layer];
            if x < self.tables.exponential_x[layer + 1] {
                return x;
            }
        }
    }

    /// A draw from one of `rand_distr`'s distributions; only those that need no transcendental
    /// functions are the same natively and in the browser.
    pub fn draw<T>(&mut self, distribution: &impl rand_distr::Distribution<T>) -> T {
        distribution.sample(&mut self.generator)
    }

    /// Standard normal, by the polar method of Marsaglia.
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * libm::sqrt(-2.0 * libm::log(s) / s);
            }
        }
    }
}

/// The upper 53 bits as a number in [0, 1).
#[inline]
fn unit(bits: u64) -> f64 {
    // Signed, as 53 bits fit either way: processors convert signed integers in one step.
    (bits >> 11) as i64 as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A fixed number in (0, 1) for a pair of numbers, which looks random.
pub fn hashed_unit(a: u64, b: u64) -> f64 {
    // The half keeps it off 0, where a logarithm has no value.
    ((mix(mix(a) ^ b) >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// FNV-1a, continued from a state, then mixed so that short names spread over all bits.
fn hash_bytes(state: u64, bytes: &[u8]) -> u64 {
    // The length goes in first, so that ("ab", "c") and ("a", "bc") differ.
    let start = state ^ (bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mix(bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
}

/// The finaliser of SplitMix64.
const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Layers of equal area under the density, from the base (0) up; the base includes the tail.
#[derive(Debug)]
struct Ziggurat {
    /// Width of each layer's rectangle; one entry more, for the top.
    exponential_x: [f64; LAYERS + 1],
    /// Height of the density at that width.
    exponential_y: [f64; LAYERS + 1],
}

const LAYERS: usize = 256;
/// Where the tail begins, for 256 layers (Marsaglia and Tsang).
const EXPONENTIAL_R: f64 = 7.697_117_470_131_05;
/// Area of a layer, for 256 layers (Marsaglia and Tsang).
const EXPONENTIAL_AREA: f64 = 3.949_659_822_581_572e-3;

static TABLES: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::new);

impl Ziggurat {
    fn new() -> Self {
        let mut x = [0.0; LAYERS + 1];
        // The base layer is as wide as if its area, tail included, were a rectangle.
        x[0] = EXPONENTIAL_AREA / libm::exp(-EXPONENTIAL_R);
        x[1] = EXPONENTIAL_R;
        for layer in 2..LAYERS {
            x[layer] = -libm::log(libm::exp(-x[layer - 1]) + EXPONENTIAL_AREA / x[layer - 1]);
        }
        x[LAYERS] = 0.0;
        let y = std::array::from_fn(|layer| libm::exp(-x[layer]));
        Self { exponential_x: x, exponential_y: y }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(purpose: &str) -> Stream {
        Stream::new(42, "test", purpose)
    }

    #[test]
    fn values_are_pinned() {
        // These must never change: every golden report depends on them.
        let mut stream = stream("golden");
        let drawn: Vec<u64> = (0..3).map(|_| stream.bits()).collect();
        assert_eq!(drawn, GOLDEN_BITS);
    }
    const GOLDEN_BITS: [u64; 3] = [7_091_828_153_674_367_079, 18_218_018_177_688_545_812, 12_678_865_478_420_650_460];

    #[test]
    fn streams_depend_on_each_part_of_their_name() {
        let first = |seed, name, purpose| Stream::new(seed, name, purpose).bits();
        let all =
            [first(1, "ab", "c"), first(1, "a", "bc"), first(2, "ab", "c"), first(1, "ab", "d"), first(1, "", "abc")];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn exponential_has_the_right_distribution() {
        let mut stream = stream("exponential");
        let n = 400_000;
        let drawn: Vec<f64> = (0..n).map(|_| stream.exponential()).collect();
        let below = |x: f64| drawn.iter().filter(|&&value| value < x).count() as f64 / n as f64;
        for x in [0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 7.5, 8.0] {
            // Four standard deviations of a proportion are at most 0.0032.
            assert!((below(x) - (1.0 - libm::exp(-x))).abs() < 0.0032, "at {x}: {}", below(x));
        }
        let tail = drawn.iter().filter(|&&value| value > EXPONENTIAL_R).count();
        assert!((120..=250).contains(&tail), "the tail holds e^-7.7 = 0.00045 of all: {tail}");
    }

    #[test]
    fn normal_has_the_right_moments() {
        let mut stream = stream("normal");
        let n = 200_000;
        let drawn: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / n as f64;
        let variance = drawn.iter().map(|x| x * x).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.015, "{mean} {variance}");
    }

    #[test]
    fn below_reaches_both_ends_and_no_further() {
        let mut stream = stream("below");
        let mut seen = [false; 5];
        for _ in 0..1000 {
            seen[stream.below(5) as usize] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(stream.below(0), 0);
    }
}

//! How fast work is done when much of it is done at a time.

use std::sync::Arc;

/// How fast each of several jobs is, by how many there are: 1 is the speed of a job that nothing slows down.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalability {
    /// By the law.
    Usl(Usl),
    /// As it was measured: of one job, of each of two, and so on, all above 0. More jobs are as fast as the last entry says.
    Table(Arc<[f64]>),
}

impl Scalability {
    /// The speed of each of so many jobs.
    #[inline]
    pub fn speed(&self, jobs: u32) -> f64 {
        match self {
            Self::Usl(usl) => usl.speed(jobs),
            Self::Table(speeds) => {
                let place = jobs.saturating_sub(1) as usize;
                speeds.get(place).or(speeds.last()).copied().unwrap_or(1.0)
            }
        }
    }
}

/// The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning"): with `n` jobs at a time, a system does
/// `n ÷ (1 + σ (n - 1) + κ n (n - 1))` times the work that it does with one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usl {
    /// σ, contention: the share of work that is done one after another, 0 to 1.
    pub sigma: f64,
    /// κ, coherency: what each pair of jobs costs each job, not negative. Above 0, too many jobs are worse than fewer.
    pub kappa: f64,
}

impl Usl {
    /// The speed of each of so many jobs, above 0 to 1: 1 is that of a job alone.
    #[inline]
    pub fn speed(&self, jobs: u32) -> f64 {
        let (n, others) = (f64::from(jobs), f64::from(jobs.saturating_sub(1)));
        1.0 / (1.0 + self.sigma * others + self.kappa * n * others)
    }

    /// The work done by so many jobs at a time, in multiples of that of one.
    pub fn capacity(&self, jobs: u32) -> f64 {
        f64::from(jobs) * self.speed(jobs)
    }

    /// The number of jobs at which most work is done, `√((1 - σ) ÷ κ)`; `None` if more is never worse.
    pub fn peak(&self) -> Option<f64> {
        (self.kappa > 0.0).then(|| libm::sqrt((1.0 - self.sigma).max(0.0) / self.kappa).max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_goes_on_as_it_ends() {
        let table = Scalability::Table([1.0, 0.75, 0.5].into());
        assert_eq!([0, 1, 2, 3, 4, 1000].map(|jobs| table.speed(jobs)), [1.0, 1.0, 0.75, 0.5, 0.5, 0.5]);
        assert_eq!(Scalability::Usl(Usl { sigma: 1.0, kappa: 0.0 }).speed(4), 0.25);
    }

    #[test]
    fn without_contention_work_scales_with_jobs() {
        let usl = Usl::default();
        assert_eq!([0, 1, 2, 1000].map(|jobs| usl.capacity(jobs)), [0.0, 1.0, 2.0, 1000.0]);
        assert_eq!(usl.peak(), None);
    }

    #[test]
    fn contention_alone_is_the_law_of_amdahl() {
        let usl = Usl { sigma: 0.05, kappa: 0.0 };
        assert!((usl.capacity(10) - 1.0 / (0.05 + 0.95 / 10.0)).abs() < 1e-12);
        assert!(usl.capacity(u32::MAX) < 20.0 && usl.capacity(u32::MAX) > 19.99, "one over the serial share");
        assert_eq!(Usl { sigma: 1.0, kappa: 0.0 }.capacity(7), 1.0);
    }

    #[test]
    fn coherency_has_a_peak() {
        let usl = Usl { sigma: 0.02, kappa: 0.0005 };
        let peak = usl.peak().expect("a peak");
        assert!((peak - 44.27).abs() < 0.01, "{peak}");
        let best = (1..200).max_by(|&a, &b| usl.capacity(a).total_cmp(&usl.capacity(b)));
        assert_eq!(best, Some(44));
        assert!(usl.capacity(200) < usl.capacity(44));
    }
}

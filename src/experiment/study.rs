//! An experiment as a list of jobs: each is one replication of one configuration, and knows nothing of the others.
//!
//! Nothing here runs by itself. Whoever drives it (threads, a pool of Web Workers, machines) takes jobs in any order,
//! runs each with [`Study::run`] or in slices, and puts the figures into [`Results`].

use std::ops::Range;

use super::{
    course::{self, REPLICATIONS_MAX},
    model::{Model, Replication, seed_of},
    table::Table,
};

/// Configurations, each to be run so many times.
#[derive(Clone, Debug)]
pub struct Study {
    /// The configurations, called points.
    pub models: Vec<Model>,
    /// The experiment's own seed; those of the replications follow from it.
    pub seed: u64,
    /// Replications of each configuration.
    pub replications: u64,
    /// Time series that the first replications record.
    pub series: Vec<String>,
}

/// Part `index` (from 0) of `count` parts of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 0.
    pub index: u64,
    /// Of how many; at least 1.
    pub count: u64,
}

impl Shard {
    /// The whole.
    pub const ALL: Self = Self { index: 0, count: 1 };

    /// Whether a job belongs to the part. Neighbours belong to different parts, so parts are about equally long.
    pub fn has(self, job: u64) -> bool {
        job % self.count == self.index
    }

    /// Those of the jobs that belong to the part.
    pub fn of(self, jobs: Range<u64>) -> Jobs {
        let first = jobs.start.saturating_add((self.index + self.count - jobs.start % self.count) % self.count);
        Jobs { first, step: self.count, len: jobs.end.saturating_sub(first).div_ceil(self.count) }
    }
}

/// Evenly spaced jobs. There may be more of them than memory could list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jobs {
    first: u64,
    step: u64,
    /// How many there are.
    pub len: u64,
}

impl Jobs {
    /// The job at that place, if there are so many.
    pub fn get(self, place: u64) -> Option<u64> {
        (place < self.len).then(|| self.first + place * self.step)
    }

    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = u64> {
        (0..self.len).filter_map(move |place| self.get(place))
    }
}

impl Study {
    /// Jobs of so many replications (numbered from 0): first the first replication of every point, and so on. If
    /// somebody stops in between, all points have been run about as often.
    pub fn jobs(&self, replications: Range<u64>) -> Range<u64> {
        let points = self.models.len() as u64;
        replications.start.saturating_mul(points)..replications.end.saturating_mul(points)
    }

    /// Point and replication of a job.
    pub fn place(&self, job: u64) -> (usize, u64) {
        let points = self.models.len().max(1) as u64;
        ((job % points) as usize, job / points)
    }

    /// Starts a job, to be done in slices. `None` if there is no such job.
    pub fn start(&self, job: u64) -> Option<Replication> {
        let (point, replication) = self.place(job);
        let (model, seed) = (self.models.get(point)?, seed_of(self.seed, replication));
        Some(if is_recorded(replication) { model.start_recording(seed) } else { model.start(seed) })
    }

    /// Runs a job and gives its values. `None` if there is no such job.
    pub fn run(&self, job: u64) -> Option<Vec<f64>> {
        self.start(job).map(Replication::run)
    }

    /// Empty tables, one for each point.
    pub fn results(&self) -> Results {
        let tables = self.models.iter().map(|model| Table::new(model.names().to_vec())).collect();
        let course = || Table::new(course::columns(&self.series));
        let courses = if self.series.is_empty() { Vec::new() } else { self.models.iter().map(|_| course()).collect() };
        Results { tables, courses }
    }
}

/// Whether the course of a replication is kept, if any is.
fn is_recorded(replication: u64) -> bool {
    replication < REPLICATIONS_MAX
}

/// What has been found out so far: a table for each point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// Tables, in the order of the points.
    pub tables: Vec<Table>,
    /// Tables of the windows of time series, if there are any.
    pub courses: Vec<Table>,
}

impl Results {
    /// Puts in the values of a job; says whether they fit.
    pub fn insert(&mut self, job: u64, mut figures: Vec<f64>) -> bool {
        let points = self.tables.len().max(1) as u64;
        let (point, replication) = ((job % points) as usize, job / points);
        let Some(table) = self.tables.get_mut(point) else { return false };
        let series = figures.split_off(figures.len().min(table.names().len()));
        match self.courses.get_mut(point).filter(|_| is_recorded(replication)) {
            Some(course) => {
                course.has_room(&series) && table.insert(replication, figures) && course.insert(replication, series)
            }
            None => series.is_empty() && table.insert(replication, figures),
        }
    }

    /// Number of jobs that are done.
    pub fn len(&self) -> u64 {
        self.tables.iter().map(|table| table.len() as u64).sum()
    }

    /// Whether no job is done.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::Config;

    fn study() -> Study {
        let text = r#"{ "duration": 20,
            "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
            "services": { "Shop": { "instances": 2, "base_latency": "10ms", "workers": 2 } } }"#;
        let model = Model::new(&Config::from_json(text).unwrap()).unwrap();
        Study { models: vec![model.clone(), model], seed: 1, replications: 9, series: Vec::new() }
    }

    #[test]
    fn parts_in_any_order_make_the_whole() {
        let study = study();
        let mut whole = study.results();
        study.jobs(0..9).for_each(|job| assert!(whole.insert(job, study.run(job).unwrap())));
        assert_eq!(whole.len(), 18);
        let mut parts = study.results();
        for index in [2, 0, 3, 1] {
            let shard = Shard { index, count: 4 };
            for job in study.jobs(0..9).rev().filter(|job| shard.has(*job)) {
                assert!(parts.insert(job, study.run(job).unwrap()));
            }
        }
        assert_eq!(format!("{whole:?}"), format!("{parts:?}"));
        // The same configuration under the same seeds gives the same figures.
        assert_eq!(format!("{:?}", whole.tables[0]), format!("{:?}", whole.tables[1]));
    }

    #[test]
    fn the_jobs_of_a_part_are_counted_and_not_listed() {
        for (start, end, count) in [(0, 10, 3), (7, 19, 4), (5, 5, 2), (3, 4, 8)] {
            for index in 0..count {
                let shard = Shard { index, count };
                let expected: Vec<u64> = (start..end).filter(|job| shard.has(*job)).collect();
                assert_eq!(shard.of(start..end).iter().collect::<Vec<_>>(), expected);
                assert_eq!(shard.of(start..end).len, expected.len() as u64);
            }
        }
        assert_eq!(Shard::ALL.of(0..u64::MAX).len, u64::MAX);
    }

    #[test]
    fn there_is_no_job_of_nothing() {
        let study = Study { models: Vec::new(), ..study() };
        assert!(study.run(0).is_none() && study.start(5).is_none() && !study.results().insert(0, Vec::new()));
    }
}

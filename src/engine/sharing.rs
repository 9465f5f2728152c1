//! Processor sharing: all jobs are served at once, each at its share of the servers' speed.
//!
//! Time is counted in *work done for each job* (virtual time): it runs at full
//! speed while there are no more jobs than servers, and at `servers / jobs`
//! beyond. A job that needs work `w` leaves when the virtual time has moved on
//! by `w`, whoever comes and goes in between; so a heap of finishing
//! virtual times is all it takes. Jobs may slow each other down besides
//! (`Scalability`): any speed will do that all of them have alike.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{
    time::{Duration, SimTime},
    usl::Scalability,
};

/// Servers shared by all jobs.
#[derive(Clone, Debug)]
pub struct Sharing<J> {
    servers: f64,
    /// How jobs slow each other down beyond that, if they do.
    scalability: Option<Scalability>,
    jobs: BinaryHeap<Share<J>>,
    /// Work done for each job so far, in nanoseconds.
    virtual_now: f64,
    /// When `virtual_now` was brought up to date.
    updated: SimTime,
    /// Order of arrival, which decides between jobs that finish together.
    arrived: u64,
    /// Grows with every change, so that a departure scheduled before it is recognised as stale.
    epoch: u32,
}

#[derive(Clone, Debug)]
struct Share<J> {
    finish: f64,
    arrived: u64,
    job: J,
}

impl<J> PartialEq for Share<J> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<J> Eq for Share<J> {}

impl<J> PartialOrd for Share<J> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<J> Ord for Share<J> {
    /// The greatest is the one that finishes first, for that is what a binary heap yields.
    fn cmp(&self, other: &Self) -> Ordering {
        other.finish.total_cmp(&self.finish).then(other.arrived.cmp(&self.arrived))
    }
}

impl<J> Sharing<J> {
    /// So many servers; `None` is any number, so that nobody slows anybody down.
    pub fn new(servers: Option<u32>) -> Self {
        Self {
            servers: servers.map_or(f64::INFINITY, f64::from),
            scalability: None,
            jobs: BinaryHeap::new(),
            virtual_now: 0.0,
            updated: SimTime::ZERO,
            arrived: 0,
            epoch: 0,
        }
    }

    /// Jobs slow each other down in this way beyond having to share the servers; `None` if they do not.
    pub fn with_scalability(self, scalability: Option<Scalability>) -> Self {
        Self { scalability, ..self }
    }

    /// Changes the number of servers.
    pub fn resize(&mut self, now: SimTime, servers: Option<u32>) {
        self.update(now);
        self.servers = servers.map_or(f64::INFINITY, f64::from);
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Changes how jobs slow each other down.
    pub fn set_scalability(&mut self, now: SimTime, scalability: Option<Scalability>) {
        self.update(now);
        self.scalability = scalability;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// How jobs slow each other down beyond having to share the servers, if they do.
    #[inline]
    pub fn scalability(&self) -> Option<&Scalability> {
        self.scalability.as_ref()
    }

    /// Lets in a job that needs so much work.
    pub fn enter(&mut self, now: SimTime, job: J, work: Duration) {
        self.update(now);
        if self.jobs.is_empty() {
            // Starting anew keeps the float small, and so exact.
            self.virtual_now = 0.0;
        }
        self.arrived += 1;
        self.epoch = self.epoch.wrapping_add(1);
        self.jobs.push(Share { finish: self.virtual_now + work.as_nanos() as f64, arrived: self.arrived, job });
    }

    /// When the next job will leave if nothing changes, and the epoch in which this holds.
    pub fn next_departure(&self) -> Option<(SimTime, u32)> {
        let work = (self.jobs.peek()?.finish - self.virtual_now).max(0.0);
        if self.speed() == 0.0 {
            return None;
        }
        Some((self.updated + Duration::from_nanos_f64(work / self.speed()), self.epoch))
    }

    /// Takes out the job whose departure was scheduled in that epoch; `None` if the departure is stale.
    pub fn depart(&mut self, now: SimTime, epoch: u32) -> Option<J> {
        if epoch != self.epoch {
            return None;
        }
        self.update(now);
        self.epoch = self.epoch.wrapping_add(1);
        let share = self.jobs.pop()?;
        // Rounding to nanoseconds must not leave a job behind the virtual time.
        self.virtual_now = self.virtual_now.max(share.finish);
        Some(share.job)
    }

    /// Takes all jobs out, in the order of their arrival, with the work that each still needs.
    pub fn take_all(&mut self, now: SimTime) -> Vec<(J, Duration)> {
        self.update(now);
        self.epoch = self.epoch.wrapping_add(1);
        let mut shares = std::mem::take(&mut self.jobs).into_vec();
        shares.sort_by_key(|share| share.arrived);
        let left = |share: &Share<J>| Duration::from_nanos_f64((share.finish - self.virtual_now).max(0.0));
        shares.into_iter().map(|share| (left(&share), share)).map(|(left, share)| (share.job, left)).collect()
    }

    /// Each job needs so many times what it still needed. The caller then looks when the next one leaves.
    pub fn scale(&mut self, now: SimTime, ratio: f64) {
        self.update(now);
        self.epoch = self.epoch.wrapping_add(1);
        let begin = self.virtual_now;
        let scaled = |share: Share<J>| Share { finish: begin + (share.finish - begin) * ratio, ..share };
        self.jobs = std::mem::take(&mut self.jobs).into_iter().map(scaled).collect();
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether there is no job.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    fn speed(&self) -> f64 {
        let share = (self.servers / self.jobs.len().max(1) as f64).min(1.0);
        self.scalability.as_ref().map_or(share, |scalability| share * scalability.speed(self.jobs.len() as u32))
    }

    fn update(&mut self, now: SimTime) {
        self.virtual_now += now.since(self.updated).as_nanos() as f64 * self.speed();
        self.updated = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::from_seconds(seconds)
    }

    /// Lets all jobs depart; their names and times.
    fn departures(sharing: &mut Sharing<char>) -> Vec<(char, f64)> {
        std::iter::from_fn(|| {
            let (time, epoch) = sharing.next_departure()?;
            Some((sharing.depart(time, epoch)?, time.as_seconds()))
        })
        .collect()
    }

    #[test]
    fn two_jobs_on_one_server_take_twice_as_long() {
        let mut sharing = Sharing::new(Some(1));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(1.0));
        sharing.enter(at(0.0), 'b', Duration::from_seconds(3.0));
        assert_eq!(departures(&mut sharing), [('a', 2.0), ('b', 4.0)]);
    }

    #[test]
    fn a_late_comer_slows_the_others_down_from_then_on() {
        let mut sharing = Sharing::new(Some(1));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(2.0));
        sharing.enter(at(1.0), 'b', Duration::from_seconds(0.5));
        assert_eq!(departures(&mut sharing), [('b', 2.0), ('a', 2.5)]);
    }

    #[test]
    fn nobody_is_slowed_down_while_there_are_enough_servers() {
        let mut sharing = Sharing::new(Some(2));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(1.0));
        sharing.enter(at(0.5), 'b', Duration::from_seconds(1.0));
        assert_eq!(departures(&mut sharing), [('a', 1.0), ('b', 1.5)]);
    }

    #[test]
    fn jobs_slow_each_other_down() {
        let table = Scalability::Table([1.0, 0.5].into());
        let mut sharing = Sharing::new(None);
        sharing.set_scalability(at(0.0), Some(table.clone()));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(2.0));
        // One second alone, and half a second's work in the next one.
        sharing.enter(at(1.0), 'b', Duration::from_seconds(0.5));
        assert_eq!(departures(&mut sharing), [('b', 2.0), ('a', 2.5)]);
        // On one server, each of them has half of half of it.
        let mut sharing = Sharing::new(Some(1));
        sharing.set_scalability(at(0.0), Some(table));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(1.0));
        sharing.enter(at(0.0), 'b', Duration::from_seconds(1.0));
        sharing.set_scalability(at(2.0), None);
        assert_eq!(departures(&mut sharing), [('a', 3.0), ('b', 3.0)]);
    }

    #[test]
    fn jobs_taken_out_have_done_their_share() {
        let mut sharing = Sharing::new(Some(1));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(3.0));
        sharing.enter(at(1.0), 'b', Duration::from_seconds(1.0));
        let (_, epoch) = sharing.next_departure().expect("there are jobs");
        let left = [('a', Duration::from_seconds(1.5)), ('b', Duration::from_seconds(0.5))];
        assert_eq!(sharing.take_all(at(2.0)), left);
        assert_eq!(sharing.depart(at(3.0), epoch), None);
    }

    #[test]
    fn without_servers_nobody_departs() {
        let mut sharing = Sharing::new(Some(1));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(2.0));
        sharing.resize(at(1.0), Some(0));
        assert_eq!(sharing.next_departure(), None);
        sharing.resize(at(5.0), Some(1));
        assert_eq!(departures(&mut sharing), [('a', 6.0)]);
    }

    #[test]
    fn what_is_left_of_each_job_takes_longer_at_another_speed() {
        let mut sharing = Sharing::new(Some(2));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(2.0));
        sharing.enter(at(0.0), 'b', Duration::from_seconds(3.0));
        sharing.scale(at(1.0), 2.0);
        assert_eq!(departures(&mut sharing), [('a', 3.0), ('b', 5.0)]);
    }

    #[test]
    fn a_departure_from_before_a_change_is_stale() {
        let mut sharing = Sharing::new(Some(1));
        sharing.enter(at(0.0), 'a', Duration::from_seconds(1.0));
        let (_, epoch) = sharing.next_departure().expect("there is a job");
        sharing.enter(at(0.5), 'b', Duration::from_seconds(1.0));
        assert_eq!(sharing.depart(at(1.0), epoch), None);
    }
}

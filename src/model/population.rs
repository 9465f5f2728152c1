//! The users of a group, and who of them has a session.

use crate::engine::{random::Stream, time::SimTime};

/// Users by number, with the ends of their sessions.
#[derive(Clone, Debug)]
pub struct Population {
    /// End of each user's session; time 0 is none.
    sessions: Vec<SimTime>,
    most: u32,
    /// The oldest user, whose place a new one takes when there are too many.
    oldest: u32,
    stream: Stream,
}

impl Population {
    /// Nobody yet; at most so many users are remembered.
    pub fn new(seed: u64, group: &str, most: u32) -> Self {
        Self { sessions: Vec::new(), most: most.max(1), oldest: 0, stream: Stream::new(seed, group, "population") }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.sessions)
    }

    /// At least so many users are there from now on, and stay.
    pub fn settle(&mut self, users: u32) {
        self.sessions.resize(self.sessions.len().max(users as usize), SimTime::ZERO);
    }

    /// Changes how many users are remembered; those who are there already stay.
    pub fn set_most(&mut self, most: u32) {
        self.most = most.max(1).max(self.sessions.len() as u32);
    }

    /// A user comes: with that probability one who was there before, else a new one. (The other value says whether his
    /// number was somebody else's.)
    #[inline]
    pub fn arrive(&mut self, reuse_prob: f64) -> (u32, bool) {
        let known = self.sessions.len() as u32;
        if known > 0 && self.stream.chance(reuse_prob) {
            return (self.stream.below(u64::from(known)) as u32, false);
        }
        if known < self.most {
            self.sessions.push(SimTime::ZERO);
            return (known, false);
        }
        let user = self.oldest;
        self.sessions[user as usize] = SimTime::ZERO;
        self.oldest = (user + 1) % self.most;
        (user, true)
    }

    /// Whether a user has a session.
    #[inline]
    pub fn has_session(&self, user: u32, now: SimTime) -> bool {
        self.sessions.get(user as usize).is_some_and(|&end| end > now)
    }

    /// A user gets a session that lasts until then.
    pub fn open_session(&mut self, user: u32, end: SimTime) {
        if let Some(session) = self.sessions.get_mut(user as usize) {
            *session = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_user_makes_room() {
        let mut population = Population::new(1, "test", 2);
        assert_eq!([population.arrive(0.0), population.arrive(0.0)], [(0, false), (1, false)]);
        population.open_session(0, SimTime::NEVER);
        assert!(population.has_session(0, SimTime::ZERO));
        assert_eq!(population.arrive(0.0), (0, true));
        assert!(!population.has_session(0, SimTime::ZERO), "this is somebody else");
        assert_eq!(population.arrive(0.0), (1, true));
    }
}

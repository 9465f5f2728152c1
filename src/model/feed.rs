//! A replica's feed: the writes that its primary has shipped to it and that it has not applied, in order.
//!
//! A shipment is one write or, for a replica that has missed some, many. It leaves the primary, arrives at the replica, which
//! has it on disk from then on, and may be replayed when it is ready. Each of these moments is no earlier than that of the
//! shipment before, as in PostgreSQL's and Redis's streams.

use std::collections::VecDeque;

use crate::engine::time::{Duration, SimTime};

/// Writes that were shipped together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// The last of their positions in the history.
    pub last: u64,
    /// Whether it is a copy of all that there is, which is put in place at once instead of being replayed.
    pub is_copy: bool,
    /// When the first and the last of them were committed.
    pub committed: [SimTime; 2],
    /// When they leave the primary.
    pub leaves: SimTime,
    /// When they arrive.
    pub arrives: SimTime,
    /// When they may be replayed.
    pub ready: SimTime,
}

/// A replay in progress.
#[derive(Clone, Copy, Debug)]
struct Replay {
    /// The last position that it makes good.
    last: u64,
    begins: SimTime,
    /// How long it takes.
    takes: Duration,
    /// When it is done, which is not before the one before it.
    done: SimTime,
}

/// What has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Up to which position.
    pub position: u64,
    /// When that was committed.
    pub committed: SimTime,
    /// How long it was replayed.
    pub took: Duration,
}

/// What a replica applies next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The position after those that are in replay.
    pub position: u64,
    /// The last position of its shipment.
    pub last: u64,
    /// Whether that is a copy, to be put in place at once.
    pub is_copy: bool,
    /// When it may be replayed.
    pub ready: SimTime,
}

/// Writes that were shipped to a replica and that it has not applied.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The position up to which it has applied the history.
    applied: u64,
    coming: VecDeque<Shipment>,
    replays: VecDeque<Replay>,
    /// So many shipments are more than are needed.
    crowded_at: usize,
}

/// So many shipments are merged into fewer.
const CROWDED: usize = 4096;

impl Default for Feed {
    fn default() -> Self {
        Self { applied: 0, coming: VecDeque::new(), replays: VecDeque::new(), crowded_at: CROWDED }
    }
}

impl Feed {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.coming.len() * size_of::<Shipment>() + self.replays.len() * size_of::<Replay>()
    }

    /// The position up to which the history is applied.
    #[inline]
    pub fn applied(&self) -> u64 {
        self.applied
    }

    /// The position up to which it has been shipped.
    pub fn shipped(&self) -> u64 {
        self.coming.back().map_or(self.applied, |shipment| shipment.last)
    }

    /// The position up to which it has arrived.
    pub fn received(&self, now: SimTime) -> u64 {
        match self.coming.partition_point(|shipment| shipment.arrives <= now) {
            0 => self.applied,
            arrived => self.coming[arrived - 1].last,
        }
    }

    /// Whether all that was shipped is applied.
    pub fn is_empty(&self) -> bool {
        self.coming.is_empty()
    }

    /// Replays in progress.
    pub fn replaying(&self) -> usize {
        self.replays.len()
    }

    /// When the oldest write that is not applied was committed, as far as it is known.
    pub fn oldest(&self) -> Option<SimTime> {
        let shipment = self.coming.front()?;
        Some(self.committed(shipment, self.applied + 1))
    }

    /// When a write of the first shipment was committed. (Of many writes only the ends are known; those between are taken to
    /// have come evenly.)
    fn committed(&self, shipment: &Shipment, position: u64) -> SimTime {
        let [first, last] = shipment.committed;
        let after = |position: u64| position.saturating_sub(self.applied + 1) as f64;
        match after(shipment.last) {
            0.0 => last,
            of => first + last.since(first).scaled(after(position) / of),
        }
    }

    /// The primary, to which nothing is on its way, has executed a write.
    #[inline]
    pub fn advance(&mut self, position: u64) {
        self.applied = position;
    }

    /// It has all up to a position, and nothing is on its way any more.
    pub fn set_applied(&mut self, position: u64) {
        *self = Self { applied: position, ..Self::default() };
    }

    /// Writes are on their way; when they arrive.
    pub fn ship(&mut self, now: SimTime, shipment: Shipment) -> SimTime {
        let before = self.coming.back().map(|before| [before.leaves, before.arrives, before.ready]);
        let [left, arrived, ready] = before.unwrap_or([SimTime::ZERO; 3]);
        let (leaves, arrives) = (shipment.leaves.max(left), shipment.arrives.max(arrived));
        self.coming.push_back(Shipment { leaves, arrives, ready: shipment.ready.max(ready), ..shipment });
        if self.coming.len() >= self.crowded_at {
            self.merge_pairs(now);
        }
        arrives
    }

    /// Merges pairs of shipments that have arrived and are not in replay, so that a replica that cannot keep up needs memory
    /// for a few thousand of them.
    fn merge_pairs(&mut self, now: SimTime) {
        let in_replay = self.replays.back().map_or(self.applied, |replay| replay.last);
        let mut merged: VecDeque<Shipment> = VecDeque::with_capacity(self.coming.len());
        let mut is_pair = false;
        for shipment in self.coming.drain(..) {
            match merged.back_mut() {
                Some(before) if !is_pair && !before.is_copy && before.last > in_replay && shipment.ready <= now => {
                    *before = Shipment { committed: [before.committed[0], shipment.committed[1]], ..shipment };
                    is_pair = true;
                }
                _ => {
                    merged.push_back(shipment);
                    is_pair = false;
                }
            }
        }
        self.coming = merged;
        self.crowded_at = CROWDED.max(2 * self.coming.len());
    }

    /// What is to be replayed next, if anything is on its way.
    pub fn next(&self) -> Option<Next> {
        let position = self.replays.back().map_or(self.applied, |replay| replay.last) + 1;
        let place = self.coming.partition_point(|shipment| shipment.last < position);
        self.coming.get(place).map(|shipment| Next {
            position,
            last: shipment.last,
            is_copy: shipment.is_copy,
            ready: shipment.ready,
        })
    }

    /// Begins to replay up to a position: when it will be done.
    pub fn replay(&mut self, last: u64, begins: SimTime, takes: Duration) -> SimTime {
        let before = self.replays.back().map_or(SimTime::ZERO, |replay| replay.done);
        let done = (begins + takes).max(before);
        self.replays.push_back(Replay { last, begins, takes, done });
        done
    }

    /// The first replay is over, if it is. (What was broken off or takes longer than it seemed is not over when it was to
    /// be.)
    pub fn finish(&mut self, now: SimTime) -> Option<Applied> {
        let replay = self.replays.pop_front_if(|replay| replay.done <= now)?;
        let shipment = *self.coming.front()?;
        let committed = self.committed(&shipment, replay.last);
        match replay.last >= shipment.last {
            true => _ = self.coming.pop_front(),
            false => self.coming[0].committed[0] = self.committed(&shipment, replay.last + 1),
        }
        self.applied = replay.last;
        Some(Applied { position: replay.last, committed, took: replay.takes })
    }

    /// What has not left the primary will not: it is dead.
    pub fn lose_unsent(&mut self, now: SimTime) {
        self.lose(|shipment| shipment.leaves > now);
    }

    /// What has not arrived will not: nobody listens, or the way is cut.
    pub fn lose_unarrived(&mut self, now: SimTime) {
        self.lose(|shipment| shipment.arrives > now);
    }

    /// The history ends at a position: what lies beyond never was.
    pub fn cut(&mut self, end: u64) {
        self.applied = self.applied.min(end);
        // (If the beginning of a shipment belongs to the history, it is asked for once more.)
        self.lose(|shipment| shipment.last > end);
    }

    /// The latest shipments are lost, as many as are of that kind, and what is being replayed of them is broken off.
    fn lose(&mut self, is_lost: impl Fn(&Shipment) -> bool) {
        while self.coming.pop_back_if(|shipment| is_lost(shipment)).is_some() {}
        let end = self.shipped();
        while self.replays.pop_back_if(|replay| replay.last > end).is_some() {}
    }

    /// Replays in progress are broken off, and have to be begun again.
    pub fn interrupt(&mut self) {
        self.replays.clear();
    }

    /// What has arrived is replayed without further delay.
    pub fn hurry(&mut self, now: SimTime) {
        for shipment in &mut self.coming {
            shipment.ready = shipment.ready.min(shipment.arrives.max(now));
        }
        while self.replays.pop_back_if(|replay| replay.begins > now).is_some() {}
    }

    /// What is left of the replays in progress takes so many times as long; when they will be done.
    pub fn change_pace(&mut self, now: SimTime, ratio: f64) -> impl Iterator<Item = SimTime> {
        for replay in &mut self.replays {
            let from = now.max(replay.begins);
            let left = replay.done.since(from).scaled(ratio);
            replay.done = from + left;
            replay.takes = from.since(replay.begins) + left;
        }
        self.replays.iter().map(|replay| replay.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(seconds: f64) -> Duration {
        Duration::from_seconds(seconds)
    }

    fn at(seconds: f64) -> SimTime {
        SimTime::ZERO + span(seconds)
    }

    /// A write that is committed, leaves, arrives and is ready at those moments.
    fn shipped(feed: &mut Feed, last: u64, [committed, leaves, arrives, ready]: [f64; 4]) {
        let committed = [at(committed); 2];
        feed.ship(
            committed[0],
            Shipment { last, is_copy: false, committed, leaves: at(leaves), arrives: at(arrives), ready: at(ready) },
        );
    }

    fn applied(feed: &mut Feed, now: f64) -> Option<(u64, f64)> {
        feed.finish(at(now)).map(|applied| (applied.position, applied.committed.as_seconds()))
    }

    #[test]
    fn moments_are_no_earlier_than_those_of_the_shipment_before() {
        let mut feed = Feed::default();
        shipped(&mut feed, 1, [0.0, 2.0, 3.0, 5.0]);
        shipped(&mut feed, 2, [1.0, 1.0, 1.5, 2.0]);
        assert_eq!([2.5, 3.0].map(|now| feed.received(at(now))), [0, 2]);
        feed.lose_unsent(at(1.9));
        assert!(feed.is_empty());
    }

    #[test]
    fn writes_are_applied_in_order_and_not_before_their_time() {
        let mut feed = Feed::default();
        shipped(&mut feed, 1, [0.0, 0.0, 1.0, 1.0]);
        shipped(&mut feed, 2, [0.5, 0.5, 1.0, 4.0]);
        assert_eq!(feed.next(), Some(Next { position: 1, last: 1, is_copy: false, ready: at(1.0) }));
        assert_eq!(feed.replay(1, at(1.0), span(3.0)), at(4.0));
        assert_eq!(feed.next(), Some(Next { position: 2, last: 2, is_copy: false, ready: at(4.0) }));
        assert_eq!(feed.replay(2, at(1.0), span(1.0)), at(4.0), "it waits for the one before it");
        assert_eq!((applied(&mut feed, 3.9), feed.oldest()), (None, Some(at(0.0))));
        assert_eq!((applied(&mut feed, 4.0), feed.oldest()), (Some((1, 0.0)), Some(at(0.5))));
        assert_eq!((applied(&mut feed, 4.0), applied(&mut feed, 4.0)), (Some((2, 0.5)), None));
        assert_eq!((feed.applied(), feed.is_empty(), feed.replaying(), feed.next()), (2, true, 0, None));
    }

    #[test]
    fn many_writes_at_a_time_are_replayed_one_by_one_and_were_committed_evenly() {
        let mut feed = Feed::default();
        feed.set_applied(10);
        let committed = [at(0.0), at(8.0)];
        feed.ship(
            at(9.0),
            Shipment { last: 15, is_copy: false, committed, leaves: at(9.0), arrives: at(9.0), ready: at(9.0) },
        );
        let mut found = Vec::new();
        while let Some(Next { position, last: 15, .. }) = feed.next() {
            feed.replay(position, at(9.0), span(1.0));
            found.extend(applied(&mut feed, 10.0));
        }
        assert_eq!(found, [(11, 0.0), (12, 2.0), (13, 4.0), (14, 6.0), (15, 8.0)]);
        assert!(feed.is_empty());
    }

    #[test]
    fn what_is_lost_depends_on_how_far_it_has_come() {
        let full = || {
            let mut feed = Feed::default();
            shipped(&mut feed, 1, [0.0, 1.0, 2.0, 9.0]);
            shipped(&mut feed, 2, [0.0, 3.0, 4.0, 9.0]);
            shipped(&mut feed, 3, [0.0, 5.0, 6.0, 9.0]);
            (1..=3).for_each(|last| _ = feed.replay(last, at(9.0), span(1.0)));
            feed
        };
        type Loss = fn(&mut Feed);
        let losses: [(Loss, u64); 4] = [
            (|feed| feed.lose_unsent(at(3.0)), 2),
            (|feed| feed.lose_unarrived(at(3.0)), 1),
            (|feed| feed.cut(2), 2),
            (|feed| feed.lose_unarrived(at(1.0)), 0),
        ];
        for (lose, left) in losses {
            let mut feed = full();
            lose(&mut feed);
            assert_eq!((feed.shipped(), feed.replaying()), (left, left as usize));
        }
        let mut feed = full();
        feed.hurry(at(4.0));
        assert_eq!((feed.replaying(), feed.next().map(|next| next.ready)), (0, Some(at(4.0))));
        feed.interrupt();
        feed.cut(0);
        assert_eq!((feed.applied(), feed.shipped()), (0, 0));
    }

    #[test]
    fn a_change_of_pace_reaches_what_is_left_of_a_replay() {
        let mut feed = Feed::default();
        shipped(&mut feed, 1, [0.0; 4]);
        feed.replay(1, at(0.0), span(4.0));
        assert_eq!(feed.change_pace(at(3.0), 5.0).collect::<Vec<_>>(), [at(8.0)]);
        assert_eq!(feed.finish(at(4.0)), None);
        assert_eq!(feed.finish(at(8.0)), Some(Applied { position: 1, committed: at(0.0), took: span(8.0) }));
    }
}

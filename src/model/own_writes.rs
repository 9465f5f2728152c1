//! Up to which position of a cluster's history each user has written himself, so that reads that lack it can be told from others.

use super::topology::{GroupId, ReadYourWrites};
use crate::engine::time::SimTime;

/// The latest write of a user that was answered with success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct OwnWrite {
    /// Its position in the cluster's history; 0 if there is none, or if it has been lost.
    position: u64,
    /// When it was answered.
    at: SimTime,
}

/// The latest writes of the users of one cluster, by group and number of the user.
#[derive(Clone, Debug, Default)]
pub struct OwnWrites {
    groups: Vec<Vec<OwnWrite>>,
}

impl OwnWrites {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.groups.iter().map(|users| size_of_val(&**users)).sum()
    }

    /// A user's write has been answered.
    pub fn note(&mut self, group: GroupId, user: u32, position: u64, now: SimTime) {
        let (group, user) = (group.index(), user as usize);
        if self.groups.len() <= group {
            self.groups.resize_with(group + 1, Vec::new);
        }
        let users = &mut self.groups[group];
        if users.len() <= user {
            users.resize(user + 1, OwnWrite::default());
        }
        let before = users[user].position;
        users[user] = OwnWrite { position: before.max(position), at: now };
    }

    /// What a node must have applied so that a user sees there what he has written; 0 if he has not written anything.
    #[inline]
    pub fn position(&self, group: GroupId, user: u32) -> u64 {
        self.latest(group, user).map_or(0, |write| write.position)
    }

    /// Whether a user is to read at the primary, since he has just written.
    pub fn sticks(&self, group: GroupId, user: u32, to: Option<ReadYourWrites>, now: SimTime) -> bool {
        let Some(ReadYourWrites::Sticky(time)) = to else { return false };
        self.latest(group, user).is_some_and(|write| write.at > SimTime::ZERO && now < write.at + time)
    }

    /// The history ends at a position: nobody waits for what was beyond.
    pub fn cut(&mut self, end: u64) {
        let lost = self.groups.iter_mut().flatten().filter(|write| write.position > end);
        lost.for_each(|write| write.position = 0);
    }

    /// A number stands for somebody else from now on.
    pub fn forget(&mut self, group: GroupId, user: u32) {
        if let Some(write) = self.groups.get_mut(group.index()).and_then(|users| users.get_mut(user as usize)) {
            *write = OwnWrite::default();
        }
    }

    #[inline]
    fn latest(&self, group: GroupId, user: u32) -> Option<&OwnWrite> {
        self.groups.get(group.index())?.get(user as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Duration;

    const GROUP: GroupId = GroupId(1);

    fn at(seconds: f64) -> SimTime {
        SimTime::ZERO + Duration::from_seconds(seconds)
    }

    #[test]
    fn a_user_has_written_up_to_his_latest_write_until_that_is_lost_or_he_is_somebody_else() {
        let mut own = OwnWrites::default();
        assert_eq!(own.position(GROUP, 7), 0);
        own.note(GROUP, 7, 5, at(1.0));
        own.note(GROUP, 7, 4, at(2.0));
        own.note(GROUP, 3, 9, at(2.0));
        assert_eq!([7, 3, 4].map(|user| own.position(GROUP, user)), [5, 9, 0]);
        assert_eq!(own.position(GroupId(0), 7), 0, "of another group");
        own.cut(8);
        assert_eq!([7, 3].map(|user| own.position(GROUP, user)), [5, 0]);
        own.forget(GROUP, 7);
        own.forget(GroupId(5), 7);
        assert_eq!(own.position(GROUP, 7), 0);
    }

    #[test]
    fn a_user_sticks_to_the_primary_for_some_time_after_his_write() {
        let mut own = OwnWrites::default();
        own.note(GROUP, 0, 1, at(1.0));
        let sticks = |to, seconds| own.sticks(GROUP, 0, to, at(seconds));
        let sticky = Some(ReadYourWrites::Sticky(Duration::from_seconds(2.0)));
        assert_eq!([2.9, 3.0].map(|seconds| sticks(sticky, seconds)), [true, false]);
        assert!(!sticks(None, 1.0) && !sticks(Some(ReadYourWrites::UpToDate), 1.0));
        assert!(!own.sticks(GROUP, 9, sticky, at(1.0)), "who has not written");
    }
}

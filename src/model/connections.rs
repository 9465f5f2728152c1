//! Connections to an instance: idle ones are kept, up to a number, and whoever finds none makes a new one.

use std::collections::VecDeque;

use super::{
    cause::Cause,
    topology::{InstanceId, KeepAlive},
    visit::Visit,
};

/// The idle connections to an instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Connections {
    /// How many are kept; `None` is always enough.
    kept: Option<KeepAlive>,
    idle: u32,
    /// How many have been made.
    pub made: u64,
}

/// The idle connections that a balancer keeps to all instances together: whose they are, the one that was used last in front.
#[derive(Clone, Debug, Default)]
pub struct IdleTogether(VecDeque<InstanceId>);

impl Connections {
    /// None yet.
    pub fn new(kept: Option<KeepAlive>) -> Self {
        Self { kept, idle: 0, made: 0 }
    }

    /// So many are kept from now on.
    pub fn keep(&mut self, kept: Option<KeepAlive>) {
        self.kept = kept;
        self.idle = self.idle.min(kept.filter(|kept| !kept.is_together).map_or(0, |kept| kept.most));
    }

    /// Whether there may be too few of them.
    #[inline]
    pub fn are_counted(&self) -> bool {
        self.kept.is_some()
    }

    /// Takes an idle one; whether a new one has to be made.
    #[inline]
    pub fn take(&mut self, instance: InstanceId, together: &mut IdleTogether) -> bool {
        let Some(kept) = self.kept else { return false };
        let is_there = if kept.is_together { together.take(instance) } else { self.idle > 0 };
        match is_there {
            true => self.idle -= u32::from(!kept.is_together),
            false => self.made += 1,
        }
        !is_there
    }

    /// One is not needed any more: it is kept if there is room. Among all of a balancer it takes the place of the one that has been
    /// idle longest.
    pub fn give_back(&mut self, instance: InstanceId, together: &mut IdleTogether) {
        match self.kept {
            Some(KeepAlive { most, is_together: true }) => together.put(instance, most),
            Some(KeepAlive { most, is_together: false }) if self.idle < most => self.idle += 1,
            _ => {}
        }
    }

    /// All that are idle are gone.
    pub fn close(&mut self, instance: InstanceId, together: &mut IdleTogether) {
        self.idle = 0;
        together.0.retain(|&it| it != instance);
    }
}

impl IdleTogether {
    fn take(&mut self, instance: InstanceId) -> bool {
        let place = self.0.iter().position(|&it| it == instance);
        place.is_some_and(|place| self.0.remove(place).is_some())
    }

    fn put(&mut self, instance: InstanceId, most: u32) {
        self.0.push_front(instance);
        self.0.truncate(most as usize);
    }

    /// So many are kept from now on.
    pub fn keep(&mut self, kept: Option<KeepAlive>) {
        self.0.truncate(kept.filter(|kept| kept.is_together).map_or(0, |kept| kept.most as usize));
    }
}

impl Visit {
    /// Whether its connection may serve another one: nobody has given it up, and it was not lost.
    #[inline]
    pub(super) fn leaves_connection(&self) -> bool {
        !self.is_cancelled && !matches!(self.failure, Some(Cause::Network | Cause::InstanceDown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// nginx's `keepalive 2` before two backends: the connection that has been idle longest makes room.
    #[test]
    fn those_of_all_instances_together_push_each_other_out() {
        let kept = Some(KeepAlive { most: 2, is_together: true });
        let (mut all, mut of) = (IdleTogether::default(), [Connections::new(kept); 2]);
        let ids = [InstanceId(0), InstanceId(1)];
        assert!(of[0].take(ids[0], &mut all) && of[1].take(ids[1], &mut all) && of[1].take(ids[1], &mut all));
        of[0].give_back(ids[0], &mut all);
        of[1].give_back(ids[1], &mut all);
        of[1].give_back(ids[1], &mut all);
        assert!(of[0].take(ids[0], &mut all), "it has made room");
        assert!(!of[1].take(ids[1], &mut all) && !of[1].take(ids[1], &mut all) && of[1].take(ids[1], &mut all));
        of[0].give_back(ids[0], &mut all);
        of[0].close(ids[0], &mut all);
        assert!(of[0].take(ids[0], &mut all));
        assert_eq!(of.map(|it| it.made), [3, 3]);
    }
}

//! Slots with stable ids: an id of something that is gone is recognised as stale.

use std::{
    cmp::Ordering,
    fmt,
    marker::PhantomData,
    ops::{Index, IndexMut},
};

/// Things of one kind, kept in slots that are used again and again. Their names are of a kind of their own, so that one can
/// be known without the thing.
#[derive(Clone, Debug)]
pub struct Arena<T, N = T> {
    slots: Vec<Slot<T>>,
    /// Numbers of empty slots; the last one is used next.
    free: Vec<u32>,
    named: PhantomData<fn() -> N>,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    /// Odd while the slot is in use; grows by one whenever it is filled or emptied.
    generation: u32,
    value: T,
}

/// Names a thing in an [`Arena`] for as long as it is there, and nothing afterwards.
pub struct Id<T> {
    index: u32,
    generation: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.index, self.generation) == (other.index, other.generation)
    }
}

impl<T> Eq for Id<T> {}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "#{}.{}", self.index, self.generation)
    }
}

impl<T> Id<T> {
    /// Names nothing that ever was.
    pub const NOTHING: Self = Self { index: u32::MAX, generation: 0, of: PhantomData };

    /// The number of the slot, and how often it has been used: no other id has both.
    pub const fn parts(self) -> (u32, u32) {
        (self.index, self.generation)
    }
}

impl<T, N> Default for Arena<T, N> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), named: PhantomData }
    }
}

impl<T, N> Arena<T, N> {
    /// Puts a thing into a slot. In constant time.
    #[inline]
    pub fn insert(&mut self, value: T) -> Id<N> {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.generation = slot.generation.wrapping_add(1);
            slot.value = value;
            return Id { index, generation: slot.generation, of: PhantomData };
        }
        let index = self.slots.len() as u32;
        self.slots.push(Slot { generation: 1, value });
        Id { index, generation: 1, of: PhantomData }
    }

    /// The thing of that id, if it is still there.
    #[inline]
    pub fn get(&self, id: Id<N>) -> Option<&T> {
        self.slots.get(id.index as usize).filter(|slot| slot.generation == id.generation).map(|slot| &slot.value)
    }

    /// Whether the thing of that id is still there.
    #[inline]
    pub fn contains(&self, id: Id<N>) -> bool {
        self.get(id).is_some()
    }

    /// Empties the slot of that id; whether there was something in it.
    #[inline]
    pub fn remove(&mut self, id: Id<N>) -> bool {
        if !self.contains(id) {
            return false;
        }
        let slot = &mut self.slots[id.index as usize];
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.index);
        true
    }

    /// Bytes on the heap, those of the things' own lists not included.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.slots) + size_of_val(&*self.free)
    }

    /// How many things there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All things with their ids, in the order of their slots.
    pub fn entries(&self) -> impl Iterator<Item = (Id<N>, &T)> {
        let slots = self.slots.iter().enumerate().filter(|(_, slot)| slot.generation % 2 == 1);
        slots.map(|(index, slot)| {
            (Id { index: index as u32, generation: slot.generation, of: PhantomData }, &slot.value)
        })
    }

    /// All things, in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter(|slot| slot.generation % 2 == 1).map(|slot| &slot.value)
    }
}

/// The thing of an id that is known not to be stale. A debug build panics if it is; a release build, which spares the look
/// at the generation, then finds whoever has the slot.
impl<T, N> Index<Id<N>> for Arena<T, N> {
    type Output = T;

    #[inline]
    fn index(&self, id: Id<N>) -> &T {
        debug_assert!(self.contains(id), "{id:?} is stale");
        &self.slots[id.index as usize].value
    }
}

impl<T, N> IndexMut<Id<N>> for Arena<T, N> {
    #[inline]
    fn index_mut(&mut self, id: Id<N>) -> &mut T {
        debug_assert!(self.contains(id), "{id:?} is stale");
        &mut self.slots[id.index as usize].value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_id_is_recognised_after_its_slot_is_used_again() {
        let mut arena: Arena<&str> = Arena::default();
        let first = arena.insert("first");
        assert!(arena.remove(first));
        let second = arena.insert("second");
        assert_eq!((arena.get(first), arena.get(second)), (None, Some(&"second")));
        assert_eq!(arena[second], "second");
        assert!(!arena.remove(first));
        assert_eq!(arena.len(), 1);
        assert_eq!(arena.iter().collect::<Vec<_>>(), [&"second"]);
    }
}

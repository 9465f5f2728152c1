//! Partitions of the network: places between which no message passes.

use super::{network::Place, topology::ComponentKind};

/// The partitions of the moment.
#[derive(Clone, Debug, Default)]
pub struct Partitions {
    /// The two sides of each, with the number of its fault.
    all: Vec<(u32, [Group; 2])>,
}

/// One side of a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Whether the users are on this side.
    pub users: bool,
    /// Whether the balancer is.
    pub balancer: bool,
    /// Which components are.
    pub components: Vec<ComponentKind>,
}

impl Group {
    fn contains(&self, place: Place) -> bool {
        match place {
            Place::Users => self.users,
            Place::Balancer => self.balancer,
            Place::Component(kind) => self.components.contains(&kind),
        }
    }
}

impl Partitions {
    /// Whether everybody reaches everybody.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether no message passes between two places.
    #[inline]
    pub fn separate(&self, a: Place, b: Place) -> bool {
        !self.is_empty() && self.separate_by_any(a, b)
    }

    #[cold]
    fn separate_by_any(&self, a: Place, b: Place) -> bool {
        let parted = |[one, other]: &[Group; 2]| {
            (one.contains(a) && other.contains(b)) || (one.contains(b) && other.contains(a))
        };
        self.all.iter().any(|(_, sides)| parted(sides))
    }

    /// A partition begins; the number is that of its fault.
    pub fn begin(&mut self, fault: u32, sides: [Group; 2]) {
        self.all.push((fault, sides));
    }

    /// A partition ends. Returns whether there was one of that fault.
    pub fn end(&mut self, fault: u32) -> bool {
        let before = self.all.len();
        self.all.retain(|&(number, _)| number != fault);
        self.all.len() < before
    }

    /// All of them end.
    pub fn clear(&mut self) {
        self.all.clear();
    }
}

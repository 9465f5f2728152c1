//! Single flight: of all who miss the same key in a cache at a time, one fetches it, and the others wait for him, as with
//! nginx's `proxy_cache_lock`. So a cold cache, or a popular key that has expired, sends one read to the database and not
//! one for each who asks.

use super::names::VisitId;

/// Names a flight of a cache; [`Flight::NONE`] is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight(u32);

impl Flight {
    /// No flight.
    pub const NONE: Self = Self(0);

    /// Whether it is one.
    #[inline]
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// What one does who misses a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// He fetches it.
    Leads(Flight),
    /// He waits for who fetches it.
    Follows,
}

/// The keys that are being fetched, and who waits for them.
#[derive(Clone, Debug)]
pub struct Flights<J = VisitId> {
    /// In the order of their keys.
    open: Vec<Open>,
    /// In the order of their coming.
    followers: Vec<Follower<J>>,
    /// Flights that there have been.
    begun: u32,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    key: u32,
    flight: Flight,
    followers: u32,
}

#[derive(Clone, Copy, Debug)]
struct Follower<J> {
    key: u32,
    visit: J,
}

impl<J> Default for Flights<J> {
    fn default() -> Self {
        Self { open: Vec::new(), followers: Vec::new(), begun: 0 }
    }
}

impl<J: Copy + PartialEq> Flights<J> {
    /// Somebody has missed a key.
    pub fn join(&mut self, key: u32, visit: J) -> Part {
        match self.open.binary_search_by_key(&key, |open| open.key) {
            Ok(place) => {
                self.open[place].followers += 1;
                self.followers.push(Follower { key, visit });
                Part::Follows
            }
            Err(place) => Part::Leads(self.begin(place, key)),
        }
    }

    /// Somebody would fetch a key for all that have it, unless it is being fetched already.
    pub fn lead(&mut self, key: u32) -> Option<Flight> {
        let place = self.open.binary_search_by_key(&key, |open| open.key).err()?;
        Some(self.begin(place, key))
    }

    fn begin(&mut self, place: usize, key: u32) -> Flight {
        // (0 is nobody's.)
        self.begun = self.begun.checked_add(1).unwrap_or(1);
        let flight = Flight(self.begun);
        self.open.insert(place, Open { key, flight, followers: 0 });
        flight
    }

    /// A flight without followers is over; whether it was under way.
    pub fn end(&mut self, key: u32, flight: Flight) -> bool {
        let place = self.open.binary_search_by_key(&key, |open| open.key);
        let found = place.ok().filter(|&place| self.open[place].flight == flight);
        found.map(|place| self.open.remove(place)).is_some()
    }

    /// Flights under way.
    pub fn under_way(&self) -> usize {
        self.open.len()
    }

    /// A follower waits no longer.
    pub fn withdraw(&mut self, visit: J) {
        if let Some(place) = self.followers.iter().position(|follower| follower.visit == visit) {
            let Follower { key, .. } = self.followers.remove(place);
            if let Ok(open) = self.open.binary_search_by_key(&key, |open| open.key) {
                self.open[open].followers -= 1;
            }
        }
    }

    /// Who fetched a key gives up: the one who has waited longest fetches it now, in the same flight. `None` if nobody waits,
    /// or the flight is over.
    pub fn hand_over(&mut self, key: u32, flight: Flight) -> Option<J> {
        let place = self.open.binary_search_by_key(&key, |open| open.key).ok()?;
        if self.open[place].flight != flight {
            return None;
        }
        match self.followers.iter().position(|follower| follower.key == key) {
            Some(first) => {
                self.open[place].followers -= 1;
                Some(self.followers.remove(first).visit)
            }
            None => {
                self.open.remove(place);
                None
            }
        }
    }

    /// A key is there, whoever has fetched it: its flight is over, and those who waited for it go on, in this order.
    pub fn land(&mut self, key: u32) -> impl Iterator<Item = J> + use<J> {
        let open = self.open.binary_search_by_key(&key, |open| open.key).map(|place| self.open.remove(place));
        let landed: Vec<J> = match open {
            Ok(Open { followers: 1.., .. }) => {
                let landed = self.followers.iter().filter(|it| it.key == key).map(|it| it.visit).collect();
                self.followers.retain(|it| it.key != key);
                landed
            }
            _ => Vec::new(),
        };
        landed.into_iter()
    }

    /// All flights are over; who waited, in order.
    pub fn clear(&mut self) -> impl Iterator<Item = J> + use<J> {
        self.open.clear();
        std::mem::take(&mut self.followers).into_iter().map(|follower| follower.visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(part: Part) -> Flight {
        match part {
            Part::Leads(flight) => flight,
            Part::Follows => panic!("somebody fetches it already"),
        }
    }

    #[test]
    fn one_fetches_and_the_others_wait_in_order() {
        let (mut flights, who) = (Flights::default(), ["a", "b", "c", "d"]);
        leads(flights.join(7, who[0]));
        assert_eq!(flights.join(7, who[1]), Part::Follows);
        leads(flights.join(3, who[2]));
        assert_eq!(flights.join(7, who[3]), Part::Follows);
        assert_eq!(flights.land(7).collect::<Vec<_>>(), [who[1], who[3]]);
        assert_eq!(flights.land(7).count(), 0);
        leads(flights.join(7, who[1]));
        assert_eq!(flights.join(3, who[0]), Part::Follows);
    }

    #[test]
    fn who_gives_up_hands_over_to_the_one_who_has_waited_longest() {
        let (mut flights, who) = (Flights::default(), ["a", "b", "c", "d"]);
        let flight = leads(flights.join(7, who[0]));
        flights.join(7, who[1]);
        flights.join(7, who[2]);
        flights.withdraw(who[1]);
        assert_eq!(flights.hand_over(7, flight), Some(who[2]));
        assert_eq!(flights.hand_over(7, flight), None);
        let next = leads(flights.join(7, who[3]));
        assert_ne!(next, flight);
        assert_eq!(flights.hand_over(7, flight), None, "the flight of that name was over");
        assert_eq!(flights.join(7, who[0]), Part::Follows);
    }

    #[test]
    fn a_cache_that_goes_down_ends_all_flights() {
        let (mut flights, who) = (Flights::default(), ["a", "b", "c", "d"]);
        let flight = leads(flights.join(7, who[0]));
        flights.join(7, who[1]);
        leads(flights.join(8, who[2]));
        flights.join(8, who[3]);
        assert_eq!(flights.clear().collect::<Vec<_>>(), [who[1], who[3]]);
        assert_eq!(flights.hand_over(7, flight), None);
    }
}

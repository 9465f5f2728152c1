//! Choosing: which of the instances that may be asked gets a request. Whether one may be asked is not known here.

use super::{
    policy::peak_ewma::PeakEwma,
    topology::{GroupId, InstanceId, Policy},
};
use crate::engine::{
    random::{Stream, hashed_unit},
    time::SimTime,
};

/// How often nginx hashes a user again who leads to an instance that may not be asked.
const HASHED_AGAIN: u32 = 20;

/// An instance that may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Which.
    pub instance: InstanceId,
    /// Its weight, above 0.
    pub weight: f64,
    /// Current weight of smooth round-robin.
    pub current: f64,
    /// Requests in progress.
    pub active: u32,
    /// So many it is given at most, as far as it has come with its slow start.
    pub most: u32,
    /// Since when it is warming up, if it is.
    pub warming_since: Option<SimTime>,
    /// The times of its answers, if they count.
    pub times: PeakEwma,
}

/// Instances that may be asked, in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    /// They themselves.
    pub list: Vec<Peer>,
    /// Sums of their weights up to and including each of them.
    cumulative: Vec<f64>,
}

/// For whom an instance is chosen, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The user.
    pub user: u64,
    /// When.
    pub now: SimTime,
}

impl Asked {
    /// By the number of the user in his group.
    #[inline]
    pub fn of(group: GroupId, user: u32, now: SimTime) -> Self {
        Self { user: u64::from(group.0) << 32 | u64::from(user), now }
    }
}

impl Peers {
    /// Nobody.
    pub fn clear(&mut self) {
        self.list.clear();
        self.cumulative.clear();
    }

    /// One more, the last one in order.
    pub fn push(&mut self, peer: Peer) {
        self.cumulative.push(self.total() + peer.weight);
        self.list.push(peer);
    }

    /// Sum of the weights.
    fn total(&self) -> f64 {
        self.cumulative.last().copied().unwrap_or(0.0)
    }

    /// The place of an instance.
    #[inline]
    pub fn place(&self, instance: InstanceId) -> Option<usize> {
        // Instances of a service are few or, with many, in order: either way this is quick.
        let place = self.list.partition_point(|peer| peer.instance < instance);
        self.list.get(place).is_some_and(|peer| peer.instance == instance).then_some(place)
    }

    /// An instance, if it is among them.
    #[inline]
    pub fn peer_mut(&mut self, instance: InstanceId) -> Option<&mut Peer> {
        self.place(instance).and_then(|place| self.list.get_mut(place))
    }

    /// The place of the one that is chosen; `None` if there is none. `all` are those of whom an address is one's, also those
    /// who may not be asked.
    #[inline]
    pub fn choose(&mut self, policy: Policy, asked: Asked, all: &Self, stream: &mut Stream) -> Option<usize> {
        match policy {
            Policy::WeightedRandom => self.random(stream),
            Policy::SmoothRoundRobin => self.smooth(|_| true),
            Policy::LeastConnections => self.least_connections(Peer::load),
            Policy::Leastconn => self.least_connections(Peer::load_with_one_more),
            Policy::TwoChoices => self.better_of_two(stream, Peer::load),
            Policy::UserHash => self.by_user(asked.user, |_| true),
            Policy::IpHash => self.by_address(asked.user, all),
            Policy::Hash => self.by_name(asked.user, all),
            Policy::BoundedHash { factor } => self.by_user_within(asked.user, factor),
            Policy::PeakEwma { decay } => {
                self.better_of_two(stream, |peer| peer.times.cost(peer.active, asked.now, decay) / peer.weight)
            }
        }
    }

    #[inline]
    fn random(&self, stream: &mut Stream) -> Option<usize> {
        let drawn = stream.uniform() * self.total();
        let place = if self.list.len() <= 8 {
            self.cumulative.iter().position(|&cumulative| drawn < cumulative)
        } else {
            Some(self.cumulative.partition_point(|&cumulative| cumulative <= drawn))
        };
        let last = self.list.len().checked_sub(1)?;
        Some(place.map_or(last, |place| place.min(last)))
    }

    // The policies that look at more than the weights stay out of the way of the one that does not.

    /// nginx's smooth weighted round-robin: everybody's current weight grows by the weight, the
    /// largest is taken (the first of equals) and pays the sum of the weights.
    #[inline(never)]
    fn smooth(&mut self, takes_part: impl Fn(&Peer) -> bool) -> Option<usize> {
        let mut total = 0.0;
        let mut best: Option<usize> = None;
        for place in 0..self.list.len() {
            if !takes_part(&self.list[place]) {
                continue;
            }
            let peer = &mut self.list[place];
            peer.current += peer.weight;
            total += peer.weight;
            if best.is_none_or(|best| self.list[place].current > self.list[best].current) {
                best = Some(place);
            }
        }
        self.list[best?].current -= total;
        best
    }

    #[inline(never)]
    fn least_connections(&mut self, load: impl Fn(&Peer) -> f64) -> Option<usize> {
        let least = self.list.iter().map(&load).min_by(f64::total_cmp)?;
        self.smooth(|peer| load(peer) == least)
    }

    /// The one of two drawn at random that costs less.
    #[inline(never)]
    fn better_of_two(&self, stream: &mut Stream, cost: impl Fn(&Peer) -> f64) -> Option<usize> {
        let first = self.random(stream)?;
        if self.list.len() == 1 {
            return Some(first);
        }
        // With very unequal weights the same one may be drawn again and again; then its neighbour serves.
        let mut second = (first + 1) % self.list.len();
        for _ in 0..32 {
            let drawn = self.random(stream)?;
            if drawn != first {
                second = drawn;
                break;
            }
        }
        let second_is_better = cost(&self.list[second]) < cost(&self.list[first]);
        Some(if second_is_better { second } else { first })
    }

    /// Weighted rendezvous hashing: each pair of user and instance has its own fixed lot, and the best
    /// lot wins; when an instance goes down only its own users move.
    #[inline(never)]
    fn by_user(&self, user: u64, takes_part: impl Fn(&Peer) -> bool) -> Option<usize> {
        let lot = |peer: &Peer| -peer.weight / libm::log(hashed_unit(user, u64::from(peer.instance.0)));
        let candidates = self.list.iter().enumerate().filter(|(_, peer)| takes_part(peer));
        let lots = candidates.map(|(place, peer)| (place, lot(peer)));
        lots.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(place, _)| place)
    }

    /// Hashing with bounded load (Mirrokni, Thorup and Zadimoghaddam, 2018; HAProxy's and Envoy's `hash_balance_factor`):
    /// whoever has reached so many times the mean load, counting this request, is passed over for the user's next one.
    #[inline(never)]
    fn by_user_within(&self, user: u64, factor: f64) -> Option<usize> {
        let requests = 1.0 + self.list.iter().map(|peer| f64::from(peer.active)).sum::<f64>();
        let each = factor * requests / self.total();
        // (Somebody is below his bound, as the bounds add up to more than what is in progress, but for rounding.)
        self.by_user(user, |peer| f64::from(peer.active) < libm::ceil(each * peer.weight))
            .or_else(|| self.by_user(user, |_| true))
    }

    /// nginx's `ip_hash`: the first three numbers of an address lead to an instance by weight, whether it may be asked or
    /// not. If not, they are hashed again and again, and in the end it is chosen in turn.
    #[inline(never)]
    fn by_address(&mut self, user: u64, all: &Self) -> Option<usize> {
        let address = address_of(user);
        let mut hash = 89;
        for _ in 0..=HASHED_AGAIN {
            hash = address.iter().fold(hash, |hash, &number| (hash * 113 + u32::from(number)) % 6271);
            if let Some(place) = self.whose(hash, all) {
                return Some(place);
            }
        }
        self.smooth(|_| true)
    }

    /// nginx's `hash` without `consistent`: the CRC-32 of a user's name leads to an instance by weight. If that may not be asked, the
    /// name is hashed again with a number before it, and all that is added up.
    #[inline(never)]
    fn by_name(&mut self, user: u64, all: &Self) -> Option<usize> {
        let mut hash = 0;
        for again in 0..=HASHED_AGAIN {
            let number = Some(again).filter(|&again| again > 0).into_iter().flat_map(|again| digits(again.into()));
            let crc = crc32(number.chain(*b"user").chain(digits(user)));
            hash += crc >> 16 & 0x7fff;
            if let Some(place) = self.whose(hash, all) {
                return Some(place);
            }
        }
        self.smooth(|_| true)
    }

    /// The place of the one to whom a hash leads, by the weights of all, if he may be asked.
    fn whose(&self, hash: u32, all: &Self) -> Option<usize> {
        let drawn = libm::fmod(f64::from(hash), all.total());
        let whose = all.cumulative.partition_point(|&cumulative| cumulative <= drawn);
        all.list.get(whose).and_then(|peer| self.place(peer.instance))
    }
}

impl Peer {
    fn load(&self) -> f64 {
        f64::from(self.active) / self.weight
    }

    /// HAProxy's `leastconn` counts the request that is to come, so that a small weight gets less.
    fn load_with_one_more(&self) -> f64 {
        (f64::from(self.active) + 1.0) / self.weight
    }
}

/// The digits of a number, as text.
fn digits(number: u64) -> impl Iterator<Item = u8> {
    let count = number.checked_ilog10().unwrap_or(0);
    (0..=count).rev().map(move |place| b'0' + (number / 10_u64.pow(place) % 10) as u8)
}

/// CRC-32 as in zlib: the polynomial of Ethernet, bits in reverse.
fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// The first three numbers of a user's address, which he keeps.
pub(super) fn address_of(user: u64) -> [u8; 3] {
    let [_, numbers @ ..] = ((hashed_unit(user, 0) * f64::from(1 << 24)) as u32).to_be_bytes();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of every table of CRCs.
    #[test]
    fn the_crc_is_zlibs() {
        assert_eq!(crc32(b"123456789".iter().copied()), 0xCBF4_3926);
        assert_eq!(digits(0).chain(digits(1_203)).collect::<Vec<_>>(), b"01203");
    }
}

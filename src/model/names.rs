//! Names of what is under way: they can be passed on, and kept, by those who know nothing of what they name.

use crate::engine::arena::Id;

/// What names visits.
#[derive(Clone, Copy, Debug)]
pub enum OfVisit {}

/// Names a visit in progress.
pub type VisitId = Id<OfVisit>;

/// What names exchanges.
#[derive(Clone, Copy, Debug)]
pub enum OfExchange {}

/// Names an exchange in progress.
pub type ExchangeId = Id<OfExchange>;

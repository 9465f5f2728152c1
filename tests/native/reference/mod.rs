//! What the real products did, and what the simulator makes of the same system.

mod rabbit;

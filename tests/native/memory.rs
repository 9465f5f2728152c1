//! Memory does not grow with simulated time, and in the long run an event allocates nothing.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use serde_json::{Value, json};

use crate::{
    scenarios,
    support::{simulation, with},
};

/// The system's allocator, which counts for each thread, and so for each test, what it does.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<i64> = const { Cell::new(0) };
}

/// Takes note of an allocation of so many bytes (or, negative, of their release).
fn count(bytes: i64) {
    // A thread that ends may release memory when its counters are gone.
    let _ = ALLOCATIONS.try_with(|it| it.set(it.get() + u64::from(bytes > 0)));
    let _ = BYTES.try_with(|it| it.set(it.get() + bytes));
}

// SAFETY: all work is the system allocator's; counting touches no memory of others and allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(-(layout.size() as i64));
        count(size as i64);
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Bytes that this thread has in use.
pub fn bytes() -> i64 {
    BYTES.get()
}

/// What a part of a run did.
#[derive(Debug)]
struct Use {
    events: u64,
    allocations: u64,
    /// Bytes in use at the end, less those at the start.
    growth: i64,
}

/// What the second half of a run does with memory.
fn second_half(config: &Value, is_traced: bool) -> Use {
    let mut simulation = simulation(config);
    simulation.set_tracing(is_traced);
    let duration = simulation.duration();
    simulation.advance_to(duration / 2.0);
    let before = (simulation.events(), ALLOCATIONS.get(), BYTES.get());
    simulation.advance_to(duration);
    Use {
        events: simulation.events() - before.0,
        allocations: ALLOCATIONS.get() - before.1,
        growth: BYTES.get() - before.2,
    }
}

/// A scenario of another length, in which few users are remembered. (Users are bounded anyway, but far away.)
fn scenario(id: &str, duration: u32, window: u32) -> Value {
    let text: Value = serde_json::from_str(&scenarios::text(id)).expect("JSON");
    let mut config = with(text, json!({ "duration": duration, "window": window }));
    let groups = config["users"].as_object_mut().expect("groups");
    groups.values_mut().for_each(|group| group["max_users"] = json!(1_000));
    config
}

#[test]
fn allocations_are_counted() {
    let before = (ALLOCATIONS.get(), BYTES.get());
    let kept = std::hint::black_box(vec![0_u8; 1000]);
    assert_eq!((ALLOCATIONS.get() - before.0, BYTES.get() - before.1), (1, 1000));
    drop(kept);
    assert_eq!(BYTES.get(), before.1);
}

/// Windows allocate a little; events do not.
#[test]
fn events_allocate_nothing_in_the_long_run() {
    for (id, is_traced) in [("bench/w1", false), ("bench/w2", false), ("bench/w2l", false), ("bench/w2", true)] {
        let (seconds, window) = (6_000, 6);
        let used = second_half(&scenario(id, seconds, window), is_traced);
        let windows = u64::from(seconds / window / 2);
        assert!(used.events > 40_000, "{id}: {used:?}");
        assert!(used.allocations < 2 * windows, "{id}: {used:?}");
    }
}

#[test]
fn memory_does_not_grow_with_time() {
    for id in scenarios::all() {
        // By half-time the log must be full, where there is much to log.
        let duration = if id.starts_with("coursework") { 30_000 } else { 4_000 };
        let used = second_half(&scenario(&id, duration, 1), true);
        assert!(used.growth < 100_000, "{id}: {used:?}");
    }
}

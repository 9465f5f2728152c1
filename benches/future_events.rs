//! The future event list against the standard library's heap, by number of events pending: the hold model,
//! in which each event taken schedules another one an exponential time later.

#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use std::{cmp::Reverse, collections::BinaryHeap};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use web_service_model::engine::{
    future_events::FutureEventList,
    random::Stream,
    time::{Duration, SimTime},
};

/// Events taken and scheduled in one measurement.
const STEPS: u64 = 1000;

/// A gap with a mean of a second.
fn gap(stream: &mut Stream) -> Duration {
    Duration::from_seconds(stream.exponential())
}

fn hold(c: &mut Criterion) {
    let mut group = c.benchmark_group("hold");
    group.throughput(Throughput::Elements(STEPS));
    for pending in [10u64, 100, 1000, 10_000, 100_000, 1_000_000] {
        group.bench_function(BenchmarkId::new("future_events", pending), |b| {
            let mut stream = Stream::new(1, "bench", "gaps");
            let mut list = FutureEventList::new();
            (0..pending).for_each(|event| list.schedule(SimTime::ZERO + gap(&mut stream), (event, 0u32)));
            b.iter(|| {
                for _ in 0..STEPS {
                    if let Some((time, event)) = list.next_until(SimTime::NEVER) {
                        list.schedule(time + gap(&mut stream), event);
                    }
                }
            });
        });
        group.bench_function(BenchmarkId::new("binary_heap", pending), |b| {
            let mut stream = Stream::new(1, "bench", "gaps");
            let mut heap: BinaryHeap<Reverse<(SimTime, u64)>> =
                (0..pending).map(|event| Reverse((SimTime::ZERO + gap(&mut stream), event))).collect();
            b.iter(|| {
                for _ in 0..STEPS {
                    if let Some(Reverse((time, event))) = heap.pop() {
                        heap.push(Reverse((time + gap(&mut stream), event)));
                    }
                }
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = hold
}
criterion_main!(benches);

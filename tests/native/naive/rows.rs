//! Rows of theory about the naive simulator: their formulas hold of it, too, and not of what it does with a flaw. So a row
//! would be red if the engine had that flaw.

use web_service_model::validate::{MORE, REPLICATIONS, Row, Verdict, rows};

use super::{
    clients::{Figures, System, run},
    flaws::Flaw,
    parts::{Breaker, Budget, Bulkhead, Hedge, Limiter, Window},
};

/// Whoever is let through is answered at once.
const INSTANT: System = System {
    rate: 20.0,
    workers: usize::MAX,
    processing: 0.0,
    fail_prob: 0.0,
    holds: false,
    pool: None,
    operation: 0.0,
    timeout: None,
    cancels: false,
    retries: 0,
    wait: 0.01,
    budget: None,
    breaker: None,
    limiter: None,
    bulkhead: None,
    hedge: None,
    flaw: None,
};

/// How the naive simulator has a claim's figure; it gets the seconds that count.
type Measure = fn(&Figures, f64) -> f64;

const WAIT: (&str, Measure) = ("W", |it, _| it.latency / it.succeeded as f64);

fn refused(it: &Figures) -> f64 {
    it.refused.iter().sum::<u64>() as f64 / it.answered as f64
}

/// The system of a row, and its claims as far as the naive simulator can tell.
fn system_of(id: &str) -> (System, Vec<(&'static str, Measure)>) {
    let refused: (&str, Measure) = ("refused", |it, _| refused(it));
    match id {
        "pool" => (System { pool: Some(3), operation: 0.1, ..INSTANT }, vec![WAIT]),
        "limiter" => {
            let limiter = Limiter { rate: 10.0, burst: 5.0, longest_wait: 0.0 };
            (System { rate: 9.0, limiter: Some(limiter), ..INSTANT }, vec![refused])
        }
        "bulkhead-wait" => {
            let bulkhead = Bulkhead { max: 3, waiting: 4, longest_wait: 60.0 };
            let system = System { rate: 25.0, processing: 0.1, bulkhead: Some(bulkhead), ..INSTANT };
            (system, vec![refused, ("inside", |it, seconds| it.inside / seconds), WAIT])
        }
        "hedge" => {
            let hedge = Hedge { after: 0.05, budget: Budget { ratio: 1.0, burst: 10.0 } };
            let system = System { processing: 0.1, hedge: Some(hedge), ..INSTANT };
            let hedges: (&str, Measure) = ("hedges", |it, _| it.hedges as f64 / it.attempts as f64);
            (system, vec![WAIT, hedges, ("won", |it, _| it.hedges_won as f64 / it.attempts as f64)])
        }
        "breaker" => {
            let breaker = Breaker {
                window: Window::Calls(4),
                min_calls: 4,
                failure_share: 0.5,
                slow_share: 1.0,
                slow_after: 60.0,
                open_for: 1.0,
                probes: 3,
            };
            let failed: (&str, Measure) =
                ("failed", |it, _| 1.0 - it.succeeded as f64 / it.answered as f64 - self::refused(it));
            let open: (&str, Measure) = ("open", |it, seconds| it.open / seconds);
            let half_open: (&str, Measure) = ("half-open", |it, seconds| it.half_open / seconds);
            let system = System { rate: 10.0, fail_prob: 0.3, breaker: Some(breaker), ..INSTANT };
            (system, vec![refused, failed, open, half_open])
        }
        "budget" => {
            let budget = Some(Budget { ratio: 0.25, burst: 10.0 });
            let system = System { fail_prob: 1.0, retries: 3, budget, ..INSTANT };
            (system, vec![("attempts", |it, _| it.attempts as f64 / it.answered as f64)])
        }
        other => panic!("the naive simulator knows no {other}"),
    }
}

/// Claims of a row that are off for a simulator with that flaw. The runs are shorter than those of the engine, so the
/// intervals are wider than a row allows; they need not be narrow to show what is wrong.
fn off(id: &str, flaw: Option<Flaw>) -> Vec<&'static str> {
    let row: Row = rows().into_iter().find(|row| row.id == id).expect("a row of that name");
    let (system, measures) = system_of(id);
    let system = System { flaw, ..system };
    let seconds = row.seconds / 10.0;
    let run = |seed| run(&system, 60.0, 60.0 + seconds, seed);
    let mut found: Vec<Figures> = (1..=REPLICATIONS).map(run).collect();
    let off = |found: &[Figures]| {
        let is_off = |(name, measure): &(&str, Measure)| {
            let values: Vec<f64> = found.iter().map(|figures| measure(figures, seconds)).collect();
            let claim = row.claims.iter().find(|claim| claim.name == *name).expect("a claim of that name");
            claim.check(&values).verdict == Verdict::Off
        };
        measures.iter().filter(|measure| is_off(measure)).map(|(name, _)| *name).collect::<Vec<&str>>()
    };
    if !off(&found).is_empty() {
        found.extend((REPLICATIONS + 1..=REPLICATIONS + MORE).map(run));
    }
    off(&found)
}

#[test]
fn theory_holds_of_the_naive_simulator() {
    for id in ["pool", "limiter", "bulkhead-wait", "hedge", "breaker", "budget"] {
        assert_eq!(off(id, None), [""; 0], "{id}");
    }
}

/// A pool or a bulkhead that leaks one place in a thousand, a breaker that opens a call late, when a share is exceeded, or
/// sends a probe more, a hedge in twenty that is not counted, and others.
#[test]
fn rows_are_red_for_its_flaws() {
    let flaws = [
        ("pool", Flaw::PoolLeaks),
        ("limiter", Flaw::RefusedTakeTokens),
        ("bulkhead-wait", Flaw::BulkheadLeaks),
        ("hedge", Flaw::UncountedHedge),
        ("breaker", Flaw::OneCallLate),
        ("breaker", Flaw::SharesMustBeExceeded),
        ("breaker", Flaw::OneProbeMore),
        ("budget", Flaw::RetriesPay),
    ];
    for (id, flaw) in flaws {
        assert!(!off(id, Some(flaw)).is_empty(), "{id} passes with {flaw:?}");
    }
}

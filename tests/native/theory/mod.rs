//! The simulator against results of queueing and reliability theory: the rows of `validate`, one test for each kind, and
//! models that are broken on purpose.

use web_service_model::{
    config::schema::Config,
    validate::{Check, Finding, Row, SEED, Verdict, rows},
};

/// The rows whose names begin so, or have one of these names.
fn some(names: &[&str]) -> Vec<Row> {
    let is_one = |row: &Row| names.iter().any(|name| row.id == *name || row.id.starts_with(&format!("{name}-")));
    rows().into_iter().filter(is_one).collect()
}

#[track_caller]
fn row(id: &str) -> Row {
    rows().into_iter().find(|row| row.id == id).expect("a row of that name")
}

/// What does not pass, in words.
fn wrong(id: &str, findings: &[Finding]) -> Vec<String> {
    let wrong = findings.iter().filter(|it| it.verdict != Verdict::Pass);
    let say = |it: &Finding| format!("{id} {}: {} ± {}, theory says {}", it.name, it.mean, it.half_width, it.theory);
    wrong.map(say).collect()
}

#[track_caller]
fn hold(rows: Vec<Row>) {
    assert!(!rows.is_empty());
    let check = |row: Row| (row.id, Check::new(row, SEED).expect("the row is valid").run());
    let wrong: Vec<String> = rows.into_iter().map(check).flat_map(|(id, findings)| wrong(id, &findings)).collect();
    assert!(wrong.is_empty(), "seed {SEED}:\n{}", wrong.join("\n"));
}

/// Tests by the rows that they check; together they check all of them.
macro_rules! tests {
    ($($test:ident: $($name:literal),+;)+) => {
        const CHECKED: &[&str] = &[$($($name),+),+];

        $(#[test]
        fn $test() {
            hold(some(&[$($name),+]));
        })+
    };
}

tests! {
    one_server: "mm1";
    several_servers: "mmc";
    losses: "mgcc", "mm1k";
    any_service_time: "md1", "me1", "mu1", "mh1";
    processor_sharing: "ps", "mg-infinite";
    scalability: "usl";
    priorities: "priority";
    patience: "erlang-a", "mm1-patience", "patience", "timeouts";
    held_workers_and_pools: "held", "pool";
    networks: "jackson", "closed", "fork-join";
    the_power_of_two_choices: "two-choices";
    clients: "retries", "backoff";
    answers_of_some: "call";
    balancers: "round-robin", "weights";
    limits: "limiter", "bulkhead";
    admission: "admission";
    hedges: "hedge";
    breakers: "breaker";
    retry_budgets: "budget";
    availability: "availability", "k-of-n", "failover";
    health_checks: "checks";
    caches: "lru", "alike", "ttl", "stale", "early";
    replication: "ack", "own-writes", "lost-writes";
}

#[test]
fn every_row_is_checked() {
    assert_eq!(some(CHECKED).len(), rows().len());
}

/// Checks a row on a system that differs a little from the one it is about; what is off, in words. A mistake shows in a
/// fraction of the time that it takes to make sure that there is none, if the row does not say itself what happens when. (A
/// shorter run has wider intervals, but that is no mistake of the mutant's, and is not told.)
fn check_mutant(id: &str, from: &str, to: &str, seed: u64) -> Vec<String> {
    const FRACTION: f64 = 0.3;
    let mut row = row(id);
    assert!(row.config.contains(from), "{id} does not say {from}: {}", row.config);
    let is_timed = row.warm_up == 0.0;
    row.seconds *= if is_timed { 1.0 } else { FRACTION };
    let config = Config::from_json(&row.config.replace(from, to)).expect("the mutant is valid");
    let mut findings = Check::of_system(row, config, seed).expect("the mutant is valid").run();
    findings.retain(|it| it.verdict == Verdict::Off);
    wrong(id, &findings)
}

/// The seed does not matter, neither to what is right nor to what is wrong. (All rows with many seeds take minutes:
/// ARCHITECTURE.md has the figures.)
#[test]
fn no_seed_is_lucky() {
    let (service, slower) = (r#""exponential": { "mean": 0.1 }"#, r#""exponential": { "mean": 0.103 }"#);
    for seed in 100..108 {
        let row = row("mgcc-exponential");
        let findings = Check::new(row, seed).expect("the row is valid").run();
        assert_eq!(wrong("mgcc-exponential", &findings), [""; 0], "seed {seed}");
        assert!(!check_mutant("mgcc-exponential", service, slower, seed).is_empty(), "seed {seed}");
    }
}

/// A server 3 % faster than it says turns rows red.
#[test]
fn a_wrong_service_rate_is_found_out() {
    for id in ["mm1", "fork-join", "ps-exponential", "jackson"] {
        let (from, to) = (r#"{ "exponential": { "mean": 0.1 } }"#, r#"{ "exponential": { "mean": 0.09709 } }"#);
        let found = check_mutant(id, from, to, SEED);
        assert!(found.iter().any(|line| line.contains("theory says")), "{id}: {found:?}");
    }
}

/// A queue that loses one job in a thousand turns a row red.
#[test]
fn a_lost_job_is_found_out() {
    let found = check_mutant("mm1", r#""workers": 1"#, r#""workers": 1, "fail_prob": 0.001"#, SEED);
    assert!(found.iter().any(|line| line.starts_with("mm1 served: 0.99")), "{found:?}");
}

/// Other small defects: a replica that is 5 % late, a cache with a place too few in a hundred and with another eviction,
/// a balancer that does not look.
#[test]
fn other_defects_are_found_out() {
    let mutants = [
        ("lost-writes", r#""delay": 0.5"#, r#""delay": 0.525"#),
        ("lost-writes-wire", r#""delay_in": "wire""#, r#""delay_in": "backlog""#),
        ("lru", r#""capacity": 100"#, r#""capacity": 95"#),
        ("own-writes", r#""delay": 0.2"#, r#""delay": 0.21"#),
        ("lru", r#""eviction": "lru""#, r#""eviction": "random""#),
        ("stale", r#""ttl": 2"#, r#""ttl": 2.1"#),
        ("early", r#""early_refresh": {}"#, r#""early_refresh": { "beta": 2 }"#),
        ("two-choices", r#""balancer": "two_choices""#, r#""balancer": "weighted_random""#),
        ("round-robin", r#""weights": [5, 1, 1]"#, r#""weights": [5, 1, 2]"#),
    ];
    are_found_out(&mutants);
}

/// And of policies: a breaker that looks one call further back or sends a probe more, a bucket with a token less, a pool
/// with a connection less, a worker that is given back too early, a place too many in a bulkhead, a patience 5 % too long or
/// without chance, a timeout after which the work goes on, a hedge 3 ms late, a budget that is a little too large.
#[test]
fn defects_of_policies_are_found_out() {
    let mutants = [
        ("breaker", r#""window": { "calls": 4 }, "min_calls": 4"#, r#""window": { "calls": 5 }, "min_calls": 5"#),
        ("breaker-dead", r#""probes": 3"#, r#""probes": 4"#),
        ("limiter", r#""burst": 5"#, r#""burst": 4"#),
        ("limiter-wait", r#""longest_wait": 0.4"#, r#""longest_wait": 0.42"#),
        ("pool", r#""size": 3"#, r#""size": 2"#),
        ("held-worker", r#""holds": "request""#, r#""holds": "processing""#),
        ("bulkhead", r#""max": 3"#, r#""max": 4"#),
        ("bulkhead-wait", r#""waiting": 4"#, r#""waiting": 5"#),
        ("priority", r#""discipline": "priority""#, r#""discipline": "fifo""#),
        (
            "priority-workers",
            r#""middle": { "steps": [{ "process": { "exponential": { "mean": 0.1 } } }], "priority": 1"#,
            r#""middle": { "steps": [{ "process": { "exponential": { "mean": 0.1 } } }], "priority": 2"#,
        ),
        ("call-1-3", r#""need": 1"#, r#""need": 2"#),
        ("call-3-5", r#""need": 3"#, r#""need": 4"#),
        ("checks", r#""fall": 3"#, r#""fall": 4"#),
        ("checks", r#""rise": 2"#, r#""rise": 1"#),
        ("checks", r#""timeout": 1"#, r#""timeout": 1.1"#),
        ("admission", r#""max": 7"#, r#""max": 8"#),
        ("usl", r#""kappa": 0.01"#, r#""kappa": 0.0105"#),
        ("usl-workers", r#""sigma": 0.05"#, r#""sigma": 0.06"#),
        ("usl-connections", r#""kappa": 0.01"#, r#""kappa": 0.012"#),
        ("admission-classes", r#""reserve": 0.25"#, r#""reserve": 0.5"#),
        ("erlang-a", r#""longest_wait": { "exponential": { "mean": 2 } }"#, r#""longest_wait": 2"#),
        ("mm1-patience", r#""longest_wait": 0.3"#, r#""longest_wait": 0.315"#),
        ("patience-cancel", r#""on_giving_up": "cancel""#, r#""on_giving_up": "continue""#),
        ("hedge", r#""after": 0.05"#, r#""after": 0.053"#),
        ("budget", r#""ratio": 0.25"#, r#""ratio": 0.26"#),
    ];
    are_found_out(&mutants);
}

/// A hedge that is not counted: the same answers as soon, and the servers do more than the edge says.
#[test]
fn a_hedge_that_is_not_counted_is_found_out() {
    let mut row = row("hedge");
    let hedges = row.claims.iter_mut().find(|claim| claim.name == "hedges").expect("it is claimed");
    hedges.measure = |report, _| {
        let edge = report.edges.values().next().expect("there is a policy");
        edge.hedges.saturating_sub(edge.hedges / 50) as f64 / edge.attempts as f64
    };
    let findings = Check::new(row, SEED).expect("it is valid").run();
    assert_eq!(wrong("hedge", &findings).len(), 1, "{findings:?}");
}

/// Each of these systems, which differs a little from that of a row, turns the row red.
#[track_caller]
fn are_found_out(mutants: &[(&str, &str, &str)]) {
    for &(id, from, to) in mutants {
        assert!(!check_mutant(id, from, to, SEED).is_empty(), "{id} passes with {to}");
    }
}

/// Two of three are down together so rarely that hardly anybody would notice if they never were: the row does.
#[test]
fn a_rare_outage_that_does_not_happen_is_found_out() {
    let mut row = row("k-of-n-99");
    row.seconds /= 10.0;
    let mut never = Config::from_json(&row.config).expect("it is valid");
    never.services.values_mut().for_each(|service| service.outages = None);
    let findings = Check::of_system(row, never, SEED).expect("it is valid").run();
    assert!(findings.iter().all(|it| it.verdict == Verdict::Off), "{findings:?}");
}

/// An interval so wide that it holds anything proves nothing.
#[test]
fn a_short_run_is_found_out() {
    let mut row = row("mm1");
    row.seconds /= 1_000.0;
    let findings = Check::new(row, SEED).expect("it is valid").run();
    assert!(findings.iter().any(|it| it.verdict == Verdict::TooWide), "{findings:?}");
}

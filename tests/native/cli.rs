//! The command line, by running the program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use web_service_model::{
    chart::ChartKind,
    cli::scenarios,
    config::{json_schema, load},
    simulation::Simulation,
};

use crate::scenarios::folder;

/// A system that cannot be run: three errors, of three kinds.
const BAD: &str = r#"{
    "seed": -1,
    "users": { "u": { "arrivals": { "poisson": { "rate": 5 } }, "targets": { "Shop": 1 } } },
    "services": { "Shop": { "base_latency": "10ms", "fail_prob": 1.5, "wrokers": 2 } }
}"#;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_web-service-model"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = program(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// A folder for the files of one test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn json_is_exactly_the_report() {
    let output = run(&["run", "coursework", "--seed", "7", "--duration", "20", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let (mut config, _) = load(scenarios::text("coursework").unwrap()).unwrap();
    config.name = "coursework".into();
    config.seed = 7;
    config.duration.0 = 20.0;
    let mut simulation = Simulation::new(config).unwrap();
    simulation.advance_to(20.0);
    let expected = serde_json::to_string_pretty(&simulation.report()).unwrap() + "\n";
    assert!(stdout(&output) == expected, "the program's report differs from the library's");
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn the_report_for_people_fits_a_terminal() {
    let output = run(&["run", "coursework"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let sections = ["Requests", "Services", "Instances", "Database clusters", "Database nodes", "Caches", "Brokers"];
    for section in sections {
        assert!(text.lines().any(|line| line == section), "{section} is missing in\n{text}");
    }
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert!(output.stderr.is_empty(), "no progress bar without a terminal: {}", stderr(&output));
}

#[test]
fn every_built_in_scenario_is_known_and_valid() {
    let mut files: Vec<String> = Vec::new();
    for (prefix, folder) in [("", folder()), ("bench/", folder().join("bench"))] {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        files.extend(names.filter_map(|name| Some(format!("{prefix}{}", name.strip_suffix(".json")?))));
    }
    // The page's menu, not a scenario.
    files.retain(|name| name != "index");
    let mut known: Vec<&str> = scenarios::ALL.iter().map(|(name, _)| *name).collect();
    let listed = stdout(&run(&["scenarios"]));
    for name in &known {
        let (config, _) = load(scenarios::text(name).unwrap()).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        assert!(listed.lines().any(|line| line.contains(name) && line.contains(&config.title.en)), "{name}\n{listed}");
        let output = run(&["check", name]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert!(stdout(&output).starts_with("OK: ") && stdout(&output).lines().count() == 1, "{name}");
    }
    files.sort();
    known.sort_unstable();
    assert_eq!(known, files);
}

#[test]
fn charts_and_log_are_written() {
    let folder = scratch("charts");
    let (charts, log, csv) = (folder.join("a/b"), folder.join("log.jsonl"), folder.join("log.csv"));
    for log in [&log, &csv] {
        let arguments =
            ["run", "coursework", "--json", "--charts", charts.to_str().unwrap(), "--log", log.to_str().unwrap()];
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    for kind in ChartKind::ALL {
        let picture = fs::read_to_string(charts.join(format!("{}.svg", kind.id()))).unwrap();
        assert!(picture.starts_with("<svg ") && picture.trim_end().ends_with("</svg>"), "{}", kind.id());
        assert!(!picture.contains("no data yet"), "{}", kind.id());
    }
    let lines: Vec<serde_json::Value> =
        fs::read_to_string(&log).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 10 && lines.iter().all(|entry| entry["time"].is_number()));
    let table = fs::read_to_string(&csv).unwrap();
    assert!(table.starts_with("number,time,kind,component,detail\r\n"));
    assert_eq!(table.lines().count(), lines.len() + 1);
}

#[test]
fn a_bad_configuration_is_1_and_all_its_errors_are_listed() {
    for command in ["check", "run"] {
        let output = with_input(&[command, "-"], BAD.as_bytes());
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let text = stderr(&output);
        for path in ["seed", "services.Shop.fail_prob", "services.Shop.wrokers"] {
            assert!(text.lines().any(|line| line.starts_with(path)), "{path} is missing in\n{text}");
        }
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}

#[test]
fn garbage_is_a_bad_configuration() {
    for garbage in [&b""[..], b"{", b"\xff\xfe", b"[]", b"null", &[b'['; 100_000]] {
        let output = with_input(&["check", "-"], garbage);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn wrong_usage_is_2() {
    let folder = scratch("usage");
    let file = folder.join("file");
    fs::write(&file, "x").unwrap();
    let below_file = file.join("charts");
    let wrong: [&[&str]; 21] = [
        &[],
        &["fly"],
        &["run"],
        &["run", "no-such-scenario"],
        &["run", "no/such/file.json"],
        &["check", folder.to_str().unwrap()],
        &["run", "coursework", "--seed", "-1"],
        &["run", "coursework", "--duration", "soon"],
        &["run", "coursework", "--duration", "0"],
        &["run", "coursework", "--duration", "1ns"],
        &["run", "coursework", "--duration", "1e13"],
        &["run", "coursework", "--warm-up", "auto", "--duration", "1e13"],
        &["run", "coursework", "--replications", "0"],
        &["run", "coursework", "--replications", "3", "--quantile", "2"],
        // They would have no effect.
        &["run", "coursework", "--csv", "nowhere.csv"],
        &["run", "coursework", "--replications", "3", "--shard", "1/2", "--csv", "nowhere.csv"],
        &["merge", "/dev/null"],
        &["merge", file.to_str().unwrap()],
        &["run", "coursework", "--log", "log.txt"],
        &["run", "coursework", "--log", "no/such/folder/log.csv"],
        &["run", "coursework", "--charts", below_file.to_str().unwrap()],
    ];
    for arguments in wrong {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    assert!(stderr(&run(&["run", "no-such-scenario"])).contains("coursework"), "the scenarios there are, are named");
    let part = stderr(&run(&["merge", file.to_str().unwrap()]));
    assert!(part.contains("is not JSON") && !part.contains("configuration"), "{part}");
}

#[test]
fn files_of_the_wrong_kind_are_told_in_words() {
    let folder = scratch("kinds");
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    let empty = run(&["check", file.to_str().unwrap()]);
    assert_eq!(empty.status.code(), Some(1));
    assert_eq!(stderr(&empty), "configuration: is empty (JSON is expected)\n");
    let charts = run(&["run", "coursework", "--charts", file.to_str().unwrap()]);
    assert_eq!(charts.status.code(), Some(2));
    assert_eq!(stderr(&charts), format!("error: {}: is a file, and charts need a folder\n", file.display()));
}

#[test]
fn endings_in_capitals_are_endings() {
    for (name, start) in [("log.JSON", "{"), ("LOG.CSV", "number,time")] {
        let log = scratch("capitals").join(name);
        let output = run(&["run", "coursework", "--json", "--log", log.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(fs::read_to_string(&log).unwrap().starts_with(start), "{name}");
    }
}

/// Without a terminal there is no bar, but whoever reads the output of a long run hears that it goes on.
#[test]
fn a_long_run_says_how_far_it_is() {
    let says = |arguments: &[&str], end: &str| {
        let mut child = program(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let found = lines.any(|line| line.ends_with(end));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found, "{arguments:?} never says \"{end}\"");
    };
    says(&["run", "coursework", "--duration", "1e9"], " events");
    let experiment = ["run", "coursework", "--duration", "1000", "--replications", "100000", "--jobs", "1"];
    says(&experiment, " of 100000 runs");
}

#[test]
fn a_random_seed_can_be_repeated() {
    let first = run(&["run", "coursework", "--seed", "random", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    let seed = report["seed"].to_string();
    let second = run(&["run", "coursework", "--seed", &seed, "--json"]);
    assert!(first.stdout == second.stdout, "seed {seed}");
}

#[test]
fn the_schema_is_that_of_the_library() {
    let output = run(&["schema"]);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap(), json_schema());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = program(&["schema"]).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

/// JSON that an experiment prints.
fn experiment(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn replications_have_intervals_and_do_not_depend_on_threads() {
    let arguments = |jobs| ["run", "coursework", "--replications", "12", "--json", "--jobs", jobs];
    let found = experiment(&arguments("1"));
    let ratio = &found["metrics"]["requests.success_ratio"];
    assert_eq!((&found["replications"], &ratio["n"]), (&12.into(), &12.into()));
    let (mean, half_width) = (ratio["mean"].as_f64().unwrap(), ratio["half_width_95"].as_f64().unwrap());
    assert!((mean - 0.87).abs() < 0.03 && (0.001..0.05).contains(&half_width), "{mean} ± {half_width}");
    assert!(run(&arguments("1")).stdout == run(&arguments("3")).stdout, "threads make a difference");
    let text = stdout(&run(&["run", "coursework", "--replications", "3"]));
    assert!(text.contains("requests.latency.p99") && text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn four_merged_parts_are_one_run_byte_for_byte() {
    let folder = scratch("merge");
    let vary = "users.clients.arrivals.sequential.gap=0.1,0.2";
    for (name, command) in [
        ("run", vec!["run", "coursework"]),
        ("sweep", vec!["sweep", "coursework", "--vary", vary]),
        ("compare", vec!["compare", "coursework", "coursework-resilient"]),
    ] {
        let with = |more: &[&str]| {
            let arguments: Vec<&str> = command.iter().chain(&["--replications", "6"]).chain(more).copied().collect();
            let output = run(&arguments);
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            output.stdout
        };
        let files: Vec<String> = (1..=4).map(|part| format!("{}/{name}-{part}.json", folder.display())).collect();
        for (part, file) in (1..).zip(&files) {
            with(&["--shard", &format!("{part}/4"), "--out", file]);
        }
        let merge: Vec<&str> = ["merge", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
        assert!(run(&merge).stdout == with(&["--json"]), "{name}: the parts differ from the whole");
        let missing = run(&merge[..4]);
        assert_eq!(missing.status.code(), Some(2));
        assert!(stderr(&missing).contains("runs are in these parts"), "{}", stderr(&missing));
    }
}

#[test]
fn it_stops_at_a_target_and_says_when_it_cannot() {
    let target =
        |width| ["run", "coursework", "--json", "--metric", "requests.latency.mean", "--target-half-width", width];
    let found = experiment(&target("1%"));
    let latency = &found["metrics"]["requests.latency.mean"];
    assert!(latency["half_width_95"].as_f64().unwrap() <= 0.01 * latency["mean"].as_f64().unwrap());
    let capped: Vec<&str> = target("1e-9").into_iter().chain(["--replications", "15"]).collect();
    let output = run(&capped);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("after 15 replications"), "{}", stderr(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["replications"], 15, "what was found is printed all the same");
}

#[track_caller]
fn refused(arguments: &[&str], word: &str) {
    let output = run(arguments);
    assert!(output.status.code() == Some(2) || output.status.code() == Some(1), "{arguments:?}");
    assert!(stderr(&output).contains(word), "{arguments:?}: {}", stderr(&output));
}

#[test]
fn experiments_that_make_no_sense_are_refused() {
    refused(&["run", "coursework", "--replications", "10000000"], "too large");
    refused(&["run", "coursework", "--replications", "3", "--metric", "requests.latency.p98"], "did you mean");
    refused(&["sweep", "coursework"], "--vary");
    refused(&["sweep", "coursework", "--vary", "services.Shop=1:x:3"], "FROM:TO:STEPS");
    refused(&["sweep", "coursework", "--vary", "services.PaymentService.wrokers=1,2"], "workers");
    refused(&["run", "coursework", "--replications", "3", "--shard", "5/4"], "I/N");
    for values in ["NaN:2:3", "1:inf:5"] {
        refused(&["sweep", "coursework", "--vary", &format!("duration={values}")], "an end that is no number");
    }
    refused(&["compare", "coursework", "coursework", "--quantile", "0.5"], "quantiles: cannot be used");
    refused(&["sweep", "coursework", "--vary", "seed=1,2"], "cannot be varied");
    refused(&["run", "coursework", "--csv", "/nonexistent/table.csv"], "--csv needs --replications");
    refused(&["run", "coursework", "--jobs", "2"], "--jobs needs --replications");
    refused(&["merge", "/nonexistent"], "nonexistent");
    refused(&["validate", "mm2"], "there is no row");
    refused(&["validate", "--reality", "mm1"], "there is no row");
}

#[test]
fn a_comparison_says_what_it_found() {
    let output = run(&["compare", "coursework", "coursework-resilient", "--replications", "20"]);
    let text = stdout(&output);
    assert!(text.contains("common random numbers") && text.contains("B is higher by"), "{text}");
    let found = experiment(&["compare", "coursework", "coursework", "--replications", "3", "--json"]);
    assert_eq!(found["metrics"]["requests.latency.mean"]["verdict"], "same");
}

#[test]
fn a_sweep_is_a_table() {
    let file = scratch("sweep").join("table.csv");
    let vary = ["--vary", "services.PaymentService.fail_prob=0:0.2:3", "--vary", "duration=10,20"];
    let more = ["--replications", "2", "--csv", file.to_str().unwrap()];
    let arguments: Vec<&str> = ["sweep", "coursework"].into_iter().chain(vary).chain(more).collect();
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let table = fs::read_to_string(file).unwrap();
    assert!(
        table.starts_with(
            "services.PaymentService.fail_prob,duration,requests.success_ratio,requests.success_ratio.sd,"
        )
    );
    assert_eq!(table.lines().count(), 7);
}

#[test]
fn the_experiments_of_the_program_are_valid() {
    use web_service_model::experiment::Plan;
    let mut files: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder().with_file_name("experiments")).unwrap() {
        files.push(entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned());
    }
    let mut names: Vec<&str> = scenarios::EXPERIMENTS.iter().map(|(name, _)| *name).collect();
    files.sort();
    names.sort_unstable();
    assert_eq!(files, names);
    for (name, text) in scenarios::EXPERIMENTS {
        let plan = Plan::from_json(text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        let study = plan.study().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(study.models.len() > 1 && !plan.title.ru.is_empty() && !plan.description.ru.is_empty(), "{name}");
    }
}

#[test]
fn validate_prints_the_table() {
    let output = run(&["validate", "retries", "ttl"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert_eq!(text.matches("pass").count(), 4, "{text}");
    assert_eq!(experiment(&["validate", "ttl", "--json"])["rows"][0]["claims"][0]["verdict"], "pass");
}

/// What is known not to hold is no failure, and is said with its reason.
#[test]
fn validate_holds_the_simulator_against_reality() {
    let arguments = ["validate", "--reality", "nginx-hash", "sentinel-stopped"];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("off, known: last-ping") && text.contains("last-ping: Sentinel counts from"), "{text}");
    assert_eq!(text.matches("  holds\n").count(), 10, "{text}");
    let found = experiment(&[&arguments[..], &["--json", "--seed", "3"]].concat());
    let (row, seed) = (&found["rows"][1], &found["seed"]);
    assert_eq!((seed, &row["product"]), (&json!(3), &json!("Redis 7.0.15 with Sentinel")));
    assert_eq!((&row["findings"][0]["verdict"], &row["findings"][1]["verdict"]), (&json!("holds"), &json!("off")));
    assert_eq!((&row["claims"][0]["known"], &row["claims"][1]["known"]["id"]), (&Value::Null, &json!("last-ping")));
}

#[test]
fn a_comparison_has_charts_over_time_also_of_merged_parts() {
    let folder = env::temp_dir().join(format!("web-service-model-{}", std::process::id()));
    let path = |name: &str| folder.join(name).display().to_string();
    let compare = ["compare", "coursework", "coursework-faults", "--replications", "4", "--metric", "requests.total"];
    let output = run(&[&compare[..], &["--charts", &path("whole")]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let picture = fs::read_to_string(path("whole/requests.latency_p99.svg")).expect("a chart");
    assert!(picture.contains("A: coursework") && picture.contains("means of 4 pairs"), "{picture}");
    assert_eq!(fs::read_dir(path("whole")).expect("a folder").count(), 6);
    for part in ["1/2", "2/2"] {
        let file = path(&part.replace('/', "-"));
        let more = ["--series", "requests.latency_p99", "--shard", part, "--out", &file];
        assert_eq!(run(&[&compare[..], &more].concat()).status.code(), Some(0));
    }
    let output = run(&["merge", &path("2-2"), &path("1-2"), "--charts", &path("merged")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(fs::read_to_string(path("merged/requests.latency_p99.svg")).expect("a chart") == picture);
    fs::remove_dir_all(&folder).expect("it is ours");
    refused(&["compare", "coursework", "coursework-faults", "--series", "requests.latency_p9"], "did you mean");
}

/// A sweep through saturation goes on where it can, and says where it cannot.
#[test]
fn points_that_do_not_settle_are_named() {
    let rates = "users.clients.arrivals.poisson.rate=200,500";
    let sweep = ["sweep", "balancing-policies", "--warm-up", "auto", "--replications", "2", "--vary"];
    let output = run(&[&sweep[..], &[rates]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 of 2 configurations do not settle"), "{}", stderr(&output));
    assert!(stderr(&output).trim_end().ends_with(": 500"), "{}", stderr(&output));
    refused(&[&sweep[..], &["users.clients.arrivals.poisson.rate=500,600"]].concat(), "does not settle");
}

/// With this seed an interval of this row misses its value by chance: it is looked at again, and both looks are shown.
#[test]
fn validate_looks_again_at_what_missed() {
    let arguments = ["validate", "availability-uniform", "--seed", "1"];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("pass (2nd look)") && text.contains("in the first 20 replications; judged by 40"), "{text}");
    let claims = &experiment(&[&arguments[..], &["--json"]].concat())["rows"][0]["claims"];
    let verdicts = claims.as_array().expect("claims").iter().map(|it| (&it["verdict"], &it["missed"]["verdict"]));
    assert!(verdicts.clone().any(|it| it == (&json!("pass"), &json!("off"))), "{claims}");
}

/// Ctrl-C loses nothing that is finished.
#[cfg(unix)]
#[test]
fn cancel_prints_what_is_finished() {
    let mut command = program(&["run", "coursework", "--replications", "100000", "--metric", "requests.*", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(kill.success() && output.status.code() == Some(130), "{:?}: {}", output.status, stderr(&output));
    assert!(stderr(&output).contains("of 100000 runs are finished"), "{}", stderr(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!((1..100_000).contains(&found["replications"].as_u64().unwrap()), "{}", found["replications"]);
}

#[cfg(unix)]
#[test]
fn cancel_ends_pilot_runs_and_keeps_the_rows_that_are_checked() {
    let stopped = |arguments: &[&str]| {
        let child = program(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_secs(2));
        let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(kill.success() && output.status.code() == Some(130), "{:?}: {}", output.status, stderr(&output));
        output
    };
    let pilots = ["run", "coursework", "--duration", "1000000", "--replications", "2", "--warm-up", "auto"];
    assert!(stderr(&stopped(&pilots)).contains("stopped in the pilot runs"));
    // (Half a minute of work for one thread of a debug build.)
    let checked = stopped(&["validate", "--jobs", "1", "--json"]);
    assert!(stderr(&checked).contains("rows are finished"), "{}", stderr(&checked));
    serde_json::from_slice::<Value>(&checked.stdout).unwrap();
}

#[test]
fn a_part_that_does_not_fit_is_named_by_its_file() {
    let folder = scratch("misfit");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let part = |name: &str, shard: &str, seed: &str| {
        let arguments = ["run", "coursework", "--replications", "4", "--metric", "requests.total", "--shard", shard];
        assert!(run(&[&arguments[..], &["--seed", seed, "--out", &path(name)]].concat()).status.success());
    };
    part("one.json", "1/2", "1");
    part("two.json", "2/2", "1");
    part("other.json", "2/2", "2");
    refused(&["merge", &path("one.json"), &path("other.json")], "other.json: part 2 belongs to another experiment");
    // A replication too many does not stand for one that is missing.
    let text =
        fs::read_to_string(path("two.json")).unwrap().replace("\"replications\":[1,3]", "\"replications\":[1,7]");
    fs::write(path("foreign.json"), text).unwrap();
    refused(&["merge", &path("one.json"), &path("foreign.json")], "foreign.json: part 2 has a replication");
}

#[test]
fn a_comparison_says_if_nothing_differs_or_the_times_do() {
    let text = stdout(&run(&["compare", "coursework", "coursework", "--replications", "2"]));
    assert!(text.contains("No figure differs") && !text.contains("saved"), "{text}");
    let longer = scratch("longer").join("longer.json");
    fs::write(&longer, scenarios::text("coursework").unwrap().replace("\"duration\": 50", "\"duration\": 60")).unwrap();
    let text = stdout(&run(&["compare", "coursework", &longer.to_string_lossy(), "--replications", "2"]));
    assert!(text.contains("A is measured for 50 s, B for 60 s"), "{text}");
}

#[test]
fn what_has_no_effect_is_a_warning_and_no_failure() {
    let config = r#"{
        "duration": 1,
        "users": { "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "service_time": "5ms" } },
        "policies": { "idle": { "bulkhead": { "waiting": 5 } } }
    }"#;
    let warning = "warning: policies.idle.bulkhead.waiting: 5 may wait, but for no time (`longest_wait` is 0)\n";
    let checked = with_input(&["check", "-"], config.as_bytes());
    assert_eq!((checked.status.code(), stderr(&checked).as_str()), (Some(0), ""));
    assert!(stdout(&checked).starts_with("OK: ") && stdout(&checked).ends_with(warning), "{}", stdout(&checked));
    let ran = with_input(&["run", "-", "--json"], config.as_bytes());
    assert_eq!((ran.status.code(), stderr(&ran).as_str()), (Some(0), warning));
    serde_json::from_slice::<Value>(&ran.stdout).expect("only the report is on standard output");
}

/// What is imported can be run as it is; notes go to standard error, and nothing else to standard output.
#[test]
fn proxies_configurations_are_imported() {
    let conf = b"upstream a { server b; server c; }\nserver { location / { proxy_pass http://a; return 404; } }\n";
    let output = with_input(&["import", "-"], conf);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("line 2: `return`: what nginx answers by itself is not simulated\n"));
    let checked = with_input(&["check", "-"], &output.stdout);
    assert_eq!(stdout(&checked), "OK: 1 group of users, 1 service, 2 instances\n");
    let output = with_input(&["import", "-", "--from", "haproxy"], conf);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let told = stderr(&output);
    assert!(
        told.contains("error: standard input: nothing that could be simulated was found (read as HAProxy's)"),
        "{told}"
    );
    assert_eq!(with_input(&["import", "-"], b"\xff").status.code(), Some(1));
    assert_eq!(run(&["import", "no/such/file.conf"]).status.code(), Some(2));
}

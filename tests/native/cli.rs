//! The command line, by running the program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

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
        assert!(stdout(&output).starts_with("OK: "), "{name}");
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
    let wrong: [&[&str]; 11] = [
        &[],
        &["fly"],
        &["run"],
        &["run", "no-such-scenario"],
        &["run", "no/such/file.json"],
        &["check", folder.to_str().unwrap()],
        &["run", "coursework", "--seed", "-1"],
        &["run", "coursework", "--duration", "soon"],
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

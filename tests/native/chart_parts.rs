//! Parts of charts: what is hidden, zoomed, compared with another run, read off, and written into a table.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::path::Path;

use serde_json::Value;
use web_service_model::{
    chart::{
        Chart, ChartKind, ChartTable, LegendEntry, LegendKind, Selection, Style, Texts, UnknownSeries, View, build,
        build_selected, svg,
    },
    simulation::Simulation,
};

use crate::{
    charts::{axes_only, lines, record},
    fake::Fake,
    scenarios,
};

fn finished(id: &str) -> Simulation {
    let mut simulation = Simulation::from_json(&scenarios::text(id)).unwrap();
    simulation.advance_to(f64::INFINITY);
    simulation
}

fn coursework() -> Simulation {
    finished("coursework")
}

fn hiding(kind: ChartKind, names: &[&str]) -> Chart {
    let selection = Selection { hidden: names.iter().map(ToString::to_string).collect(), ..Selection::default() };
    build_selected(kind, &Fake::coursework(), None, &Texts::english(), &selection).unwrap()
}

fn entry<'a>(legend: &'a [LegendEntry], name: &str) -> &'a LegendEntry {
    legend.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("no {name} in {legend:?}"))
}

/// Lines that are drawn; a legend's too.
fn drawn(chart: &Chart) -> usize {
    record(chart, &axes_only(), (600, 300)).0.paths.len()
}

#[test]
fn what_is_hidden_stays_in_the_legend_only() {
    for (kind, name) in [
        (ChartKind::LatencyPercentiles, "p99"),
        (ChartKind::LatencyHistogram, "p95"),
        (ChartKind::LatencyHistogram, "requests"),
        (ChartKind::SuccessShare, "succeeded"),
        (ChartKind::Failures, "down"),
        (ChartKind::TimeIn, "database"),
    ] {
        let (whole, part) = (hiding(kind, &[]), hiding(kind, &[name, "unknown"]));
        assert!(!entry(&whole.legend(), name).hidden && entry(&part.legend(), name).hidden, "{}", kind.id());
        assert_eq!(whole.legend().len(), part.legend().len(), "{}", kind.id());
        let shapes = |chart: &Chart| {
            let (drawn, _) = record(chart, &axes_only(), (600, 300));
            // Lines of the grid are thin; there may be more of them.
            let is_bar = |(from, to): &&((i32, i32), (i32, i32))| to.0 - from.0 > 1 && to.1 - from.1 > 1;
            drawn.paths.len() + drawn.rects.iter().filter(is_bar).count()
        };
        assert!(shapes(&part) < shapes(&whole), "{}", kind.id());
    }
}

#[test]
fn axes_follow_what_is_shown() {
    let tops = [&[][..], &["p99"][..]].map(|names| {
        let chart = hiding(ChartKind::LatencyPercentiles, names);
        record(&chart, &axes_only(), (600, 300)).1.y_max
    });
    assert!(tops[1] < tops[0], "{tops:?}");
    // Failures alone are a few per cent of all requests, and stay so.
    let chart = hiding(ChartKind::SuccessShare, &["succeeded"]);
    let (_, plot) = record(&chart, &axes_only(), (600, 300));
    assert!(plot.x_max < 0.5, "{plot:?}");
}

#[test]
fn zooming_fits_the_vertical_axis_to_what_is_in_view() {
    let mut fake = Fake::coursework();
    fake.values = Box::new(|_, index| if index == 40 { 900.0 } else { 3.0 });
    for (zoom, top) in [(None, 900.0), (Some((5.0, 15.0)), 3.0), (Some((35.0, 45.0)), 900.0), (Some((10.1, 10.2)), 3.0)]
    {
        let selection = Selection { zoom, ..Selection::default() };
        let chart = build_selected(ChartKind::Rps, &fake, None, &Texts::english(), &selection).unwrap();
        let (_, plot) = record(&chart, &axes_only(), (600, 300));
        assert!((top..top * 1.5).contains(&plot.y_max), "{zoom:?} {plot:?}");
    }
}

#[test]
fn what_is_no_range_is_no_zoom() {
    for kind in [ChartKind::Rps, ChartKind::Failures, ChartKind::LatencyHeatMap] {
        for zoom in [(f64::NAN, 3.0), (9.0, 4.0), (7.0, 7.0), (f64::NEG_INFINITY, 20.0)] {
            let mut chart = build(kind, &Fake::coursework(), &Texts::english());
            let (_, whole) = record(&chart, &axes_only(), (600, 300));
            chart.zoom = Some(zoom);
            assert_eq!(record(&chart, &axes_only(), (600, 300)).1, whole, "{} {zoom:?}", kind.id());
            chart.zoom = Some((10.0, 20.0));
            let (_, plot) = record(&chart, &axes_only(), (600, 300));
            assert_eq!((plot.x_min, plot.x_max), (10.0, 20.0), "{}", kind.id());
        }
    }
}

#[test]
fn charts_of_time_say_so() {
    let with_time: Vec<&str> = ChartKind::ALL
        .into_iter()
        .filter(|kind| build(*kind, &Fake::coursework(), &Texts::english()).has_time_axis())
        .map(ChartKind::id)
        .collect();
    let without = ["latency-histogram", "success-share", "time-in", "load-share", "handshakes", "broker-delay"];
    assert!(without.iter().all(|id| !with_time.contains(id)));
    assert_eq!(with_time.len(), ChartKind::ALL.len() - without.len() - 1, "{with_time:?}");
}

#[test]
fn a_few_empty_windows_are_bridged_and_many_are_not() {
    let mut fake = Fake::coursework();
    fake.values = Box::new(|_, index| match index {
        0..=9 | 13..=19 | 30..=50 => 1.0,
        _ => f64::NAN,
    });
    let chart = build(ChartKind::ServiceLatency, &fake, &Texts::english());
    let (drawn, plot) = record(&chart, &axes_only(), (600, 300));
    assert_eq!(drawn.paths.len(), 5 * 4, "three pieces and a bridge of each line");
    let gap = plot.x(25.0) as i32;
    assert!(drawn.paths.iter().all(|path| path[0].0 > gap || path[path.len() - 1].0 < gap));
}

#[test]
fn a_line_without_values_is_a_remark() {
    let mut fake = Fake::coursework();
    fake.values = Box::new(|name, _| if name.contains("Payment") { f64::NAN } else { 1.0 });
    let chart = build(ChartKind::ServiceLatency, &fake, &Texts::english());
    let legend = chart.legend();
    assert_eq!(legend.iter().filter(|entry| entry.kind == LegendKind::Line).count(), 4);
    assert_eq!(legend.last().unwrap().name, "PaymentService: no values");
}

#[test]
fn another_run_is_drawn_behind_and_the_axes_cover_both() {
    let (mut run, mut baseline) = (Fake::coursework(), Fake::coursework());
    (run.now, run.windows) = (10.0, 10);
    run.values = Box::new(|_, _| 2.0);
    baseline.values = Box::new(|_, _| 70.0);
    let all = Selection::default();
    let alone = build(ChartKind::Rps, &run, &Texts::english());
    let chart = build_selected(ChartKind::Rps, &run, Some(&baseline), &Texts::english(), &all).unwrap();
    assert!(drawn(&chart) > drawn(&alone) + 20, "dashes");
    let (_, plot) = record(&chart, &axes_only(), (600, 300));
    assert!(plot.x_max == baseline.now && plot.y_max >= 70.0, "{plot:?}");
    assert_eq!(chart.legend(), alone.legend());
    let readings = chart.readings(5.0, 0.0);
    let texts: Vec<_> = readings.iter().skip(1).map(|it| (it.name.as_str(), it.text.as_str())).collect();
    assert_eq!(texts[..2], [("succeeded", "2.00"), ("succeeded (baseline)", "70.0")]);
    let histogram =
        build_selected(ChartKind::LatencyHistogram, &run, Some(&baseline), &Texts::english(), &all).unwrap();
    assert!(drawn(&histogram) > 0, "an outline");
}

#[test]
fn two_runs_are_drawn_as_svg() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts-of-two-runs");
    std::fs::create_dir_all(&folder).unwrap();
    let (run, baseline) = (finished("coursework-resilient"), coursework());
    for kind in ChartKind::ALL {
        let chart = build_selected(kind, &run, Some(&baseline), &Texts::english(), &Selection::default()).unwrap();
        let picture = svg(&chart, &Style::dark(), (720, 320)).unwrap();
        assert!(!picture.contains("NaN"), "{}", kind.id());
        std::fs::write(folder.join(format!("{}.svg", kind.id())), picture).unwrap();
    }
}

#[test]
fn a_run_can_be_its_own_baseline() {
    let run = coursework();
    for kind in ChartKind::ALL {
        let chart = build_selected(kind, &run, Some(&run), &Texts::english(), &Selection::default()).unwrap();
        record(&chart, &Style::dark(), (600, 300));
    }
}

#[test]
fn any_series_can_be_chosen() {
    let run = coursework();
    let chosen = |series: &[&str]| {
        let series = series.iter().map(ToString::to_string).collect();
        let selection = Selection { series, ..Selection::default() };
        build_selected(ChartKind::Custom, &run, None, &Texts::english(), &selection)
    };
    for name in run.series_names() {
        let chart = chosen(&[&name]).unwrap();
        assert_eq!(lines(&chart).lines[0].name, name);
        record(&chart, &axes_only(), (600, 300));
    }
    let unknown = chosen(&["requests.succeeded", "requests.lost"]).unwrap_err();
    assert_eq!(unknown, UnknownSeries("requests.lost".into()));
    assert_eq!(unknown.to_string(), "there is no series named \"requests.lost\"");
    let (nothing, _) = record(&chosen(&[]).unwrap(), &axes_only(), (600, 300));
    assert!(nothing.texts.contains(&"no series is chosen".to_string()));
}

/// More lines than there are colours and dashes for nobody could tell apart; how many are left out is said.
#[test]
fn twelve_of_the_chosen_series_are_drawn() {
    let run = coursework();
    let names = run.series_names();
    let chosen = |number: usize| {
        let selection = Selection { series: names[..number].to_vec(), ..Selection::default() };
        build_selected(ChartKind::Custom, &run, None, &Texts::english(), &selection).unwrap()
    };
    let remarks = |chart: &Chart| {
        let entries = chart.legend().into_iter().filter(|entry| entry.kind == LegendKind::Remark);
        entries.map(|entry| entry.name).filter(|name| name.ends_with(" more")).collect::<Vec<_>>()
    };
    let (twelve, fifteen) = (chosen(12), chosen(15));
    assert_eq!((lines(&twelve).lines.len(), remarks(&twelve)), (12, vec![]));
    assert_eq!((lines(&fifteen).lines.len(), remarks(&fifteen)), (12, vec!["+3 more".to_owned()]));
    assert_eq!(fifteen.table().columns.len(), 13, "the time, and a column for each line");
}

#[test]
fn the_bars_of_time_are_as_long_as_the_mean_latencies() {
    let run = coursework();
    let report = run.report();
    let View::Bars(chart) = build(ChartKind::TimeIn, &run, &Texts::english()).view else { panic!("not bars") };
    assert_eq!(chart.rows.len(), 5, "all requests, and the four services that were visited");
    for row in &chart.rows {
        let latency = report.services.get(&row.name).map_or(&report.requests.latency, |service| &service.latency);
        let sum: f64 = row.sizes.iter().sum();
        assert!((sum - latency.mean.unwrap()).abs() < 1e-9, "{row:?}");
    }
}

#[test]
fn the_heat_map_has_every_succeeded_request() {
    let run = coursework();
    let View::Heat(map) = build(ChartKind::LatencyHeatMap, &run, &Texts::english()).view else { panic!("no map") };
    let sum: f64 = map.bands.iter().flat_map(|band| &band.counts).sum();
    assert_eq!(sum as u64, run.report().requests.succeeded);
    assert!(map.bands.windows(2).all(|pair| pair[0].to == pair[1].from));
}

#[test]
fn a_heat_map_of_a_long_run_is_some_thousand_rectangles() {
    let mut fake = Fake::coursework();
    fake.windows = 1023;
    let chart = build(ChartKind::LatencyHeatMap, &fake, &Texts::english());
    let (drawn, _) = record(&chart, &axes_only(), (600, 300));
    assert!((100..4000).contains(&drawn.rects.len()), "{}", drawn.rects.len());
}

#[test]
fn availability_is_a_share_of_instances() {
    let run = coursework();
    let chart = build(ChartKind::Availability, &run, &Texts::english());
    let values = || lines(&chart).lines.iter().flat_map(|line| &line.points).map(|point| point.1);
    assert!(values().all(|value| (0.0..=1.0 + 1e-9).contains(&value)));
    assert!(values().any(|value| value < 0.9), "there are outages in the coursework");
}

#[test]
fn tables_have_the_figures_in_view() {
    let run = coursework();
    let table = |kind, zoom, hidden: &[&str]| -> ChartTable {
        let hidden = hidden.iter().map(ToString::to_string).collect();
        let selection = Selection { zoom, hidden, ..Selection::default() };
        build_selected(kind, &run, None, &Texts::english(), &selection).unwrap().table()
    };
    let rps = table(ChartKind::Rps, None, &[]);
    assert_eq!(rps.columns, ["simulated time", "succeeded", "failed", "offered"]);
    assert_eq!(rps.rows.len(), 50);
    let of = |column: usize| rps.rows.iter().map(|row| row[column].as_f64().unwrap()).sum::<f64>();
    assert!((of(1) - run.report().requests.succeeded as f64).abs() < 1e-6, "windows of a second");
    assert_eq!(table(ChartKind::Rps, Some((10.0, 20.0)), &["failed"]).columns.len(), 3);
    assert_eq!(table(ChartKind::Rps, Some((10.0, 20.0)), &[]).rows.len(), 10);
    let bars = table(ChartKind::TimeIn, None, &[]);
    assert_eq!(bars.rows[0][0], Value::from("all requests"));
    let failures = table(ChartKind::Failures, None, &[]);
    assert_eq!(failures.columns, ["name", "from", "to"]);
    for kind in ChartKind::ALL {
        let table = table(kind, None, &[]);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", kind.id());
        assert!(!table.rows.is_empty() || kind == ChartKind::QueueLength, "{}", kind.id());
    }
}

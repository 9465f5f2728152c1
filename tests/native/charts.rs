//! Charts: drawn on a recorder, as SVG, from hostile figures and in hostile sizes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{cell::RefCell, path::Path, rc::Rc};

use plotters::prelude::*;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use web_service_model::chart::{
    Chart, ChartKind, Decoration, LegendKind, PlotArea, Selection, Style, Texts, View, build, build_selected, draw, svg,
};

use crate::fake::{Fake, noise};

/// What was drawn.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub texts: Vec<String>,
    pub rects: Vec<(BackendCoord, BackendCoord)>,
    pub paths: Vec<Vec<BackendCoord>>,
    measured: usize,
}

/// A backend that remembers what was drawn on it.
struct Recorder {
    size: (u32, u32),
    record: Rc<RefCell<Record>>,
}

type Drawn = Result<(), DrawingErrorKind<std::io::Error>>;

impl DrawingBackend for Recorder {
    type ErrorType = std::io::Error;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, _: &S, _: bool) -> Drawn {
        self.record.borrow_mut().rects.push((from, to));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _: &S) -> Drawn {
        self.record.borrow_mut().paths.push(path.into_iter().collect());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, _: I, _: &S) -> Drawn {
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, _: BackendCoord, _: u32, _: &S, _: bool) -> Drawn {
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, _: &S, _: BackendCoord) -> Drawn {
        self.record.borrow_mut().texts.push(text.into());
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        _: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<std::io::Error>> {
        self.record.borrow_mut().measured += 1;
        Ok((1, 1))
    }
}

pub fn record(chart: &Chart, style: &Style, size: (u32, u32)) -> (Record, PlotArea) {
    let record = Rc::new(RefCell::new(Record::default()));
    let area = Recorder { size, record: record.clone() }.into_drawing_area();
    let plot = draw(chart, style, &area).unwrap();
    let drawn = record.borrow().clone();
    (drawn, plot)
}

pub fn axes_only() -> Style {
    Style { decoration: Decoration::AxesOnly, ..Style::light() }
}

pub fn lines(chart: &Chart) -> &web_service_model::chart::LineChart {
    match &chart.view {
        View::Lines(lines) => lines,
        other => panic!("not lines: {other:?}"),
    }
}

#[test]
fn every_chart_is_drawn_as_svg() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, style) in [("light", Style::light()), ("dark", Style::dark())] {
        for kind in ChartKind::ALL {
            let chart = build(kind, &Fake::coursework(), &Texts::english());
            let rows = chart.rows().unwrap_or(0) as u32;
            let picture = svg(&chart, &style, (720, 320.max(120 + rows * 20))).unwrap();
            assert!(picture.starts_with("<svg ") && picture.trim_end().ends_with("</svg>"), "{}", kind.id());
            assert!(picture.contains(&chart.title) && !picture.contains("NaN"), "{}", kind.id());
            assert!(!chart.is_empty(), "{}", kind.id());
            std::fs::write(folder.join(format!("{}-{name}.svg", kind.id())), picture).unwrap();
        }
    }
}

#[test]
fn a_run_that_has_not_begun_has_empty_charts_with_axes() {
    for kind in ChartKind::ALL {
        let chart = build(kind, &Fake::empty(), &Texts::english());
        let (drawn, plot) = record(&chart, &axes_only(), (600, 300));
        assert!(plot.is_visible(), "{}", kind.id());
        // Shares and strips show what the report and the list of components say, even of no time at all.
        let of_report = matches!(kind, ChartKind::SuccessShare | ChartKind::Failures);
        assert!(of_report || drawn.texts.contains(&"no data yet".to_string()), "{}", kind.id());
    }
}

#[test]
fn titles_and_legends_are_drawn_in_full_decoration_only() {
    let chart = build(ChartKind::Rps, &Fake::coursework(), &Texts::english());
    let (full, _) = record(&chart, &Style::light(), (600, 300));
    let (bare, _) = record(&chart, &axes_only(), (600, 300));
    for text in ["Requests and errors", "succeeded", "failed", "per second"] {
        assert!(full.texts.iter().any(|drawn| drawn == text), "{text}");
        assert!(!bare.texts.iter().any(|drawn| drawn == text), "{text}");
    }
}

#[test]
fn no_backend_is_ever_asked_to_measure_text() {
    for kind in ChartKind::ALL {
        for style in [Style::light(), axes_only()] {
            let chart = build(kind, &Fake::coursework(), &Texts::english());
            assert_eq!(record(&chart, &style, (600, 300)).0.measured, 0, "{}", kind.id());
        }
    }
}

#[test]
fn sixty_instances_are_cut_to_twelve_lines_and_a_remark() {
    let mut fake = Fake::coursework();
    let instance = fake.components[1].clone();
    fake.components = (0..60)
        .map(|i| {
            let group = if i < 50 { "Big" } else { "Small" };
            web_service_model::simulation::ComponentState {
                name: format!("{group}-{i}"),
                group: group.into(),
                ..instance.clone()
            }
        })
        .collect();
    let chart = build(ChartKind::Load, &fake, &Texts::english());
    let legend = chart.legend();
    assert_eq!(legend.len(), 13);
    assert_eq!((legend[12].name.as_str(), legend[12].kind), ("+48 more", LegendKind::Remark));
    assert!(legend.iter().any(|entry| entry.name == "Small-50"), "each group is seen: {legend:?}");
    let strip = build(ChartKind::Failures, &fake, &Texts::english());
    assert_eq!(strip.rows(), Some(40));
    assert_eq!(strip.remarks, ["+20 more"]);
}

#[test]
fn lines_have_gaps_where_there_are_no_values() {
    let mut fake = Fake::coursework();
    fake.values = Box::new(|_, index| if (20..30).contains(&index) { f64::NAN } else { 1.0 });
    let chart = build(ChartKind::ServiceLatency, &fake, &Texts::english());
    assert_eq!(lines(&chart).lines.len(), 5);
    let (drawn, plot) = record(&chart, &axes_only(), (600, 300));
    assert_eq!(drawn.paths.len(), 10, "two pieces of each line");
    let gap = plot.x(25.0) as i32;
    assert!(drawn.paths.iter().all(|path| path[0].0 > gap || path[path.len() - 1].0 < gap));
}

#[test]
fn a_spike_among_a_million_windows_is_drawn() {
    let mut fake = Fake::coursework();
    fake.windows = 100_000;
    fake.values = Box::new(|_, index| if index == 54_321 { 8.0 } else { 1.0 });
    let chart = build(ChartKind::BrokerQueues, &fake, &Texts::english());
    let (drawn, plot) = record(&chart, &axes_only(), (600, 300));
    assert!(drawn.paths[0].len() <= 4 * 601);
    assert!(drawn.paths[0].iter().any(|(_, y)| *y == plot.y(8.0).round() as i32));
}

#[test]
fn zooming_narrows_the_axis_and_the_readings_stay_true() {
    let mut chart = build(ChartKind::LatencyPercentiles, &Fake::coursework(), &Texts::english());
    chart.zoom = Some((10.0, 20.0));
    let (_, plot) = record(&chart, &axes_only(), (600, 300));
    assert_eq!((plot.x_min, plot.x_max), (10.0, 20.0));
    let readings = chart.readings(plot.x_at(plot.x(15.0)), 0.0);
    assert_eq!(readings.len(), 4);
    assert_eq!(readings[1].name, "p50");
    assert!(readings[1].text.ends_with("ms"), "{readings:?}");
    for zoom in [(f64::NAN, 1.0), (20.0, 10.0), (5.0, 5.0), (-1e300, 1e300), (60.0, 70.0)] {
        chart.zoom = Some(zoom);
        record(&chart, &Style::light(), (600, 300));
    }
}

#[test]
fn rows_tell_what_stands_in_them() {
    let chart = build(ChartKind::SuccessShare, &Fake::coursework(), &Texts::english());
    let (_, plot) = record(&chart, &axes_only(), (600, 300));
    let first = chart.readings(0.5, plot.y_at(plot.top + 2.0));
    assert_eq!(first[0].text, "all requests");
    assert!(first[1].text.contains('%'));
    assert!(chart.readings(0.5, -3.0).is_empty() && chart.readings(0.5, 1e9).is_empty());
}

#[test]
fn nothing_is_drawn_outside_the_drawing() {
    for kind in ChartKind::ALL {
        let chart = build(kind, &Fake::coursework(), &Texts::english());
        let (drawn, _) = record(&chart, &axes_only(), (480, 240));
        for (from, to) in drawn.rects {
            let inside = from.0 >= 0 && from.1 >= 0 && to.0 <= 481 && to.1 <= 241;
            assert!(inside, "{} {from:?} {to:?}", kind.id());
        }
        for (x, y) in drawn.paths.into_iter().flatten() {
            assert!((0..=480).contains(&x) && (0..=240).contains(&y), "{} {x} {y}", kind.id());
        }
    }
}

#[test]
fn a_chart_says_when_waiting_for_data_would_be_in_vain() {
    let mut fake = Fake::coursework();
    fake.components.clear();
    for kind in [ChartKind::QueueLength, ChartKind::CacheHitRatio, ChartKind::ReplicationLag] {
        let chart = build(kind, &fake, &Texts::english());
        let (drawn, _) = record(&chart, &axes_only(), (600, 300));
        assert!(drawn.texts.contains(&"this system has nothing to show here".to_string()), "{}", kind.id());
    }
}

/// Numbers that come out of divisions by zero, overflows and mistakes, among harmless ones.
fn hostile() -> impl Strategy<Value = f64> {
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, 0.0, -0.0, 1e-12, 1e18];
    prop_oneof![prop::sample::select(special.to_vec()), any::<f64>(), -10.0..10.0]
}

fn sizes() -> impl Strategy<Value = (u32, u32)> {
    let extremes =
        prop::sample::select(vec![(0, 0), (1, 1), (0, 300), (300, 0), (2, 900), (20, 20), (60, 40), (120, 60)]);
    prop_oneof![extremes, (0..900u32, 0..500u32), Just((640, 360))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_figures_and_no_size_make_a_chart_panic(
        values in prop::collection::vec(hostile(), 1..20),
        windows in 0..60usize,
        now in hostile(),
        (width, height) in sizes(),
        ratio in hostile(),
        counts in prop::collection::vec(any::<u64>().prop_map(|count| count >> 12), 0..40),
        zoom in prop::option::of((hostile(), hostile())),
        full in any::<bool>(),
    ) {
        let latency = web_service_model::report::Latency {
            mean: Some(values[0]), p95: values.get(1).copied(), p99: values.get(2).copied(), ..Default::default()
        };
        let mut fake = Fake { now, windows, counts, latency, ..Fake::coursework() };
        fake.values = Box::new(move |name, index| values[(index + (noise(name, 0) * 9.0) as usize) % values.len()]);
        let decoration = if full { Decoration::Full } else { Decoration::AxesOnly };
        let style = Style { pixel_ratio: ratio, font_size: 11.0, decoration, ..Style::dark() };
        let series = vec!["requests.succeeded".to_string(), "network.tcp".into()];
        let selection = Selection { zoom, hidden: vec!["succeeded".into(), "down".into(), "p95".into()], series };
        let calm = Fake::coursework();
        for kind in ChartKind::ALL.into_iter().chain([ChartKind::Custom]) {
            for (run, baseline) in [(&fake, None), (&fake, Some(&calm)), (&calm, Some(&fake))] {
                let chart = build_selected(kind, run, baseline, &Texts::english(), &selection).unwrap();
                let (_, plot) = record(&chart, &style, (width, height));
                chart.readings(plot.x_at(3.0), plot.y_at(3.0));
                chart.readings(now, now);
                chart.table();
            }
        }
    }
}

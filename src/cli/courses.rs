//! The course of two systems over time, averaged over the replications, as SVG files.

use crate::{
    chart::{Axis, Chart, ChartKind, Line, LineChart, Texts, Unit, View},
    experiment::{
        Comparison, Plan, Results, Summary,
        course::{Course, courses},
        outcome::LEVEL,
    },
};

/// A chart for each series of a comparison, with the name of its file.
pub fn charts(plan: &Plan, results: &Results) -> Vec<(String, Chart)> {
    let courses = courses(&plan.series, results, LEVEL);
    courses.iter().map(|course| (format!("{}.svg", file_name(&course.name)), chart(course, plan))).collect()
}

/// Names of components may have any letters in them.
fn file_name(series: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    series.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect()
}

fn chart(course: &Course, plan: &Plan) -> Chart {
    let texts = Texts::english();
    let width = plan.window();
    let end = width * course.windows.len() as f64;
    let pairs = course.windows.iter().map(|window| window.difference.n).max().unwrap_or(0);
    let sides: [fn(&Comparison) -> &Summary; 2] = [|it| &it.a, |it| &it.b];
    let names = ["A", "B"].into_iter().zip(&plan.systems).map(|(side, config)| format!("{side}: {}", config.name));
    let lines = sides.into_iter().zip(names).enumerate().map(|(colour, (of, name))| {
        let at = |window: usize| (window as f64 + 0.5) * width;
        let windows = || course.windows.iter().map(of);
        Line {
            name,
            points: windows().enumerate().map(|(i, it)| (at(i), it.mean.unwrap_or(f64::NAN))).collect(),
            spread: windows().map(|it| it.half_width(LEVEL).unwrap_or(0.0)).collect(),
            colour,
            ..Line::default()
        }
    });
    let x = Axis { title: texts.word("time"), unit: Unit::Seconds, range: (0.0, end) };
    let y = Axis { title: course.name.clone(), unit: Unit::of_series(&course.name), range: (0.0, 1.0) };
    Chart {
        kind: ChartKind::Custom,
        title: format!("{}: means of {pairs} pairs of replications with their 95 % intervals", course.name),
        view: View::Lines(LineChart { x, y, lines: lines.collect() }),
        zoom: None,
        remarks: Vec::new(),
        no_data: texts.word("no_data"),
        baseline_of: String::new(),
        headings: Default::default(),
        units: texts.units.clone(),
    }
}

//! Results of experiments for people.

use std::{fs, path::Path};

use super::{
    failure::Failure,
    output,
    table::{Table, WIDTH_MAX},
};
use crate::{
    config::schema::Config,
    experiment::{
        Comparison, Plan, Quantile, Results, Summary, Table as Found, Verdict, compare,
        outcome::{LEVEL, csv, outcome, plain},
    },
};

/// Room for the names of figures.
const NAMES: usize = 52;
/// Figures that are shown if the user names none, by how their names end.
const SHOWN: [&str; 10] = [
    "success_ratio",
    ".rps",
    "latency.mean",
    "latency.p95",
    "latency.p99",
    "utilisation",
    "availability",
    "lost_writes",
    "stale_reads",
    "hit_ratio",
];

/// Prints the results.
pub fn print(plan: &Plan, results: &Results, is_json: bool, csv_file: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = csv_file {
        fs::write(path, csv(plan, results)).map_err(|error| Failure::file(path, &error))?;
    }
    if is_json {
        return output::print(&output::json(&outcome(plan, results))?);
    }
    let text = match &results.tables[..] {
        [a, b] if plan.is_comparison() => comparison(plan, &compare(a, b, LEVEL)),
        [table] if plan.vary.is_empty() => replications(plan, table),
        _ => sweep(plan, results),
    };
    output::print(&text)
}

/// Whether a figure is shown: those of instances and nodes only if they are asked for.
fn is_shown(plan: &Plan, name: &str) -> bool {
    let is_part = name.contains(".instances.") || name.contains(".nodes.");
    !plan.metrics.is_empty() || (!is_part && SHOWN.iter().any(|ending| name.ends_with(ending)))
}

fn replications(plan: &Plan, found: &Found) -> String {
    let mut table = Table::new(&["", "mean", "± 95 %", "sd", "n"]).with_names(NAMES);
    let mut quantiles =
        Table::new(&["quantiles over the replications", "", "value", "95 % from", "to"]).with_names(NAMES);
    let figures = found.names().iter().zip(found.summaries()).enumerate();
    for (position, (name, summary)) in figures.filter(|(_, (name, it))| it.n > 0 && is_shown(plan, name)) {
        let cells = [summary.mean, summary.half_width(LEVEL), summary.sd].map(figure);
        table.row([name.clone()].into_iter().chain(cells).chain([summary.n.to_string()]).collect());
        let values = found.column(position);
        for share in &plan.quantiles {
            quantiles.row([name.clone(), share.to_string()].into_iter().chain(quantile(&values, *share)).collect());
        }
    }
    let quantiles = if quantiles.is_empty() { String::new() } else { format!("\n{}", quantiles.figures()) };
    let (count, words) = (found.len() as u64, unsupported(plan, &[found]));
    format!("{count} replication{}, seed {}\n{}{quantiles}{words}", plural(count), plan.seed, table.figures())
}

/// A quantile and the ends of its interval.
fn quantile(values: &[f64], share: f64) -> [String; 3] {
    let quantile = Quantile::of(values, share, LEVEL);
    [quantile.map(|it| it.value), quantile.map(|it| it.low), quantile.map(|it| it.high)].map(figure)
}

/// Which quantiles the replications do not support, in words.
fn unsupported(plan: &Plan, tables: &[&Found]) -> String {
    let most = tables.iter().map(|table| table.len()).max().unwrap_or(0);
    let too_many = plan.quantiles.iter().filter(|share| Quantile::needs(**share, LEVEL) > most as f64);
    let word = |share: &f64| {
        let needs = Quantile::needs(*share, LEVEL);
        format!("  The quantile {share} has no 95 % interval in {most} replications: it takes {needs:.0} of them.\n")
    };
    too_many.map(word).collect()
}

fn comparison(plan: &Plan, figures: &[(String, Comparison)]) -> String {
    let mut table = Table::new(&["", "A", "B", "B - A", "± 95 %", "saved"]).with_names(NAMES - 6);
    let mut words = Vec::new();
    let shown = figures.iter().filter(|(name, it)| it.verdict != Verdict::NoValue && is_shown(plan, name));
    let is_same = |it: &Comparison| it.verdict == Verdict::Same;
    let same = shown.clone().filter(|(_, it)| is_same(it)).count();
    // What is the same in both is only counted, unless it is asked for by name.
    for (name, it) in shown.filter(|(_, it)| !plan.metrics.is_empty() || !is_same(it)) {
        let cells = [it.a.mean, it.b.mean, it.difference.mean, it.half_width].map(figure);
        let saved = it.variance_saved().map_or("–".into(), |factor| format!("{factor:.1}×"));
        table.row([name.clone()].into_iter().chain(cells).chain([saved]).collect());
        words.push(format!("  {name}: {}\n", verdict(it)));
    }
    let pairs = figures.first().map_or(0, |(_, it)| it.difference.n);
    let [a, b] = &plan.systems[..] else { return String::new() };
    let head = format!(
        "A: {}, B: {}; {pairs} pair{} of replications under common random numbers, seed {}\n",
        a.name,
        b.name,
        plural(pairs),
        plan.seed,
    );
    let lengths = unlike(a, b);
    if table.is_empty() {
        return format!("{head}{lengths}No figure differs: {same} are the same in every pair.\n");
    }
    format!(
        "{head}{lengths}{}\n\
         \"saved\": so many times more replications the same precision would take with independent random numbers.\n\n\
         The same in every pair: {same}. At the 95 % level (of 20 differences that are none, one will look like one):\n{}",
        table.figures(),
        words.concat()
    )
}

/// A word on systems that are not measured over the same time.
fn unlike(a: &Config, b: &Config) -> String {
    let measured = |config: &Config| config.duration.0 - config.warm_up.0;
    let (a, b) = (measured(a), measured(b));
    if a == b {
        return String::new();
    }
    format!("A is measured for {a} s, B for {b} s: counts, such as requests.total, differ for that reason alone.\n")
}

const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The verdict as a sentence.
fn verdict(it: &Comparison) -> String {
    let share = match (it.difference.mean, it.a.mean) {
        (Some(difference), Some(a)) if a != 0.0 => format!(" by {:.1} %", (difference / a).abs() * 100.0),
        _ => String::new(),
    };
    match it.verdict {
        Verdict::Same => "the same in every pair".into(),
        Verdict::Higher => format!("B is higher{share}"),
        Verdict::Lower => format!("B is lower{share}"),
        Verdict::Undecided => "no difference can be shown".into(),
        Verdict::NoValue => "nothing to compare".into(),
    }
}

fn sweep(plan: &Plan, results: &Results) -> String {
    let Ok(points) = plan.values() else { return String::new() };
    let mut text = String::new();
    for name in results.tables.first().map(|table| table.names().to_vec()).unwrap_or_default() {
        let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
        let head: Vec<String> = plan.vary.iter().map(|axis| last(&axis.path)).collect();
        let shares: Vec<String> = plan.quantiles.iter().map(|share| format!("q {share}")).collect();
        let ends = shares.iter().flat_map(|share| [share.as_str(), "95 % from", "to"]);
        let head: Vec<&str> = head.iter().map(String::as_str).chain(["mean", "± 95 %", "n"]).chain(ends).collect();
        let mut table = Table::new(&head).with_names(WIDTH_MAX / 2);
        for (point, values) in points.iter().zip(&results.tables) {
            let column = values.position(&name).map(|position| values.column(position)).unwrap_or_default();
            let summary = Summary::of(column.iter().copied());
            let cells = [summary.mean, summary.half_width(LEVEL)].map(figure);
            let quantiles = plan.quantiles.iter().flat_map(|share| quantile(&column, *share));
            table.row(point.iter().map(plain).chain(cells).chain([summary.n.to_string()]).chain(quantiles).collect());
        }
        text += &format!("{name}\n{}\n", table.figures());
    }
    text + &unsupported(plan, &results.tables.iter().collect::<Vec<_>>())
}

/// A number with five digits, zeros at its start not counted.
pub fn figure(value: Option<f64>) -> String {
    let Some(value) = value else { return "–".into() };
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e9).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let whole = (1..10).take_while(|digits| magnitude >= libm::pow(10.0, f64::from(*digits))).count();
    let zeros = (1..4).take_while(|digits| magnitude < libm::pow(10.0, -f64::from(*digits))).count();
    let text = format!("{value:.*}", 5 + zeros - whole.min(5));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_five_digits() {
        let cases = [
            (0.0, "0"),
            (0.123_456, "0.12346"),
            (12.5, "12.5"),
            (0.000_298_4, "0.0002984"),
            (123_456.7, "123457"),
            (1e-7, "1.000e-7"),
        ];
        for (value, text) in cases {
            assert_eq!(figure(Some(value)), text);
        }
        assert_eq!(figure(None), "–");
    }
}

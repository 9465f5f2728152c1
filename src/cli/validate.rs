//! `validate`: the simulator against theory, and what that has in common with its check against reality.

use serde_json::{Value, json};

use super::{
    arguments::ValidateArguments, failure::Failure, output, pool, reality::reality, results::figure, table::Table,
};
use crate::validate::{Check, Finding, LEVEL, MORE, Missed, REPLICATIONS, Row, SEED, Verdict, rows};

/// A row with what was found.
type Checked = (Row, Vec<Finding>);

/// Checks all rows, or those that are named, and prints a table. Fails if one does not hold.
pub fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    if arguments.reality {
        return reality(arguments);
    }
    let seed = arguments.seed.unwrap_or(SEED);
    let wanted = wanted(rows(), |row| row.id, &arguments.rows)?;
    let asked = wanted.len();
    let checked = each(&wanted, arguments, |row| -> Result<Option<Checked>, Failure> {
        let mut check = Check::new(row.clone(), seed)?;
        while !check.advance(pool::EVENTS_AT_A_TIME) {
            if pool::is_cancelled() {
                return Ok(None);
            }
        }
        Ok(Some((row.clone(), check.findings())))
    })?;
    say_if_stopped(checked.len(), asked);
    let failed = checked.iter().flat_map(|(_, findings)| findings).filter(|it| it.verdict != Verdict::Pass).count();
    if arguments.json {
        output::print(&output::json(&as_json(&checked, seed))?)?;
    } else {
        output::print(&text(&checked, seed))?;
    }
    result(failed, "as theory says")
}

/// The rows that are named; all if none is.
pub fn wanted<R>(rows: Vec<R>, id: impl Fn(&R) -> &'static str, names: &[String]) -> Result<Vec<R>, Failure> {
    if let Some(unknown) = names.iter().find(|name| !rows.iter().any(|row| id(row) == *name)) {
        let ids: Vec<&str> = rows.iter().map(id).collect();
        return Err(Failure::Usage(format!("there is no row `{unknown}` (rows: {})", ids.join(", "))));
    }
    let is_wanted = |row: &R| names.is_empty() || names.iter().any(|name| name == id(row));
    Ok(rows.into_iter().filter(is_wanted).collect())
}

/// Checks rows, one on each thread; those that are finished when the user has had enough.
pub fn each<R: Sync, C: Send>(
    rows: &[R],
    arguments: &ValidateArguments,
    check: impl Fn(&R) -> Result<Option<C>, Failure> + Sync,
) -> Result<Vec<C>, Failure> {
    let threads = arguments.jobs.map_or_else(pool::processors, |jobs| jobs as usize);
    pool::listen_for_cancel()?;
    let checked = pool::each(rows.len(), threads, arguments.json, |index| check(&rows[index]));
    checked.into_iter().filter_map(Result::transpose).collect()
}

/// Says that the user has had enough, if so.
pub fn say_if_stopped(finished: usize, asked: usize) {
    if pool::is_cancelled() {
        output::note(&format_args!("stopped: {finished} of {asked} rows are finished, and these are their results"));
    }
}

/// What the program says in the end of so many values that are not what they should be.
pub fn result(wrong: usize, should: &str) -> Result<(), Failure> {
    match wrong {
        0 if pool::is_cancelled() => Err(Failure::Cancelled),
        0 => Ok(()),
        1 => Err(Failure::Invalid(format!("1 value is not {should}"))),
        _ => Err(Failure::Invalid(format!("{wrong} values are not {should}"))),
    }
}

fn text(checked: &[Checked], seed: u64) -> String {
    let mut table = Table::new(&["row", "figure", "theory", "simulated", "± 99 %", "width", ""]);
    for (row, findings) in checked {
        for it in findings {
            let width = format!("{:.2} %", it.half_width / it.theory.abs() * 100.0);
            let figures = [it.theory, it.mean, it.half_width].map(|value| figure(Some(value)));
            let cells = [row.id.to_owned(), it.name.to_owned()].into_iter().chain(figures);
            let again = if it.missed.is_some() { " (2nd look)" } else { "" };
            table.row(cells.chain([width, format!("{}{again}", it.verdict.name())]).collect());
        }
    }
    let missed: String =
        checked.iter().flat_map(|(row, findings)| findings.iter().filter_map(|it| second_look(row, it))).collect();
    format!("{REPLICATIONS} replications of each system, seed {seed}\n{}{missed}", table.figures())
}

/// What a claim had shown before it was looked at again.
fn second_look(row: &Row, it: &Finding) -> Option<String> {
    let Missed { mean, half_width, verdict } = it.missed?;
    let [mean, half_width] = [mean, half_width].map(|value| figure(Some(value)));
    let first = format!("{}: {mean} ± {half_width} in the first {REPLICATIONS} replications", verdict.name());
    Some(format!("  {} {}: {first}; judged by {MORE} further ones\n", row.id, it.name))
}

fn as_json(checked: &[Checked], seed: u64) -> Value {
    let missed = |it: Missed| json!({ "mean": it.mean, "half_width": it.half_width, "verdict": it.verdict.name() });
    let finding = |it: &Finding| {
        json!({
            "name": it.name,
            "theory": it.theory,
            "mean": it.mean,
            "half_width": it.half_width,
            "verdict": it.verdict.name(),
            "missed": it.missed.map(missed),
        })
    };
    let rows = checked.iter().map(|(row, findings)| {
        let claims: Vec<Value> = findings.iter().map(finding).collect();
        json!({ "id": row.id, "title": row.title, "claims": claims })
    });
    json!({ "seed": seed, "replications": REPLICATIONS, "more": MORE, "level": LEVEL, "rows": rows.collect::<Vec<_>>() })
}

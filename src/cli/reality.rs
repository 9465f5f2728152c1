//! `validate --reality`: the simulator against what real products did.

use serde_json::{Value, json};

use super::{arguments::ValidateArguments, failure::Failure, output, pool, results::figure, table::Table, validate};
use crate::reality::{Check, Claim, Finding, Reason, Row, SEED, Verdict, json as as_json, rows};

/// A row with what was found.
type Checked = (Row, Vec<Finding>);

/// Checks all rows, or those that are named, and prints a table. Fails if one does not hold, unless it is known why.
pub fn reality(arguments: &ValidateArguments) -> Result<(), Failure> {
    let seed = arguments.seed.unwrap_or(SEED);
    let wanted = validate::wanted(rows(), |row| row.id, &arguments.rows)?;
    let asked = wanted.len();
    let checked = validate::each(&wanted, arguments, |row| -> Result<Option<Checked>, Failure> {
        let mut check = Check::new(row.clone(), seed)?;
        while !check.advance(pool::EVENTS_AT_A_TIME)? {
            if pool::is_cancelled() {
                return Ok(None);
            }
        }
        Ok(Some((row.clone(), check.findings())))
    })?;
    validate::say_if_stopped(checked.len(), asked);
    let wrong = pairs(&checked).filter(|(_, claim, it)| !claim.is_expected(it.verdict)).count();
    if arguments.json {
        output::print(&output::json(&json(&checked, seed))?)?;
    } else {
        output::print(&text(&checked, seed))?;
    }
    validate::result(wrong, "as measured")
}

fn pairs(checked: &[Checked]) -> impl Iterator<Item = (&Row, &Claim, &Finding)> {
    checked.iter().flat_map(|(row, findings)| row.claims.iter().zip(findings).map(move |(claim, it)| (row, claim, it)))
}

fn text(checked: &[Checked], seed: u64) -> String {
    let mut table = Table::new(&["row", "figure", "measured", "simulated", "from", "to", ""]);
    let mut reasons: Vec<Reason> = Vec::new();
    for (row, claim, it) in pairs(checked) {
        let figures = [it.measured, it.mean, it.low, it.high].map(|value| figure(Some(value)));
        let verdict = match (claim.known, it.verdict) {
            (Some(reason), Verdict::Off) => {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
                format!("off, known: {}", reason.id)
            }
            (_, verdict) => verdict.name().to_owned(),
        };
        let cells = [row.id.to_owned(), it.name.to_owned()].into_iter().chain(figures);
        table.row(cells.chain([verdict]).collect());
    }
    let known: String = reasons.iter().map(|reason| format!("  {}: {}\n", reason.id, reason.text)).collect();
    format!(
        "What real products did, and as many replications of the same system as it takes, seed {seed}\n{}{known}",
        table.figures()
    )
}

fn json(checked: &[Checked], seed: u64) -> Value {
    let rows = checked.iter().map(|(row, findings)| {
        let mut one = as_json::row(row);
        one["findings"] = findings.iter().map(as_json::finding).collect();
        one
    });
    json!({ "seed": seed, "rows": rows.collect::<Vec<_>>() })
}

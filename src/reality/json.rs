//! Rows and what was found, as JSON: the same on the command line and in JavaScript.

use serde_json::{Value, json};

use super::{Claim, Finding, Row};

/// A row with what was measured.
pub fn row(row: &Row) -> Value {
    let claims: Vec<Value> = row.claims.iter().map(claim).collect();
    json!({
        "id": row.id,
        "product": row.product,
        "title": row.title,
        "how": row.how,
        "replications": row.replications,
        "claims": claims,
    })
}

fn claim(claim: &Claim) -> Value {
    let known = claim.known.map(|reason| json!({ "id": reason.id, "text": reason.text }));
    json!({
        "name": claim.name,
        "unit": claim.unit.name(),
        "measured": claim.measured,
        "is_mean": claim.is_mean,
        "known": known,
    })
}

/// What was found of a claim.
pub fn finding(it: &Finding) -> Value {
    let number = |value: f64| value.is_finite().then_some(value);
    json!({
        "name": it.name,
        "measured": it.measured,
        "mean": number(it.mean),
        "low": number(it.low),
        "high": number(it.high),
        "verdict": it.verdict.name(),
    })
}

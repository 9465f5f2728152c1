//! The results of an experiment as JSON and as a table.

use serde_json::{Map, Value, json};

use super::{
    comparison::{Comparison, Verdict, compare},
    course::{courses, courses_to_json},
    plan::Plan,
    sample::{Quantile, Summary},
    study::Results,
    table::Table,
};

/// Level of all intervals in the results.
pub const LEVEL: f64 = 0.95;

/// The results of an experiment as JSON. They depend on the plan and on which replications were run, and on nothing else.
pub fn outcome(plan: &Plan, results: &Results) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| _ = object.insert(key.to_owned(), value);
    let names: Vec<Value> = plan.systems.iter().map(|config| config.name.as_str().into()).collect();
    put("scenario", if plan.is_comparison() { names.into() } else { names.into_iter().next().unwrap_or_default() });
    put("seed", plan.seed.into());
    if !plan.quantiles.is_empty() {
        let needs = |share: &f64| json!({ "share": share, "needs": Quantile::needs(*share, LEVEL) as u64 });
        put("quantiles", plan.quantiles.iter().map(needs).collect());
    }
    let tables = &results.tables;
    if plan.is_comparison() && tables.len() == 2 {
        put("replications", tables[0].len().min(tables[1].len()).into());
        put("metrics", comparisons(&tables[0], &tables[1]));
        if let [a, b] = &results.courses[..] {
            let courses = courses(&plan.series, results, LEVEL);
            put("series", courses_to_json(&courses, a.len().min(b.len()), plan.window(), LEVEL));
        }
    } else if plan.vary.is_empty() {
        put("replications", tables.first().map_or(0, Table::len).into());
        put("warm_up_seconds", plan.systems.first().map_or(0.0, |config| config.warm_up.0).into());
        put("metrics", tables.first().map(|table| metrics(table, &plan.quantiles)).unwrap_or_default());
    } else {
        put("vary", plan.vary.iter().map(|axis| axis.path.as_str()).collect());
        put("points", points(plan, results));
    }
    Value::Object(object)
}

/// The points of a sweep.
fn points(plan: &Plan, results: &Results) -> Value {
    let values = plan.values().unwrap_or_default();
    let points = values.into_iter().zip(&results.tables).map(|(values, table)| {
        json!({ "values": values, "replications": table.len(), "metrics": metrics(table, &plan.quantiles) })
    });
    points.collect()
}

/// The figures of a table by name.
fn metrics(table: &Table, shares: &[f64]) -> Value {
    let mut object = Map::new();
    for (position, (name, summary)) in table.names().iter().zip(table.summaries()).enumerate() {
        // Causes that never occurred are no part of a report.
        if summary.mean == Some(0.0) && name.contains(".failures.") {
            continue;
        }
        let mut entry = figures(&summary);
        if !shares.is_empty() {
            entry.insert("quantiles".into(), quantiles(&table.column(position), shares));
        }
        object.insert(name.clone(), entry.into());
    }
    object.into()
}

fn figures(summary: &Summary) -> Map<String, Value> {
    let fields = [
        ("mean", summary.mean.into()),
        ("sd", summary.sd.into()),
        ("half_width_95", summary.half_width(LEVEL).into()),
        ("n", summary.n.into()),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Quantiles over the replications, each with its interval; `null` where there are too few replications for one.
fn quantiles(values: &[f64], shares: &[f64]) -> Value {
    let quantile = |share: &f64| {
        let quantile = Quantile::of(values, *share, LEVEL);
        let value = quantile.map(|it| json!({ "value": it.value, "low": it.low, "high": it.high }));
        (share.to_string(), value.unwrap_or_default())
    };
    Value::Object(shares.iter().map(quantile).collect())
}

/// The differences between two systems by name.
fn comparisons(a: &Table, b: &Table) -> Value {
    let interesting = compare(a, b, LEVEL)
        .into_iter()
        .filter(|(name, it)| !(name.contains(".failures.") && it.a.mean == Some(0.0) && it.b.mean == Some(0.0)));
    Value::Object(interesting.map(|(name, it)| (name, comparison(&it))).collect())
}

fn comparison(it: &Comparison) -> Value {
    json!({
        "a": figures(&it.a),
        "b": figures(&it.b),
        "difference": figures(&it.difference),
        "verdict": verdict(it.verdict),
        "variance_saved": it.variance_saved(),
    })
}

/// A verdict in a word.
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::Undecided => "undecided",
        Verdict::NoValue => "no value",
    }
}

/// The results of an experiment as CSV (RFC 4180): a row for each configuration, with mean, standard deviation, half-width
/// and number of values for each figure, and each quantile with the ends of its interval; of a comparison a row for each
/// figure. What does not exist is empty.
pub fn csv(plan: &Plan, results: &Results) -> String {
    match &results.tables[..] {
        [a, b] if plan.is_comparison() => comparison_csv(a, b),
        _ => configurations_csv(plan, results),
    }
}

fn comparison_csv(a: &Table, b: &Table) -> String {
    let mut text =
        "figure,a,b,difference,difference.sd,difference.half_width_95,n,verdict,variance_saved\r\n".to_owned();
    for (name, it) in compare(a, b, LEVEL) {
        let Comparison { difference, half_width, .. } = it;
        let numbers = [it.a.mean, it.b.mean, difference.mean, difference.sd, half_width].map(number).join(",");
        let saved = number(it.variance_saved());
        text += &format!("{},{numbers},{},{},{saved}\r\n", quoted(&name), difference.n, verdict(it.verdict));
    }
    text
}

fn configurations_csv(plan: &Plan, results: &Results) -> String {
    let mut head: Vec<String> = plan.vary.iter().map(|axis| quoted(&axis.path)).collect();
    for name in results.tables.first().map(Table::names).unwrap_or_default() {
        let column = |ending: &str| quoted(&format!("{name}{ending}"));
        head.extend(["", ".sd", ".half_width_95", ".n"].map(column));
        for share in &plan.quantiles {
            head.extend(["", ".low", ".high"].map(|end| column(&format!(".q{share}{end}"))));
        }
    }
    let mut text = head.join(",") + "\r\n";
    for (values, table) in plan.values().unwrap_or_default().iter().zip(&results.tables) {
        let mut row: Vec<String> = values.iter().map(cell).collect();
        for (position, summary) in table.summaries().iter().enumerate() {
            row.extend(cells(summary, &table.column(position), &plan.quantiles));
        }
        text += &(row.join(",") + "\r\n");
    }
    text
}

/// What a table says of a figure.
fn cells(summary: &Summary, values: &[f64], shares: &[f64]) -> Vec<String> {
    let mut cells = Vec::from([summary.mean, summary.sd, summary.half_width(LEVEL)].map(number));
    cells.push(summary.n.to_string());
    for share in shares {
        let quantile = Quantile::of(values, *share, LEVEL);
        let parts: [fn(Quantile) -> f64; 3] = [|it| it.value, |it| it.low, |it| it.high];
        cells.extend(parts.map(|part| number(quantile.map(part))));
    }
    cells
}

/// A value without the quotes of JSON.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A value of what is varied. Words are safe to open in a spreadsheet, which takes one that begins like a formula for a
/// formula, and would run it; the apostrophe is what spreadsheets themselves write before such a text.
fn cell(value: &Value) -> String {
    let text = plain(value);
    let is_formula = value.is_string() && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    quoted(&if is_formula { format!("'{text}") } else { text })
}

/// A field of a CSV file.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{
        Part, Shard,
        part::{MergeError, merge},
    };

    const SHOP: &str = r#"{ "name": "shop", "duration": 5,
        "users": { "all": { "arrivals": { "poisson": { "rate": 50 } }, "targets": { "Shop": 1 } } },
        "services": { "Shop": { "instances": 2, "base_latency": "10ms", "workers": 2, "fail_prob": 0.1 } } }"#;

    fn plan(more: &str) -> Plan {
        Plan::from_json(&format!("{{ \"systems\": [{SHOP}], \"replications\": 9 {more} }}")).unwrap()
    }

    fn results(plan: &Plan, shard: Shard) -> Results {
        let study = plan.study().unwrap();
        let mut results = study.results();
        for job in study.jobs(0..plan.replications).filter(|job| shard.has(*job)) {
            assert!(results.insert(job, study.run(job).unwrap()));
        }
        results
    }

    #[test]
    fn results_have_the_names_of_the_report() {
        let plan = plan(r#", "quantiles": [0.5, 0.99]"#);
        let outcome = outcome(&plan, &results(&plan, Shard::ALL));
        let ratio = &outcome["metrics"]["requests.success_ratio"];
        assert_eq!((&outcome["replications"], &ratio["n"]), (&json!(9), &json!(9)));
        assert!((ratio["mean"].as_f64().unwrap() - 0.9).abs() < 0.05 && ratio["half_width_95"].as_f64().unwrap() > 0.0);
        assert!(ratio["quantiles"]["0.5"]["low"].is_number() && ratio["quantiles"]["0.99"].is_null());
        assert_eq!(outcome["quantiles"][1], json!({ "share": 0.99, "needs": 299 }));
        assert!(outcome["metrics"]["requests.failures.service_error"].is_object());
        assert!(outcome["metrics"].get("requests.failures.timeout").is_none());
    }

    #[test]
    fn four_parts_make_the_whole_byte_for_byte() {
        for more in ["", r#", "vary": [{ "path": "services.Shop.workers", "values": [1, 2, 3] }]"#] {
            let plan = plan(more);
            let whole = outcome(&plan, &results(&plan, Shard::ALL)).to_string();
            let part = |index| {
                let shard = Shard { index, count: 4 };
                Part::from_json(&Part::new(&plan, shard, &results(&plan, shard)).to_json()).unwrap()
            };
            let (merged_plan, merged) = merge([3, 1, 0, 2].map(part).to_vec()).unwrap();
            assert_eq!(merged_plan, plan);
            let again = outcome(&merged_plan, &merged).to_string();
            assert!(again == whole, "the parts differ from the whole");
            assert_eq!(csv(&plan, &merged), csv(&plan, &results(&plan, Shard::ALL)));
        }
    }

    #[test]
    fn a_table_has_quantiles_where_the_sample_supports_them() {
        let plan = plan(
            r#", "metrics": ["requests.total"], "quantiles": [0.5, 0.99],
            "vary": [{ "path": "services.Shop.workers", "values": [1, 2] }]"#,
        );
        let text = csv(&plan, &results(&plan, Shard::ALL));
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0][5..8], ["requests.total.q0.5", "requests.total.q0.5.low", "requests.total.q0.5.high"]);
        let [median, low, high] = [5, 6, 7].map(|column| rows[1][column].parse::<f64>().unwrap());
        assert!(low <= median && median <= high && low < high, "{text}");
        assert_eq!(rows[1][8..], ["", "", ""]);
    }

    #[test]
    fn no_word_of_a_table_is_a_formula() {
        let plan =
            plan(r#", "metrics": ["requests.total"], "vary": [{ "path": "name", "values": ["=1+1", "-x", "a,b"] }]"#);
        let text = csv(&plan, &results(&plan, Shard::ALL));
        let starts: Vec<&str> = text.lines().skip(1).map(|line| &line[..4]).collect();
        assert_eq!(starts, ["'=1+", "'-x,", "\"a,b"]);
        assert_eq!(cell(&json!(-1.5)), "-1.5");
    }

    #[test]
    fn the_table_of_a_comparison_has_a_row_for_each_figure() {
        let plan = comparison_over_time(r#", "metrics": ["requests.*"]"#);
        let results = results(&plan, Shard::ALL);
        let text = csv(&plan, &results);
        let row = text.lines().find(|line| line.starts_with("requests.latency.mean,")).unwrap();
        let found = &outcome(&plan, &results)["metrics"]["requests.latency.mean"];
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells[3].parse::<f64>().unwrap(), found["difference"]["mean"].as_f64().unwrap());
        assert_eq!((cells[6], cells[7]), ("9", found["verdict"].as_str().unwrap()));
        assert!(text.lines().all(|line| line.split(',').count() == 9), "{text}");
    }

    fn comparison_over_time(more: &str) -> Plan {
        let other = SHOP.replace("\"workers\": 2", "\"workers\": 1");
        Plan::from_json(&format!("{{ \"systems\": [{SHOP}, {other}], \"replications\": 9, \"seed\": 2 {more} }}"))
            .unwrap()
    }

    #[test]
    fn a_comparison_has_the_course_of_both_over_time() {
        let plan = comparison_over_time(r#", "series": ["requests.rps", "services.Shop.up"]"#);
        let whole = results(&plan, Shard::ALL);
        let found = outcome(&plan, &whole);
        assert_eq!(found["series"]["window_seconds"], json!(0.1));
        assert_eq!(found["series"]["replications"], json!(9));
        let means = &found["series"]["means"];
        let up = means["services.Shop.up"]["b"]["mean"].as_array().unwrap();
        assert!(up.len() == 50 && up.iter().all(|mean| (mean.as_f64().unwrap() - 2.0).abs() < 1e-9));
        // All that ended is in the windows, on average.
        let rps = means["requests.rps"]["a"]["mean"].as_array().unwrap();
        let sum: f64 = rps.iter().map(|mean| mean.as_f64().unwrap() * 0.1).sum();
        assert!((sum - found["metrics"]["requests.total"]["a"]["mean"].as_f64().unwrap()).abs() < 1e-6);
        // And the figures are those of a comparison without.
        let plain = comparison_over_time("");
        assert_eq!(outcome(&plain, &results(&plain, Shard::ALL))["metrics"], found["metrics"]);
        // Parts make the whole here, too.
        let part = |index| {
            let shard = Shard { index, count: 3 };
            Part::from_json(&Part::new(&plan, shard, &results(&plan, shard)).to_json()).unwrap()
        };
        let (_, merged) = merge([2, 0, 1].map(part).to_vec()).unwrap();
        let (again, once) = (outcome(&plan, &merged).to_string(), found.to_string());
        assert!(again == once, "the parts differ from the whole");
    }

    #[test]
    fn only_the_first_replications_keep_their_course() {
        use crate::experiment::course::REPLICATIONS_MAX;
        let plan = comparison_over_time(r#", "metrics": ["requests.total"], "series": ["requests.rps"]"#);
        let study = plan.study().unwrap();
        let lengths = [REPLICATIONS_MAX - 1, REPLICATIONS_MAX].map(|last| study.run(2 * last).unwrap().len());
        assert_eq!(lengths, [51, 1]);
        let mut results = study.results();
        assert!(!results.insert(0, vec![1.0]) && results.insert(2 * REPLICATIONS_MAX, vec![1.0]));
        assert!(!results.insert(1, vec![1.0; 52]) && results.insert(1, vec![1.0; 51]));
    }

    #[test]
    fn parts_of_different_experiments_are_refused() {
        let plan = plan("");
        let part = Part::new(&plan, Shard::ALL, &results(&plan, Shard::ALL));
        let mut other = part.clone();
        other.plan.seed = 2;
        assert_eq!(merge(vec![part.clone(), other]), Err(MergeError::OtherPlan(1)));
        assert_eq!(merge(Vec::new()), Err(MergeError::Nothing));
        let mut beyond = results(&plan, Shard::ALL);
        let figures = beyond.tables[0].rows().next().unwrap().1.to_vec();
        assert!(beyond.insert(plan.replications, figures));
        let beyond = Part::new(&plan, Shard::ALL, &beyond);
        assert_eq!(merge(vec![part.clone(), beyond]), Err(MergeError::Foreign(1)));
        let other = Part::new(&plan, Shard::ALL, &results(&Plan { seed: 3, ..plan.clone() }, Shard::ALL));
        assert_eq!(merge(vec![part.clone(), other]), Err(MergeError::Misfit(1)));
    }
}

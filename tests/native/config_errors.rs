//! What the user reads when a configuration is wrong: the whole message, for each rule.

use serde_json::Value;
use web_service_model::config::load;

use crate::scenarios::text;

/// A configuration that is right and has one of everything.
fn base() -> Value {
    serde_json::from_str(&text("coursework")).expect("JSON")
}

/// Loads a text and compares the lines of the errors.
#[track_caller]
fn check_text(text: &str, expected: &[&str]) {
    let lines: Vec<String> = match load(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.0.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(lines, expected);
}

#[test]
fn nothing_wrong() {
    check_text(&base().to_string(), &[]);
}

#[test]
fn what_can_be_read_is_checked_even_if_something_else_cannot() {
    check_text(
        r#"{
            "seeed": 5,
            "users": { "all": { "arrivals": { "poisson": { "rate": 4 } }, "targets": { "B": 1 } } },
            "services": {
                "A": { "instances": "x", "servic_time": 4, "weights": [1, "a", 3], "database": { "nam": "x" } },
                "B": { "service_time": 1, "fail_prob": 1.5 }
            }
        }"#,
        &[
            "seeed: is an unknown field (did you mean `seed`?)",
            "services.A.instances: \"x\" is not a whole number from 0 to 4294967295",
            "services.A.servic_time: is an unknown field (did you mean `service_time`?)",
            "services.A.weights[1]: \"a\" is not a number",
            "services.A.database.nam: is an unknown field (did you mean `name`?)",
            "services.A.database.name: is missing",
            "services.B.fail_prob: 1.5 is too large (a probability, 0 to 1)",
        ],
    );
}

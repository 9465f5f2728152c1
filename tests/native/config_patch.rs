//! Patches, and what they may do to a run in progress.

use web_service_model::config::{apply_patch, load_patched, restart_reasons, schema::Config};

use crate::scenarios::text;

/// Patches a scenario and compares the reasons for a restart.
#[track_caller]
fn check(scenario: &str, patch: &str, expected: &[&str]) {
    let old = Config::from_json(&text(scenario)).expect("a scenario");
    let new = apply_patch(&old, patch).unwrap_or_else(|errors| panic!("{errors}"));
    assert_ne!(old, new, "the patch changes something");
    let reasons: Vec<String> = restart_reasons(&old, &new).iter().map(ToString::to_string).collect();
    assert_eq!(reasons, expected);
}

#[test]
fn numbers_change_while_the_run_goes_on() {
    let live = [
        r#"{"duration": 100, "warm_up": 5, "title": {"en": "Mine"}}"#,
        r#"{"network": {"loss": 0.1, "tcp": {"exponential": {"mean": "20ms"}}}}"#,
        r#"{"users": {"clients": {"arrivals": {"sequential": {"gap": 1}}, "targets": {"DataService": null}}}}"#,
        r#"{"users": {"clients": {"client": {"timeout": "1s", "retries": {"max": 2}}}}}"#,
        r#"{"auth": {"success_prob": 0.5, "session_ttl": "10s"}}"#,
        r#"{"services": {"PaymentService": {"fail_prob": 0.5, "weights": [1], "balancer": "two_choices", "workers": 4}}}"#,
        r#"{"services": {"PaymentService": {"instances": 4}}, "auth": {"instances": 2}, "window": 2}"#,
        r#"{"users": {"clients": {"arrivals": {"poisson": {"rate": 5}}}}, "db_clusters": {"DataDB": {"replicas": 3}}}"#,
        r#"{"services": {"PaymentService": {"base_latency": null, "service_time": "5ms"}}}"#,
        r#"{"services": {"PaymentService": {"outages": null, "publish": {"on_error": "ignore"}}}}"#,
        r#"{"db_clusters": {"PaymentDB": {"replication": {"mode": "sync"}, "connections": 5}}}"#,
        r#"{"caches": {"DataCache": {"hit_prob": 0.1}}, "brokers": {"RabbitMQ": {"queues": {"messages": {"limit": 5}}}}}"#,
    ];
    for patch in live {
        check("coursework", patch, &[]);
    }
    check("cache-outage", r#"{"caches": {"CatalogueCache": {"keyed": {"capacity": 5}}}, "faults": []}"#, &[]);
    check("broker-backlog", r#"{"brokers": {"RabbitMQ": {"queues": {"mails": {"consumers": []}}}}}"#, &[]);
}

#[test]
fn shapes_need_a_restart() {
    check("coursework", r#"{"seed": 2, "window": 2}"#, &["seed: needs a restart"]);
    check(
        "coursework",
        r#"{"auth": null, "services": {"PaymentService": {"requires_auth": false}}}"#,
        &["auth: needs a restart"],
    );
    check(
        "coursework",
        r#"{"users": {"clients": {"arrivals": {"poisson": {"rate": 5}}}, "more": {}}}"#,
        &["users.more: is new, which needs a restart"],
    );
    check(
        "coursework",
        r#"{"services": {"PaymentService": {"instances": 4, "publish": null}, "NotificationService": null}}"#,
        &[
            "services.NotificationService: is gone, which needs a restart",
            "services.PaymentService.publish: needs a restart",
        ],
    );
    check(
        "broker-backlog",
        r#"{"brokers": {"RabbitMQ": {"queues": {"more": {"consumers": []}}}}}"#,
        &["brokers.RabbitMQ.queues.more: is new, which needs a restart"],
    );
}

#[test]
fn a_patch_is_read_as_strictly_as_a_configuration() {
    let config = Config::from_json(&text("coursework")).expect("a scenario");
    let errors = |patch: &str| apply_patch(&config, patch).expect_err("a bad patch").to_string();
    assert_eq!(errors(r#"{"sede": 1}"#), "sede: 1 stands in an unknown field (did you mean `seed`?)");
    assert_eq!(errors("{"), "configuration: is not JSON: EOF while parsing an object at line 1 column 1");
    assert_eq!(errors("5"), "configuration: 5 is not an object");
    assert_eq!(
        errors(r#"{"services": {"PaymentService": {"workers": "many"}}}"#),
        "services.PaymentService.workers: \"many\" is not a whole number"
    );
}

#[test]
fn a_patch_with_several_mistakes_names_them_all() {
    let config = Config::from_json(&text("coursework")).expect("a scenario");
    let patch = r#"{"sede": 1, "duration": 5, "duration": 9,
        "services": {"PaymentService": {"fail_prob": 2, "workers": -1, "wrokers": 4}}}"#;
    let errors = load_patched(&config, patch).expect_err("a bad patch").to_string();
    assert_eq!(
        errors.lines().collect::<Vec<_>>(),
        [
            "duration: stands here twice",
            "services.PaymentService.workers: -1 is too few (at least 1)",
            "services.PaymentService.wrokers: 4 stands in an unknown field (did you mean `workers`?)",
            "sede: 1 stands in an unknown field (did you mean `seed`?)",
            "services.PaymentService.fail_prob: 2 is too large (a probability, 0 to 1)",
        ]
    );
}

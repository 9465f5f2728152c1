//! RabbitMQ's quorum queues.

use web_service_model::reality::{Claim, Row, Run};

use super::{
    Measured,
    rabbit::{DELIVERY, MESSAGE, delivery, publishing, queue, share, times},
};

pub(super) fn rows() -> Vec<Row> {
    vec![quorum_leader(), quorum_leader_of_consumer(), delivery_limit()]
}

/// One publisher that waits for its confirms, with a pause of 20 ms, and a consumer of 20 ms.
fn leader_killed(id: &'static str, title: &'static str, node: u32) -> Row {
    let config = format!(
        r#"{{
        "duration": 30,
        "users": {{ "u": {{ "arrivals": {{ "closed": {{ "users": 1, "think": "21ms" }} }}, "targets": {{ "Publisher": 1 }} }} }},
        "services": {{
            "Publisher": {{ "service_time": 0, "publish": {{ "broker": "Rabbit", "queue": "jobs" }} }},
            "Consumer": {{ "service_time": 0 }}
        }},
        "brokers": {{ "Rabbit": {{ "kind": "rabbitmq", "publish": 0, "nodes": 3, "queues": {{ "jobs": {{
            "type": "quorum", "node": 0, "consumers": [{{ "node": {node}, "service": "Consumer", "service_time": 0.0206, "prefetch": 20 }}]
        }} }} }} }},
        "faults": [{{ "crash": {{ "component": "Rabbit/0", "at": 5 }} }}]
    }}"#
    );
    let longest = |run: &Run| run.report.requests.latency.max.unwrap_or(f64::NAN);
    Row::new(id, "RabbitMQ 3.10.8", title, config).claim(
        Claim::seconds("no confirms for", 0.0, longest).runs(&Measured::of(id).numbers("/runs", "without_confirms_s")),
    )
}

fn redelivered(run: &Run) -> f64 {
    queue(run, "jobs").redelivered as f64
}

fn quorum_leader() -> Row {
    let id = "rabbit-quorum-leader";
    leader_killed(id, "A quorum queue loses its leader; its consumer is at another node", 1).claim(
        Claim::count("delivered again", 0.0, redelivered).runs(&Measured::of(id).numbers("/runs", "redelivered")),
    )
}

fn quorum_leader_of_consumer() -> Row {
    let id = "rabbit-quorum-leader-of-consumer";
    let again = Measured::of(id).numbers("/runs", "redelivered");
    leader_killed(id, "A quorum queue loses its leader, to which its consumer is connected", 0)
        .claim(Claim::count("delivered again", again[0], redelivered).and(&again[1..]).give_or_take_one())
}

/// A message that is always rejected comes four times. (Of those rejected 31 % came again at once, as many as find nobody waiting.)
fn delivery_limit() -> Row {
    let measured = Measured::of("rabbit-delivery-limit");
    let published = measured.number("/published");
    let poison = measured.number("/poison") / published;
    let jobs = format!(
        r#"{{ "type": "quorum", "delivery_limit": 3, "dead_letter": "dead", "consumers": [{{ "poison": {poison}, {MESSAGE} }}] }}, "dead": {{}}"#
    );
    let row =
        publishing("rabbit-delivery-limit", "A quorum queue with poison messages, delivery limit 3", 180.0, &jobs)
            .claim(Claim::share(
                "dead letters",
                measured.number("/dead") / published,
                share(|jobs| jobs.over_limit.unwrap_or(0)),
            ))
            .claim(Claim::share(
                "delivered again",
                measured.number("/redelivered") / published,
                share(|jobs| jobs.redelivered),
            ));
    times(row, DELIVERY, &measured, "/delivery_of_others", delivery)
}

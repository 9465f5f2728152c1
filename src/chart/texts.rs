//! Every word that a chart shows, apart from names in the configuration.
//!
//! Natively they are English; the page passes its own language. Missing ones stay English.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{kind::ChartKind, number::Units};
use crate::config::schema::Named;

/// The words of charts in one language.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// Titles of charts by [`ChartKind::id`].
    pub titles: Named<String>,
    /// Words of legends and axes, by the keys listed in `WORDS`.
    pub words: Named<String>,
    /// Causes of failures by their names in the report. A cause that is not here is shown by its name.
    pub causes: Named<String>,
    /// Where time goes, by the names in the report's `time_in`. What is not here is shown by its name.
    pub phases: Named<String>,
    /// Names of units, and what separates the decimals.
    pub units: Units,
}

/// Words of legends and axes in English. `{n}` stands for a number.
const WORDS: [(&str, &str); 49] = [
    ("time", "simulated time"),
    ("no_data", "no data yet"),
    ("nothing", "this system has nothing to show here"),
    ("more", "+{n} more"),
    ("beyond", "+{n} beyond"),
    ("succeeded", "succeeded"),
    ("offered", "offered"),
    ("failed", "failed"),
    ("rejected", "rejected"),
    ("other", "other causes"),
    ("all_requests", "all requests"),
    ("per_second", "per second"),
    ("response_time", "response time"),
    ("mean", "mean"),
    ("p50", "p50"),
    ("p95", "p95"),
    ("p99", "p99"),
    ("p999", "p99.9"),
    ("requests", "requests"),
    ("requests_in_process", "requests in process"),
    ("requests_waiting", "requests waiting"),
    ("visits", "requests handled"),
    ("share", "share"),
    ("up", "up"),
    ("down", "down"),
    ("promoted", "promoted to primary"),
    ("handshakes", "handshakes"),
    ("duration", "duration"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
    ("messages", "messages"),
    ("messages_waiting", "messages waiting"),
    ("delay", "delay"),
    ("logins", "logins per second"),
    ("login_succeeded", "logged in"),
    ("login_failed", "login failed"),
    ("operation_time", "operation time"),
    ("writes_behind", "writes behind"),
    ("hit_ratio", "hit ratio"),
    ("no_values", "{n}: no values"),
    ("nothing_chosen", "no series is chosen"),
    ("few_requests", "few requests of that time"),
    ("many_requests", "many"),
    ("mean_time", "mean time of what succeeded"),
    ("instances_up", "instances up"),
    ("baseline_of", "{n} (baseline)"),
    ("name", "name"),
    ("from", "from"),
    ("to", "to"),
];

/// A text with something in the place of each `{n}`.
pub(super) fn filled(text: &str, what: &str) -> String {
    text.replace("{n}", what)
}

impl Texts {
    /// English: nothing but what is said where a language lacks a word.
    pub fn english() -> Self {
        Self::default()
    }

    /// The title of a chart.
    pub fn title(&self, kind: ChartKind) -> String {
        self.titles.get(kind.id()).map_or(kind.english_title(), String::as_str).into()
    }

    /// A word by key; in English if this language lacks it.
    pub fn word(&self, key: &str) -> String {
        let english = || WORDS.iter().find(|(other, _)| *other == key).map_or(key, |(_, word)| word);
        self.words.get(key).map_or_else(english, String::as_str).into()
    }

    /// A word with a number in it.
    pub fn count(&self, key: &str, number: impl ToString) -> String {
        filled(&self.word(key), &number.to_string())
    }

    /// What time is spent on, in words.
    pub fn phase(&self, phase: &str) -> String {
        self.phases.get(phase).map_or(phase, String::as_str).into()
    }

    /// The keys of all words.
    pub fn word_keys() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(key, _)| *key)
    }

    /// A cause of failures in words.
    pub fn cause(&self, cause: &str) -> String {
        self.causes.get(cause).cloned().unwrap_or_else(|| cause.replace('_', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read_json;

    #[test]
    fn a_language_may_be_incomplete() {
        let texts: Texts =
            read_json(r#"{"titles": {"rps": "Запросы"}, "words": {"up": "работает"}}"#).expect("texts are plain JSON");
        assert_eq!(texts.title(ChartKind::Rps), "Запросы");
        assert_eq!(texts.title(ChartKind::Failures), ChartKind::Failures.english_title());
        assert_eq!(texts.word("up"), "работает");
        assert_eq!(texts.word("down"), "down");
        assert_eq!(texts.count("more", 12), "+12 more");
        assert_eq!(filled("{n}{m}{{n} n}{", "№"), "№{m}{№ n}{");
        assert_eq!(texts.cause("queue_full"), "queue full");
    }
}

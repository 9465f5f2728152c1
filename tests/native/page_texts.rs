//! The page's texts know every name that the simulator can show.

use std::collections::BTreeSet;

use web_service_model::{
    chart::{ChartKind, Texts},
    model::{cause::Cause, visit::Phase},
    reality,
    simulation::LOG_KINDS,
};

const ENGLISH: [&str; 2] = [include_str!("../../www/i18n/en.js"), include_str!("../../www/i18n/parts/charts.en.js")];
const RUSSIAN: [&str; 2] = [include_str!("../../www/i18n/ru.js"), include_str!("../../www/i18n/parts/charts.ru.js")];

fn assert_known<'a>(prefix: &str, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        let key = format!("\n  \"{prefix}.{name}\":");
        assert!(ENGLISH.iter().any(|texts| texts.contains(&key)), "English lacks {prefix}.{name}");
        assert!(RUSSIAN.iter().any(|texts| texts.contains(&key)), "Russian lacks {prefix}.{name}");
    }
}

#[test]
fn every_chart_has_a_title_and_its_words() {
    assert_known("chart", ChartKind::ALL.map(ChartKind::id));
    assert_known("chart", [ChartKind::Custom.id()]);
    assert_known("word", Texts::word_keys());
}

#[test]
fn causes_phases_and_events_have_names() {
    assert_known("cause", Cause::ALL.map(Cause::name));
    assert_known("part", Phase::ALL.map(Phase::name));
    assert_known("event", LOG_KINDS);
}

/// What the rows of reality say is said in Russian, too, and nothing else is.
#[test]
fn measurements_are_told_in_russian() {
    let text = include_str!("../../www/i18n/parts/reality.ru.js");
    let entries = text.lines().filter_map(|line| line.trim().strip_prefix("[\"")?.split_once("\", \""));
    let russian: BTreeSet<String> = entries.map(|(english, _)| english.to_owned()).collect();
    let said = reality::rows().into_iter().flat_map(|row| {
        let of_claims = row.claims.iter().flat_map(|claim| [Some(claim.name), claim.known.map(|reason| reason.text)]);
        of_claims.flatten().chain([row.title, row.how]).map(str::to_owned).collect::<Vec<_>>()
    });
    let said: BTreeSet<String> = said.collect();
    assert_eq!(said.difference(&russian).collect::<Vec<_>>(), [""; 0], "Russian lacks them");
    assert_eq!(russian.difference(&said).collect::<Vec<_>>(), [""; 0], "no row says them");
}

/// Whatever kind of event the page names can be asked for: its filter would be refused otherwise, and nothing shown.
#[test]
fn the_page_names_no_other_events() {
    let named = ENGLISH.iter().flat_map(|text| text.lines()).filter_map(|line| line.trim().strip_prefix("\"event."));
    let named: Vec<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() > 20, "{named:?}");
    let unknown: Vec<_> = named.into_iter().filter(|kind| !LOG_KINDS.contains(kind)).collect();
    assert_eq!(unknown, [""; 0]);
}

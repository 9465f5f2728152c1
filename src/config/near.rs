//! Names that somebody may have meant.

/// With more names than this, only the first ones are compared: an error message is not worth seconds.
const NAMES_MAX: usize = 2000;

/// The name most like `wrong`, if one is like it at all.
pub(crate) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = letters(wrong);
    let tolerated = (wrong.len() / 3).clamp(1, 3);
    let near = names.into_iter().take(NAMES_MAX).filter_map(|name| {
        let letters = letters(name);
        let is_possible = letters.len().abs_diff(wrong.len()) <= tolerated;
        let distance = is_possible.then(|| distance(&wrong, &letters))?;
        (distance <= tolerated).then_some((distance, name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The letters of a name, Latin capitals as small ones. (For all alphabets it would take a table of 12 KB.)
fn letters(name: &str) -> Vec<char> {
    name.chars().take(100).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// How many letters must be inserted, left out, replaced or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// How an error names what is known: the nearest name, else the list, else nothing.
pub(crate) fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = nearest(wrong, names.clone()) {
        return format!(" (did you mean `{name}`?)");
    }
    let listed: Vec<String> = names.into_iter().take(21).map(|name| format!("`{name}`")).collect();
    match listed.len() {
        0 => " (there are none)".to_owned(),
        21 => format!(" (known: {}, …)", listed[..20].join(", ")),
        _ => format!(" (known: {})", listed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_recognised() {
        let known = ["service_time", "base_latency", "workers"];
        assert_eq!(nearest("servicetime", known), Some("service_time"));
        assert_eq!(nearest("wrokers", known), Some("workers"));
        assert_eq!(nearest("Workers", known), Some("workers"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(suggestion("x", ["a", "b"]), " (did you mean `a`?)");
        assert_eq!(suggestion("xyz", ["alpha", "beta"]), " (known: `alpha`, `beta`)");
        assert_eq!(suggestion("xyz", []), " (there are none)");
    }
}

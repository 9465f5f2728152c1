//! Names that somebody may have meant.

/// With more names than this, only the first ones are compared: an error message is not worth seconds.
const NAMES_MAX: usize = 2000;
/// Of longer names, only the beginning is compared.
const LETTERS_MAX: usize = 100;

/// The name most like `wrong`, if one is like it at all.
pub(crate) fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let wrong = letters(wrong);
    let tolerated = (wrong.chars().count() / 3).clamp(1, 3);
    let near = names.into_iter().take(NAMES_MAX).map(S::as_ref).filter_map(|name| {
        // Letters that are inserted, left out, replaced or swapped with their neighbour.
        let distance = strsim::osa_distance(&wrong, &letters(name));
        (distance <= tolerated).then_some((distance, name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The beginning of a name in small letters.
fn letters(name: &str) -> String {
    name.chars().take(LETTERS_MAX).flat_map(char::to_lowercase).collect()
}

/// How an error names what is known: the nearest name, else the list, else nothing.
pub(crate) fn suggestion<'a, S: AsRef<str> + ?Sized + 'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a S> + Clone,
) -> String {
    if let Some(name) = nearest(wrong, names.clone()) {
        return format!(" (did you mean `{name}`?)");
    }
    let listed: Vec<String> = names.into_iter().take(21).map(|name| format!("`{}`", name.as_ref())).collect();
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
        assert_eq!(suggestion("xyz", [""; 0]), " (there are none)");
    }
}

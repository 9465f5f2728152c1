//! Names of what is imported: those that were given, as far as they may be names here.

/// Longest name that is made; what makes it different from another one comes after it.
const CHARS_MAX: usize = 80;

/// Names that have been given away.
#[derive(Debug, Default)]
pub struct Names {
    taken: Vec<String>,
}

impl Names {
    /// A name like that one that nobody has yet.
    pub fn take(&mut self, wanted: &str) -> String {
        let plain = plain(wanted);
        let further = (2..).map(|number| format!("{plain} {number}"));
        let mut candidates = std::iter::once(plain.clone()).chain(further);
        let free = candidates.find(|name| !self.taken.contains(name)).unwrap_or(plain);
        self.taken.push(free.clone());
        free
    }
}

/// A name that may be one: letters, digits and a few signs, no reserved word, nothing that looks like an instance of another
/// one (`Shop-0`) or like an endpoint (`Shop.page`), unless it is an address.
fn plain(wanted: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-_:.".contains(c) { c } else { ' ' };
    let letters: String = wanted.chars().take(CHARS_MAX).map(kept).collect();
    let mut name = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() < name.len() && stem.ends_with('-') {
        let place = stem.len() - 1;
        name.replace_range(place..=place, "_");
    }
    match name.as_str() {
        "" => "unnamed".into(),
        "users" | "balancer" | "__proto__" => format!("{name}_"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_differ() {
        let mut names = Names::default();
        let mut take = |wanted| names.take(wanted);
        assert_eq!(take("api.example.com/v1/"), "api.example.com v1");
        assert_eq!(take("api.example.com/v1"), "api.example.com v1 2");
        assert_eq!((take("shop-0"), take("shop-a0"), take("-7")), ("shop_0".into(), "shop-a0".into(), "_7".into()));
        assert_eq!((take("users"), take(" / ")), ("users_".into(), "unnamed".into()));
        assert_eq!(take(&"ж".repeat(500)).chars().count(), CHARS_MAX);
    }
}

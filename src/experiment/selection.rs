//! Which figures of a report are wanted.

use crate::config::near::nearest;

/// Names of figures, in full or, with `*` at the end, by their beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection(pub Vec<String>);

/// A system has no figure of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownMetric {
    /// There is none, but perhaps another was meant.
    #[error("there is no metric `{0}`; did you mean `{1}`?")]
    Near(String, String),
    /// There is none.
    #[error("there is no metric `{0}` (metrics are named as in the report: requests.latency.p99)")]
    None(String),
}

impl Selection {
    /// Positions of the wanted among all names, in order; all of them if nothing is named.
    ///
    /// # Errors
    /// If one that is wanted is not there.
    pub fn positions(&self, names: &[String]) -> Result<Vec<usize>, UnknownMetric> {
        if self.0.is_empty() {
            return Ok((0..names.len()).collect());
        }
        let mut wanted = vec![false; names.len()];
        for pattern in &self.0 {
            let mut found = false;
            for (name, wanted) in names.iter().zip(&mut wanted) {
                if is_match(pattern, name) {
                    (found, *wanted) = (true, true);
                }
            }
            if !found {
                return Err(unknown(pattern, names));
            }
        }
        Ok((0..names.len()).filter(|&position| wanted[position]).collect())
    }

    /// The position of one figure.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn position(name: &str, names: &[String]) -> Result<usize, UnknownMetric> {
        names.iter().position(|other| other == name).ok_or_else(|| unknown(name, names))
    }
}

fn is_match(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => pattern == name,
    }
}

fn unknown(name: &str, names: &[String]) -> UnknownMetric {
    match nearest(name, names.iter().map(String::as_str)) {
        Some(other) => UnknownMetric::Near(name.to_owned(), other.to_owned()),
        None => UnknownMetric::None(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(patterns: &[&str]) -> Result<Vec<usize>, UnknownMetric> {
        let names = ["requests.total", "requests.latency.p99", "auth.failed"].map(str::to_owned);
        Selection(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).positions(&names)
    }

    #[test]
    fn names_and_beginnings_select_in_order() {
        assert_eq!(positions(&[]), Ok(vec![0, 1, 2]));
        assert_eq!(positions(&["auth.failed", "requests.*"]), Ok(vec![0, 1, 2]));
        assert_eq!(positions(&["requests.latency.p99"]), Ok(vec![1]));
    }

    #[test]
    fn a_wrong_name_is_an_error_that_names_the_right_one() {
        let error = |name: &str| positions(&[name]).unwrap_err().to_string();
        assert_eq!(
            error("requests.latency.p9"),
            "there is no metric `requests.latency.p9`; did you mean `requests.latency.p99`?"
        );
        assert!(error("weather*").starts_with("there is no metric `weather*` ("));
    }
}

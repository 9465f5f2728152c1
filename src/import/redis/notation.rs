//! Redis' notation of sizes.

/// Bytes: `100mb` is 100 times 1024², `100m` is 100 times 1000². `None` if it is no size.
pub fn bytes(text: &str) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().ok()?;
    let unit: u64 = match text[digits..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" => 1000,
        "kb" => 1 << 10,
        "m" => 1_000_000,
        "mb" => 1 << 20,
        "g" => 1_000_000_000,
        "gb" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(
            (bytes("100mb"), bytes("2G"), bytes("1k"), bytes("7")),
            (Some(104_857_600), Some(2_000_000_000), Some(1000), Some(7))
        );
        assert_eq!(
            (bytes(""), bytes("mb"), bytes("1.5gb"), bytes("99999999999gb"), bytes("-1")),
            (None, None, None, None, None)
        );
    }
}

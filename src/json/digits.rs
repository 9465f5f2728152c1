//! Floats to decimal digits, the same text as the standard library's.
//!
//! Its way is many times faster, but it is five ways in truth, with tables that cannot be compressed: 7 KB of the
//! page's download. Here one way is exact and short; a report has some hundred numbers.

use super::big::Big;

/// The shortest digits that are read back as the same number, without an exponent: `{}` of the standard library.
pub fn plain(number: f64) -> String {
    written(number, |digits, point| {
        let Ok(before) = usize::try_from(point) else {
            return format!("0.{}{digits}", zeros(point.unsigned_abs() as usize));
        };
        match digits.split_at_checked(before) {
            None | Some((_, "")) => digits.to_owned() + &zeros(before - digits.len()),
            Some(("", behind)) => format!("0.{behind}"),
            Some((whole, behind)) => format!("{whole}.{behind}"),
        }
    })
}

/// The shortest digits with an exponent, `1.5e-7`: `{:e}` of the standard library.
pub fn scientific(number: f64) -> String {
    written(number, |digits, point| {
        let (first, more) = digits.split_at_checked(1).unwrap_or_default();
        let dot = if more.is_empty() { "" } else { "." };
        format!("{first}{dot}{more}e{}", point - 1)
    })
}

/// The number rounded to so many decimals (at most 15), a tie to the even one: `{:.N}` of the standard library. From
/// 2^53 on, where every float is whole, its shortest digits and zeros.
pub fn fixed(number: f64, decimals: usize) -> String {
    let size = number.abs();
    if !number.is_finite() || size >= EXACT_MAX {
        let whole = plain(number);
        return if decimals == 0 || !number.is_finite() { whole } else { format!("{whole}.{}", zeros(decimals)) };
    }
    let power = 10_u64.pow(decimals.min(15) as u32);
    let whole = size as u64;
    let (rest, exponent) = parts(size - whole as f64);
    // A fraction has a negative exponent, so this is exact.
    let exact = u128::from(rest) * u128::from(power);
    let shift = exponent.unsigned_abs().min(127);
    let below = exact & ((1 << shift) - 1);
    let (mut whole, mut behind) = (whole, (exact >> shift) as u64);
    let last = if decimals == 0 { whole } else { behind };
    let half = 1 << (shift - 1);
    behind += u64::from(below > half || below == half && last % 2 == 1);
    if behind == power {
        (whole, behind) = (whole + 1, 0);
    }
    let whole = with_sign(number, whole.to_string());
    if decimals == 0 {
        return whole;
    }
    let behind = behind.to_string();
    format!("{whole}.{}{behind}", zeros(decimals - behind.len()))
}

/// From here on floats are whole numbers.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

fn zeros(count: usize) -> String {
    "0".repeat(count)
}

fn with_sign(number: f64, size: String) -> String {
    if number.is_sign_negative() { format!("-{size}") } else { size }
}

/// Writes a number whose digits somebody arranges: those behind `0.`, and by how many the point moves to the right.
fn written(number: f64, arrange: fn(&str, i32) -> String) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    let size = if number.is_infinite() {
        "inf".to_owned()
    } else if number == 0.0 {
        arrange("0", 1)
    } else {
        let (digits, point) = shortest(number.abs());
        arrange(&digits, point)
    };
    with_sign(number, size)
}

/// A float as a whole number times a power of two.
fn parts(size: f64) -> (u64, i32) {
    let (exponent, fraction) = ((size.to_bits() >> 52) as i32, size.to_bits() & ((1 << 52) - 1));
    let hidden = if exponent > 0 { 1 << 52 } else { 0 };
    (hidden | fraction, exponent.max(1) - 1075)
}

/// The shortest digits behind `0.` that lie nearer to this number than to its neighbours, of those the nearest, and the
/// power of ten that belongs to them. (Steele and White 1990, in whole numbers.)
fn shortest(size: f64) -> (String, i32) {
    let (mantissa, exponent) = parts(size);
    // Below a power of two the neighbour is half as far.
    let is_power = mantissa == 1 << 52 && exponent > -1074;
    // Half the way to a neighbour belongs to the even one of both.
    let is_even = mantissa.is_multiple_of(2);
    // The number is `over / under`, and the ways to the middle between it and its neighbours are in the same unit.
    let [mut over, mut under, mut above, mut below] = [mantissa * 4, 4, 2, if is_power { 1 } else { 2 }].map(Big::new);
    if exponent < 0 {
        under.shift(exponent.unsigned_abs());
    } else {
        [&mut over, &mut above, &mut below].into_iter().for_each(|number| number.shift(exponent as u32));
    }
    // A power of ten that is not too large: log10(2) is 1233 / 4096.
    let mut point = ((mantissa.ilog2() as i32 + exponent) * 1233) >> 12;
    if point < 0 {
        [&mut over, &mut above, &mut below]
            .into_iter()
            .for_each(|number| number.times_power_of_ten(point.unsigned_abs()));
    } else {
        under.times_power_of_ten(point as u32);
    }
    let is_within = |distance: &Big, way: &Big| distance < way || is_even && distance == way;
    while over >= under || is_within(&difference(&under, &over), &above) {
        under.times_plus(10, 0);
        point += 1;
    }
    let mut digits = String::new();
    loop {
        [&mut over, &mut above, &mut below].into_iter().for_each(|number| number.times_plus(10, 0));
        let mut digit = b'0';
        while over >= under {
            over.subtract(&under);
            digit += 1;
        }
        let left = difference(&under, &over);
        let (may_end, may_rise) = (is_within(&over, &below), is_within(&left, &above));
        // That makes 10 of 9 never: the digit before would have risen.
        digit += u8::from(may_rise && (!may_end || over >= left));
        digits.push(char::from(digit));
        if may_end || may_rise {
            return (digits, point);
        }
    }
}

fn difference(larger: &Big, smaller: &Big) -> Big {
    let mut difference = larger.clone();
    difference.subtract(smaller);
    difference
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(number: f64) {
        for number in [number, -number] {
            assert_eq!(plain(number), format!("{number}"));
            assert_eq!(scientific(number), format!("{number:e}"));
            let decimals = if number.abs() < EXACT_MAX { &[0, 1, 2, 3, 7, 12, 15][..] } else { &[] };
            for &decimals in decimals {
                assert_eq!(fixed(number, decimals), format!("{number:.decimals$}"), "{number:e} {decimals}");
            }
        }
    }

    #[test]
    fn special_numbers() {
        for number in [0.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX, f64::EPSILON, 5e-324] {
            check(number);
        }
    }

    #[test]
    fn large_numbers_are_whole() {
        assert_eq!(fixed(1e20, 2), "100000000000000000000.00");
        assert_eq!(fixed(-EXACT_MAX, 0), "-9007199254740992");
        assert_eq!(fixed(f64::NEG_INFINITY, 2), "-inf");
    }

    #[test]
    fn numbers_with_few_digits() {
        for exponent in -30..30 {
            for digits in [1.0, 1.5, 2.5, 9.0, 9.5, 9.995, 99.5, 123.0, 0.3, 0.125, 1234.5678] {
                check(digits * libm::pow(10.0, f64::from(exponent)));
            }
        }
    }

    /// Where the neighbours are not equally far.
    #[test]
    fn powers_of_two_and_their_neighbours() {
        for exponent in 0..2047_u64 {
            let bits = exponent << 52;
            for bits in [bits.saturating_sub(1), bits, bits + 1] {
                check(f64::from_bits(bits));
            }
        }
    }

    /// In quarters, eighths and so on many are as near to one number as to another.
    #[test]
    fn ties() {
        for number in 0..4000 {
            for parts in [2, 8, 64, 1024, 1 << 20] {
                check(f64::from(number) / f64::from(parts));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_float(bits in any::<u64>()) {
            check(f64::from_bits(bits));
        }

        #[test]
        fn floats_of_usual_size(number in -1e6..1e6) {
            check(number);
            check(number / 1e6);
        }
    }
}

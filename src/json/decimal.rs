//! Decimal fractions to floats: the nearest one, and of two that are equally near the even one, as everywhere.
//!
//! The standard library's way is several times faster, but brings a table of 10 KB that cannot be compressed. A
//! configuration has a thousand numbers at most, and nearly all of them take the short way here too.

use super::big::Big;

/// More digits than this can tip the balance only by not being 0.
const DIGITS_MAX: u32 = 800;

/// Powers of ten up to this one are floats without an error.
const EXACT_POWER_MAX: u32 = 22;

/// Reads a number: digits, perhaps with a sign, a decimal point and an exponent. `None` if the text is anything else;
/// infinite if the number is too large.
pub fn parse(text: &str) -> Option<f64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, parse_exponent(exponent)?),
        None => (text, 0),
    };
    let mut digits = Digits::default();
    number.bytes().all(|byte| digits.take(byte)).then_some(())?;
    digits.seen.then(|| sign * digits.times_power_of_ten(exponent))
}

/// What stands behind the `e`. What is out of all bounds stays so when it is cut off.
fn parse_exponent(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let add = |number: i64, byte: u8| number.saturating_mul(10).saturating_add(i64::from(byte - b'0'));
    is_number.then(|| sign * digits.bytes().fold(0, add))
}

/// The digits of a number, and where its decimal point is.
#[derive(Default)]
struct Digits {
    number: Big,
    /// Digits of the number, without zeros in front.
    count: u32,
    /// Digits behind the decimal point; negative if some in front of it are not in the number.
    behind: i64,
    /// Whether there was any digit.
    seen: bool,
    /// Whether there was a decimal point.
    has_point: bool,
    /// Whether a digit that is not in the number was not 0.
    is_more: bool,
}

impl Digits {
    /// Takes the next character; `false` if it cannot stand there.
    fn take(&mut self, byte: u8) -> bool {
        match byte {
            b'0'..=b'9' => self.take_digit(u32::from(byte - b'0')),
            b'.' if !self.has_point => self.has_point = true,
            _ => return false,
        }
        true
    }

    fn take_digit(&mut self, digit: u32) {
        self.seen = true;
        if self.count < DIGITS_MAX {
            self.number.times_plus(10, digit);
            self.count += u32::from(self.number != Big::default());
            self.behind += i64::from(self.has_point);
        } else {
            self.is_more |= digit != 0;
            self.behind -= i64::from(!self.has_point);
        }
    }

    fn times_power_of_ten(mut self, exponent: i64) -> f64 {
        if self.is_more {
            self.number.times_plus(10, 1);
            self.behind += 1;
        }
        let exponent = exponent.saturating_sub(self.behind);
        match exponent.saturating_add(i64::from(self.count)) {
            _ if self.count == 0 => 0.0,
            ..-330 => 0.0,
            311.. => f64::INFINITY,
            _ => nearest(self.number, exponent as i32),
        }
    }
}

/// The float nearest to a number (not 0) times a power of ten.
fn nearest(number: Big, exponent: i32) -> f64 {
    let power = exponent.unsigned_abs();
    if number.bits() <= 53 && power <= EXACT_POWER_MAX {
        // Both are floats without an error, so there is only one rounding.
        let (number, power) = (number.low() as f64, (0..power).fold(1.0, |product, _| product * 10.0));
        return if exponent < 0 { number / power } else { number * power };
    }
    let (mut over, mut under) = (number, Big::new(1));
    if exponent < 0 { &mut under } else { &mut over }.times_power_of_ten(power);
    // The number is `over / under * 2^scale`, and the fraction at least 1 and less than 2.
    let mut scale = over.bits() - under.bits();
    if scale < 0 { &mut over } else { &mut under }.shift(scale.unsigned_abs());
    if over < under {
        over.shift(1);
        scale -= 1;
    }
    match scale {
        // Less than half of the smallest float.
        ..-1075 => return 0.0,
        1024.. => return f64::INFINITY,
        _ => {}
    }
    // Small numbers have fewer bits.
    let mut mantissa = 0_u64;
    for _ in 0..53.min(scale + 1075) {
        mantissa *= 2;
        if over >= under {
            over.subtract(&under);
            mantissa += 1;
        }
        over.shift(1);
    }
    let is_half = over == under;
    mantissa += u64::from(over > under || is_half && mantissa % 2 == 1);
    // The highest of 53 bits is not stored, but adds 1 to the exponent, as does a carry.
    f64::from_bits((((scale + 1022).max(0) as u64) << 52) + mantissa)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the standard library reads it; that also knows infinity by name.
    #[track_caller]
    fn check(text: &str) {
        let theirs = text.parse::<f64>().ok().filter(|_| !text.bytes().any(|byte| b"nN".contains(&byte)));
        assert_eq!(parse(text).map(f64::to_bits), theirs.map(f64::to_bits), "{text}");
    }

    #[test]
    fn numbers_of_all_kinds_are_read() {
        for text in ["0", "-0", "0.0e5", "1", "+1.5", ".5", "5.", "1e22", "1e23", "123456789012345678", "1E-5", "1e+5"]
        {
            check(text);
        }
        let many = "1234567890".repeat(100);
        for text in [many.clone(), format!("0.{many}"), format!("{many}e-1300"), format!("0.{}1", "0".repeat(1000))] {
            check(&text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "-", ".", "e5", "1e", "1e+", "1e5.", "1.2.3", "--1", "1_0", " 1", "inf", "NaN", "0x1", "1e5e5"]
        {
            check(text);
        }
    }

    #[test]
    fn at_the_ends_of_the_range() {
        for text in ["1.7976931348623157e308", "1.7976931348623159e308", "1e309", "1e99999999999999999999", "0e999999"]
        {
            check(text);
        }
        for text in ["2.2250738585072014e-308", "2.2250738585072011e-308", "5e-324", "2e-324", "3e-324", "1e-400"] {
            check(text);
        }
    }

    /// The exact value between two floats, and numbers a hair beside it.
    #[test]
    fn halves_go_to_the_even_one() {
        for bits in
            [1_u64, 2, 0x3ff0_0000_0000_0000, 0x3ff0_0000_0000_0001, 0x000f_ffff_ffff_ffff, 0x4340_0000_0000_0001]
        {
            let (low, high) = (f64::from_bits(bits), f64::from_bits(bits + 1));
            let exact = format!("{:.1100}", low / 2.0 + high / 2.0);
            check(&exact);
            check(&format!("{exact}1"));
        }
        check("9007199254740993");
        check("9007199254740993.00000000000000000000000000000000000000000001");
        check("2.4703282292062327208e-324");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_float_is_read_back(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                check(&format!("{number:e}"));
                check(&format!("{number:.17e}"));
            }
        }

        #[test]
        fn every_decimal_fraction_is_read(text in r"-?[0-9]{0,25}\.?[0-9]{0,25}(e[+-]?[0-9]{1,3})?") {
            check(&text);
        }
    }
}

//! Colours.

use plotters::style::RGBAColor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bounds::Bounded;

/// A colour with opacity. On the wire it is a CSS colour: `#rrggbb`, `#rgb`, `rgb(r, g, b)` or `rgba(r, g, b, a)`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// Opacity, 0 to 1.
    pub alpha: f64,
}

impl Colour {
    /// An opaque colour from its number, such as `0x0072b2`.
    pub const fn hex(number: u32) -> Self {
        Self { red: (number >> 16) as u8, green: (number >> 8) as u8, blue: number as u8, alpha: 1.0 }
    }

    /// The same colour with its opacity multiplied.
    pub fn faded(self, factor: f64) -> Self {
        Self { alpha: (self.alpha * factor).within(0.0, 1.0), ..self }
    }

    /// Reads a CSS colour, as a computed style gives it. `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.strip_prefix('#') {
            Some(digits) => Self::parse_hex(digits),
            None => Self::parse_function(text),
        }
    }

    fn parse_hex(digits: &str) -> Option<Self> {
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            3 => {
                let (red, green, blue) = (number >> 8, (number >> 4) & 15, number & 15);
                Some(Self::hex(((red * 17) << 16) | ((green * 17) << 8) | (blue * 17)))
            }
            6 => Some(Self::hex(number)),
            8 => Some(Self { alpha: f64::from(number & 255) / 255.0, ..Self::hex(number >> 8) }),
            _ => None,
        }
    }

    /// `rgb(0, 114, 178)`, `rgba(0, 114, 178, 0.5)` and the newer `rgb(0 114 178 / 0.5)`.
    fn parse_function(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("rgba").or_else(|| text.strip_prefix("rgb"))?;
        let inner = inner.trim().strip_prefix('(')?.strip_suffix(')')?;
        let parts: Vec<f64> = inner
            .split([',', ' ', '/'])
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().ok().filter(|number: &f64| number.is_finite()))
            .collect::<Option<_>>()?;
        let (rgb, alpha) = match parts.as_slice() {
            [red, green, blue] => ([red, green, blue], 1.0),
            [red, green, blue, alpha] => ([red, green, blue], alpha.within(0.0, 1.0)),
            _ => return None,
        };
        let [red, green, blue] = rgb.map(|part| part.round().within(0.0, 255.0) as u8);
        Some(Self { red, green, blue, alpha })
    }

    pub(super) fn rgba(self) -> RGBAColor {
        RGBAColor(self.red, self.green, self.blue, self.alpha)
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("is not a colour (such as #0072b2 or rgb(0, 114, 178))")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        let Colour { red, green, blue, alpha } = colour;
        if alpha < 1.0 {
            format!("rgba({red}, {green}, {blue}, {alpha})")
        } else {
            format!("#{red:02x}{green:02x}{blue:02x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chart::Style, config::read_json_with_notations};

    #[test]
    fn css_colours_are_read_in_all_their_spellings() {
        let blue = Some(Colour::hex(0x0072b2));
        assert_eq!(Colour::parse(" #0072b2"), blue);
        assert_eq!(Colour::parse("rgb(0, 114, 178)"), blue);
        assert_eq!(Colour::parse("rgb(0 114 178)"), blue);
        assert_eq!(Colour::parse("#fff"), Some(Colour::hex(0xffffff)));
        assert_eq!(Colour::parse("rgba(0, 114, 178, 0.5)"), blue.map(|colour| colour.faded(0.5)));
        assert_eq!(Colour::parse("rgb(0 114 178 / 0.5)"), blue.map(|colour| colour.faded(0.5)));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "#", "#12", "#+12", "#ёё", "blue", "rgb(", "rgb(1,2)", "rgb(a,b,c)", "rgb(1,2,3,4,5)"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_colour_is_named_with_its_place() {
        let style = |text: &str| read_json_with_notations::<Style>(text).map_err(|errors| errors.to_string());
        assert_eq!(style(r##"{ "grid": "#fff" }"##).map(|style| style.grid), Ok(Colour::hex(0xffffff)));
        let wrong = r#"series[1]: "blue" is not a colour (such as #0072b2 or rgb(0, 114, 178))"#;
        assert_eq!(style(r##"{ "series": ["#fff", "blue"] }"##).map(|_| ()), Err(wrong.to_owned()));
    }

    #[test]
    fn a_colour_survives_the_wire() {
        for text in ["#0072b2", "rgba(1, 2, 3, 0.25)"] {
            assert_eq!(Colour::parse(text).map(String::from).as_deref(), Some(text));
        }
    }
}

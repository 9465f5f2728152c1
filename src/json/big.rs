//! Natural numbers of any size: the exact arithmetic behind decimal fractions.

use std::cmp::Ordering;

/// A natural number: its digits to the base 2^32, the lowest first, the highest not 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Big(Vec<u32>);

impl Big {
    /// A small number.
    pub fn new(number: u64) -> Self {
        let mut big = Self(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Its value modulo 2^64.
    pub fn low(&self) -> u64 {
        let digit = |index: usize| self.0.get(index).copied().map_or(0, u64::from);
        digit(0) | digit(1) << 32
    }

    /// Number of binary digits; 0 for 0.
    pub fn bits(&self) -> i32 {
        self.0.last().map_or(0, |top| (self.0.len() * 32) as i32 - top.leading_zeros() as i32)
    }

    /// Multiplies, then adds.
    pub fn times_plus(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Multiplies by 10, so many times.
    pub fn times_power_of_ten(&mut self, mut exponent: u32) {
        while exponent > 0 {
            let step = exponent.min(9);
            self.times_plus(10_u32.pow(step), 0);
            exponent -= step;
        }
    }

    /// Multiplies by 2, so many times.
    pub fn shift(&mut self, bits: u32) {
        self.times_plus(1 << (bits % 32), 0);
        if !self.0.is_empty() {
            self.0.splice(0..0, std::iter::repeat_n(0, bits as usize / 32));
        }
    }

    /// Takes a number away that is not larger.
    pub fn subtract(&mut self, other: &Self) {
        let mut borrow = 0;
        for (index, digit) in self.0.iter_mut().enumerate() {
            let taken = i64::from(other.0.get(index).copied().unwrap_or_default());
            let left = i64::from(*digit) - taken + borrow;
            *digit = left as u32;
            borrow = left >> 32;
        }
        self.trim();
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

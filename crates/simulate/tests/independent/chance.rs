//! Random numbers and laws, made from nothing but uniform bits.

use groma_testing::Dice;

/// A stream of random numbers.
pub struct Chance(Dice);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(Dice::new(seed))
    }

    /// Evenly from zero to one, neither included.
    pub fn unit(&mut self) -> f64 {
        // With a bit more, the largest would be rounded to one.
        ((self.0.bits() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A number evenly from one to the other, both included.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.unit() * (high - low + 1) as f64) as usize
    }

    /// A number from one to the other, evenly by its logarithm, as it is written: with six digits after the point.
    pub fn number(&mut self, low: f64, high: f64) -> f64 {
        let number = low * (high / low).powf(self.unit());
        (number * 1e6).round() / 1e6
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.whole(0, all.len() - 1)]
    }

    /// A time by the exponential law.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.unit().ln()
    }

    /// A normal number, by Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// How times are spread, with their mean in milliseconds.
#[derive(Clone, Copy, Debug)]
pub enum Law {
    Fixed(f64),
    Exponential(f64),
    Uniform(f64),
    /// With the coefficient of variation.
    Lognormal(f64, f64),
}

impl Law {
    pub fn draw(self, chance: &mut Chance) -> f64 {
        match self {
            Law::Fixed(mean) => mean,
            Law::Exponential(mean) => chance.exponential(mean),
            Law::Uniform(mean) => 2.0 * mean * chance.unit(),
            Law::Lognormal(mean, cv) => {
                let variance = (1.0 + cv * cv).ln();
                mean * (variance.sqrt() * chance.normal() - variance / 2.0).exp()
            }
        }
    }

    pub fn mean(self) -> f64 {
        match self {
            Law::Fixed(mean) | Law::Exponential(mean) | Law::Uniform(mean) | Law::Lognormal(mean, _) => mean,
        }
    }
}

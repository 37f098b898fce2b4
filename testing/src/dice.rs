//! Choices by chance: the same seed, the same choices, on every machine.

/// A generator of numbers: SplitMix64 (Steele, Lea and Flood, 2014). Whatever the seed, its numbers look random from the
/// first on.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always roll the same for this seed.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// 64 bits, each as likely set as not.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, each as likely as another; zero below zero.
    pub fn roll(&mut self, sides: usize) -> usize {
        // The high half of the product: what a remainder would prefer, nobody who counts could see.
        ((u128::from(self.bits()) * sides as u128) >> 64) as usize
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }

    /// One of these, if there are any.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.roll(all.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    /// The first numbers of the reference implementation for the seed 1234567.
    #[test]
    fn the_numbers_are_those_that_are_published() {
        let mut dice = Dice::new(1_234_567);
        assert_eq!([dice.bits(), dice.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn each_side_comes_about_as_often() {
        let mut dice = Dice::new(7);
        let mut met = [0_u32; 6];
        (0..6_000).for_each(|_| met[dice.roll(6)] += 1);
        assert!(met.iter().all(|count| (900..1_100).contains(count)), "{met:?}");
        assert_eq!((dice.roll(0), dice.pick::<u8>(&[])), (0, None));
    }
}

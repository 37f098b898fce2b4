//! Random numbers of the laws that weights are drawn from. Logarithms and powers are `libm`'s. Those of `rand_distr` are the platform's as soon as any
//! other crate of the program asks `num-traits` for `std`, and then the last digits are another machine's others.

use rand_core::Rng;

/// A number above 0 and below 1.
fn uniform(random: &mut impl Rng) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}

/// A number of the exponential law with the mean 1.
pub(crate) fn exponential(random: &mut impl Rng) -> f64 {
    -libm::log(uniform(random))
}

/// A number of the standard normal law, by G. Marsaglia's polar method.
fn normal(random: &mut impl Rng) -> f64 {
    loop {
        let (x, y) = (2.0 * uniform(random) - 1.0, 2.0 * uniform(random) - 1.0);
        let square = x * x + y * y;
        if square < 1.0 && square > 0.0 {
            return x * (-2.0 * libm::log(square) / square).sqrt();
        }
    }
}

/// A number of the gamma law of a shape, by G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", 2000.
pub(crate) fn gamma(random: &mut impl Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        let below = libm::pow(uniform(random), 1.0 / shape);
        return gamma(random, shape + 1.0) * below;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(random);
        let v = 1.0 + c * x;
        if v <= 0.0 {
            continue;
        }
        let v = v * v * v;
        if libm::log(uniform(random)) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{exponential, gamma};
    use rand_core::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    /// Mean and variance of a gamma law are its shape, those of the exponential one are 1.
    #[test]
    fn laws_have_their_means_and_variances() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
        let mut moments = |draw: &mut dyn FnMut(&mut Xoshiro256PlusPlus) -> f64| {
            let all: Vec<f64> = (0..200_000).map(|_| draw(&mut random)).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            (mean, all.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / all.len() as f64)
        };
        let near = |seen: f64, is: f64| (seen / is - 1.0).abs() < 0.03;
        let (mean, variance) = moments(&mut |random| exponential(random));
        assert!(near(mean, 1.0) && near(variance, 1.0), "{mean} {variance}");
        for shape in [0.3, 1.0, 2.5, 20.0] {
            let (mean, variance) = moments(&mut |random| gamma(random, shape));
            assert!(near(mean, shape) && near(variance, shape), "{shape}: {mean} {variance}");
        }
    }
}

//! How often a cache has what is asked for, from what is in it.

/// What a cache holds, and how it is asked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cache {
    /// How many different things are asked for.
    pub keys: f64,
    /// How many of them it holds; infinite if it holds all.
    pub entries: f64,
    /// How long it keeps one after it was put in, in seconds; infinite if until it is displaced.
    pub ttl: f64,
    /// How unequally they are asked for: the exponent of Zipf's law. With 0 all are alike.
    pub skew: f64,
}

/// Keys of about the same rank are counted together: each group is so much larger than the one before.
const GROWTH: f64 = 1.05;

impl Cache {
    /// The share of lookups that find something, at so many lookups a second, when the least recently used entry makes
    /// room: Che's approximation (Che, Tung, Wang, "Hierarchical web caching systems", IEEE JSAC 2002), and where entries
    /// expire before they are displaced, that of a cache with a time to live (Jung, Berger, Balakrishnan, "Modeling
    /// TTL-based Internet caches", INFOCOM 2003).
    pub fn hit_ratio(&self, rate: f64) -> f64 {
        let groups = self.groups();
        self.found_after(&groups, rate, self.stays(&groups, rate), f64::INFINITY)
    }

    /// How the share grows from when the cache is empty: what was asked for since is there, until it is displaced or has
    /// expired. As many points as tell the course well.
    pub(crate) fn refill(&self, rate: f64) -> Refill {
        let groups = self.groups();
        let stays = self.stays(&groups, rate);
        let last = self.found_after(&groups, rate, stays, f64::INFINITY);
        let mut points = vec![(0.0, 0.0)];
        let mut time = 0.01 / rate;
        while points.last().is_some_and(|(_, ratio)| *ratio < 0.999 * last) && points.len() < MOST_POINTS {
            points.push((time, self.found_after(&groups, rate, stays, time)));
            time *= 1.25;
        }
        points.push((time, last));
        Refill { points }
    }

    /// The share of lookups that find something, so long after the cache was empty.
    fn found_after(&self, groups: &[(f64, f64)], rate: f64, stays: f64, time: f64) -> f64 {
        let found = |share: f64| {
            let asked = share * rate;
            let since = stays.min(time);
            let present = if since.is_infinite() { 1.0 } else { 1.0 - libm::exp(-asked * since) };
            if self.ttl.is_infinite() {
                return present;
            }
            // How often it is found after it was put in: the next time comes soon enough with this probability, again and
            // again, until it has expired after as many times as fit.
            let soon = if stays.is_infinite() { 1.0 } else { -libm::expm1(-asked * stays) };
            let pause = if stays.is_infinite() { 1.0 / asked } else { 1.0 / asked - stays * (1.0 - soon) / soon };
            let fit = self.ttl / pause;
            let found =
                if 1.0 - soon < 1e-12 { fit } else { soon / (1.0 - soon) * -libm::expm1(fit * libm::log(soon)) };
            present.min(found / (1.0 + found))
        };
        groups.iter().map(|(count, share)| count * share * if *share > 0.0 { found(*share) } else { 0.0 }).sum()
    }

    /// How many keys are how popular: the share of lookups that each of them has.
    fn groups(&self) -> Vec<(f64, f64)> {
        let keys = self.keys.clamp(1.0, 1e12);
        let mut groups = Vec::new();
        let mut rank = 1.0_f64;
        while rank <= keys {
            let count = (rank * (GROWTH - 1.0)).floor().max(1.0).min(keys - rank + 1.0);
            groups.push((count, libm::pow(rank + (count - 1.0) / 2.0, -self.skew)));
            rank += count;
        }
        let total: f64 = groups.iter().map(|(count, weight)| count * weight).sum();
        groups.iter_mut().for_each(|(_, weight)| *weight /= total);
        groups
    }

    /// How long an entry that is not asked for stays until it is displaced, in seconds: as long as it takes until as many
    /// others as there is room for have been asked for.
    fn stays(&self, groups: &[(f64, f64)], rate: f64) -> f64 {
        if self.entries >= self.keys {
            return f64::INFINITY;
        }
        let asked_for = |time: f64| -> f64 {
            groups.iter().map(|(count, share)| count * (1.0 - libm::exp(-share * rate * time))).sum()
        };
        let (mut low, mut high) = (0.0, 1.0 / rate);
        while asked_for(high) < self.entries && high < 1e18 {
            (low, high) = (high, high * 2.0);
        }
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if asked_for(middle) < self.entries { low = middle } else { high = middle }
        }
        high
    }
}

/// So many points of a refill are enough for times that differ by a factor of 10^19.
const MOST_POINTS: usize = 200;

/// How a cache fills that was empty.
#[derive(Clone, Debug)]
pub(crate) struct Refill {
    /// Seconds, and the share of lookups that find something then; the last one is that of all later ones.
    points: Vec<(f64, f64)>,
}

impl Refill {
    /// The share of lookups that find something so many seconds after the cache was empty; `None` if it is as full as it
    /// becomes.
    pub(crate) fn ratio(&self, time: f64) -> Option<f64> {
        let after = self.points.partition_point(|(point, _)| *point <= time);
        let (from, to) = (self.points.get(after.checked_sub(1)?)?, self.points.get(after)?);
        Some(from.1 + (to.1 - from.1) * (time - from.0) / (to.0 - from.0))
    }

    /// How long it takes until it finds nearly as much as before, in seconds.
    pub(crate) fn length(&self) -> f64 {
        self.points.last().map_or(0.0, |(time, _)| *time)
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;

    const ALL_ALIKE: Cache = Cache { keys: 1_000.0, entries: f64::INFINITY, ttl: f64::INFINITY, skew: 0.0 };

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() < 0.005, "{value} {expected}");
    }

    #[test]
    fn what_is_exact_comes_out() {
        close(ALL_ALIKE.hit_ratio(50.0), 1.0);
        // If all are alike, what is asked for is there as often as there is room.
        close(Cache { entries: 250.0, ..ALL_ALIKE }.hit_ratio(50.0), 0.25);
        // With a time to live, one miss is followed by as many hits as come in that time: 0.05/s x 60 s.
        close(Cache { ttl: 60.0, ..ALL_ALIKE }.hit_ratio(50.0), 3.0 / 4.0);
    }

    /// Keys that expire although they are asked for often: against a cache that does both (10,000 keys, Zipf 1.2, room for
    /// 200, 100 lookups a second), simulated elsewhere for two hours.
    #[test]
    fn what_is_kept_expires_too() {
        let cache = Cache { keys: 10_000.0, entries: 200.0, ttl: f64::INFINITY, skew: 1.2 };
        for (ttl, missed) in [(f64::INFINITY, 0.272), (12.0, 0.295), (8.0, 0.310), (5.0, 0.337)] {
            let found = Cache { ttl, ..cache }.hit_ratio(100.0);
            assert!((1.0 - found - missed).abs() < 0.01, "{ttl}: {} instead of {missed}", 1.0 - found);
        }
    }

    /// A thousand keys alike, ten lookups a second: after 100 s each was asked for once on average.
    #[test]
    fn what_was_asked_for_is_there_again() {
        let refill = ALL_ALIKE.refill(10.0);
        close(refill.ratio(0.0).unwrap(), 0.0);
        close(refill.ratio(100.0).unwrap(), 1.0 - (-1.0_f64).exp());
        assert!(refill.ratio(2.0 * refill.length()).is_none() && refill.length() > 500.0);
        // With room for half of them, as full as it becomes after ln 2 of that time.
        let small = Cache { entries: 500.0, ..ALL_ALIKE }.refill(10.0);
        close(small.ratio(50.0).unwrap(), 1.0 - (-0.5_f64).exp());
        assert!((small.length() - 69.3).abs() < 20.0, "{}", small.length());
    }

    /// Zipf with exponent 1: 1,000 keys, room for 100.
    #[test]
    fn unequal_keys_are_found_more_often() {
        let cache = Cache { entries: 100.0, skew: 1.0, ..ALL_ALIKE };
        let exact = simulated(1_000, 100, 1.0);
        assert!((cache.hit_ratio(10.0) - exact).abs() < 0.01, "{} {exact}", cache.hit_ratio(10.0));
        assert!(cache.hit_ratio(10.0) > Cache { skew: 0.0, ..cache }.hit_ratio(10.0));
    }

    /// A cache, asked for a while.
    fn simulated(keys: usize, entries: usize, skew: f64) -> f64 {
        let mut sum = 0.0;
        let shares: Vec<f64> = (1..=keys)
            .map(|rank| {
                sum += (rank as f64).powf(-skew);
                sum
            })
            .collect();
        let mut stream = crate::distribution::stream(1, 1, 1, 1);
        let mut held: Vec<usize> = Vec::new();
        let (mut hits, lookups) = (0.0, 300_000);
        for nth in 0..2 * lookups {
            let drawn = crate::distribution::uniform(&mut stream) * sum;
            let key = shares.partition_point(|share| *share < drawn);
            let known = held.iter().position(|other| *other == key);
            hits += if known.is_some() && nth >= lookups { 1.0 } else { 0.0 };
            match known {
                Some(at) => drop(held.remove(at)),
                None if held.len() == entries => drop(held.remove(0)),
                None => {}
            }
            held.push(key);
        }
        hits / f64::from(lookups)
    }
}

//! Closed forms of queueing theory and reliability that forecasts are compared with and do not need themselves. Rates are per
//! second, times in seconds.
//!
//! Sources: Kleinrock, *Queueing Systems I* (1975); Gross et al., *Fundamentals of Queueing Theory* (4th ed., 2008);
//! Harchol-Balter, *Performance Modeling and Design of Computer Systems* (2013); Lazowska et al., *Quantitative System
//! Performance* (1984).

use groma_simulate::queueing::{Queue, erlang_c, mmc};

/// The share of requests that take longer than `time` in M/M/c, waiting and service together.
pub fn mmc_tail(rate: f64, service: f64, servers: u32, time: f64) -> f64 {
    let mu = 1.0 / service;
    let spare = f64::from(servers) * mu - rate;
    if spare <= 0.0 {
        return 1.0;
    }
    let waits = erlang_c(rate * service, servers);
    // The response is a service, after a wait of rate `spare` with probability `waits`.
    if (spare - mu).abs() < 1e-9 * mu {
        return (-mu * time).exp() * (1.0 + waits * mu * time);
    }
    let unloaded_time = (-mu * time).exp();
    let queued = (spare * (-mu * time).exp() - mu * (-spare * time).exp()) / (spare - mu);
    (1.0 - waits) * unloaded_time + waits * queued
}

/// The time within which a share of requests is answered in M/M/c: its quantile, by bisection to 1e-12 of the result.
pub fn mmc_quantile(rate: f64, service: f64, servers: u32, share: f64) -> Option<f64> {
    mmc(rate, service, servers)?;
    let (mut low, mut high) = (0.0, service);
    while mmc_tail(rate, service, servers, high) > 1.0 - share {
        high *= 2.0;
    }
    while high - low > 1e-12 * high {
        let middle = f64::midpoint(low, high);
        if mmc_tail(rate, service, servers, middle) > 1.0 - share { low = middle } else { high = middle }
    }
    Some(f64::midpoint(low, high))
}

/// M/M/c/K: at most `places` requests there, waiting or served; one more is turned away. From the balance equations.
pub fn mmck(rate: f64, service: f64, servers: u32, places: u32) -> Queue {
    let places = places.max(servers);
    // Each state relative to the likeliest, in logarithms, so that nothing overflows.
    let mut logs = vec![0.0_f64];
    for there in 1..=places {
        let served = f64::from(there.min(servers));
        logs.push(logs[there as usize - 1] + (rate * service / served).ln());
    }
    let most = logs.iter().copied().fold(f64::MIN, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
    let total: f64 = weights.iter().sum();
    let mean = |value: &dyn Fn(u32) -> f64| -> f64 {
        weights.iter().enumerate().map(|(there, weight)| value(there as u32) * weight).sum::<f64>() / total
    };
    let loss = weights[places as usize] / total;
    let throughput = rate * (1.0 - loss);
    let present = mean(&f64::from);
    let waiting = mean(&|there| f64::from(there.saturating_sub(servers)));
    let busy = mean(&|there| f64::from(there.min(servers)));
    Queue {
        utilization: busy / f64::from(servers),
        loss,
        throughput,
        wait: waiting / throughput,
        response: present / throughput,
    }
}

/// M/G/1: one server, service of mean `service` and squared coefficient of variation `scv`, by Pollaczek and Khinchine.
/// `None` if the server cannot keep up.
pub fn mg1(rate: f64, service: f64, scv: f64) -> Option<Queue> {
    let utilization = rate * service;
    if utilization >= 1.0 {
        return None;
    }
    let wait = utilization * service * (1.0 + scv) / (2.0 * (1.0 - utilization));
    Some(Queue { utilization, loss: 0.0, throughput: rate, wait, response: wait + service })
}

/// M/G/1 with processor sharing: the mean does not depend on the law of the service times.
pub fn mg1_shared(rate: f64, service: f64) -> Option<Queue> {
    let utilization = rate * service;
    (utilization < 1.0).then(|| {
        let response = service / (1.0 - utilization);
        Queue { utilization, loss: 0.0, throughput: rate, wait: response - service, response }
    })
}

/// Mean waits by class, first the most urgent, in M/M/1 where the urgent go first but interrupt nobody (Cobham, 1954).
pub fn priority_waits(rates: &[f64], service: f64) -> Vec<f64> {
    let residual: f64 = rates.iter().sum::<f64>() * service * service;
    let mut urgent = 0.0;
    let wait = |rate: &f64| {
        let before = 1.0 - urgent;
        urgent += rate * service;
        residual / (before * (1.0 - urgent))
    };
    rates.iter().map(wait).collect()
}

/// M/M/c+M (Erlang A): those who wait give up at the rate `impatience`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Abandonment {
    /// The share that gives up.
    pub abandoned: f64,
    /// How many wait, on average.
    pub waiting: f64,
    /// The mean wait of all, those who give up included.
    pub wait: f64,
    /// The share of the servers in use.
    pub utilization: f64,
}

/// M/M/c+M from its balance equations, cut off where a state is less than 1e-15 as likely as the likeliest.
pub fn abandonment(rate: f64, service: f64, servers: u32, impatience: f64) -> Abandonment {
    let mut weights = vec![1.0_f64];
    let mut most = 1.0_f64;
    let mut there = 0_u32;
    loop {
        there += 1;
        let leaving = f64::from(there.min(servers)) / service + f64::from(there.saturating_sub(servers)) * impatience;
        let next = weights[there as usize - 1] * rate / leaving;
        weights.push(next);
        most = most.max(next);
        if there > servers && next < most * 1e-15 {
            break;
        }
        if most > 1e200 {
            weights.iter_mut().for_each(|weight| *weight /= most);
            most = 1.0;
        }
    }
    let total: f64 = weights.iter().sum();
    let mean = |value: &dyn Fn(u32) -> f64| -> f64 {
        weights.iter().enumerate().map(|(there, weight)| value(there as u32) * weight).sum::<f64>() / total
    };
    let waiting = mean(&|there| f64::from(there.saturating_sub(servers)));
    let busy = mean(&|there| f64::from(there.min(servers)));
    Abandonment {
        abandoned: waiting * impatience / rate,
        waiting,
        wait: waiting / rate,
        utilization: busy / f64::from(servers),
    }
}

/// What a closed load gets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Closed {
    /// Requests a second.
    pub throughput: f64,
    /// Seconds a request takes.
    pub response: f64,
}

/// Exact mean value analysis (Reiser and Lavenberg, 1980) of `users` who think for `think` seconds and then visit
/// stations of one server each, with these service demands.
pub fn mva(demands: &[f64], think: f64, users: u32) -> Closed {
    let mut queues = vec![0.0; demands.len()];
    let mut result = Closed { throughput: 0.0, response: demands.iter().sum() };
    for user in 1..=users {
        let times: Vec<f64> = demands.iter().zip(&queues).map(|(demand, queue)| demand * (1.0 + queue)).collect();
        let response: f64 = times.iter().sum();
        let throughput = f64::from(user) / (think + response);
        queues = times.iter().map(|time| throughput * time).collect();
        result = Closed { throughput, response };
    }
    result
}

/// `users` who think and then need one of `servers` for `service` seconds: the machine repairman, M/M/c//N, exactly.
pub fn repairman(users: u32, think: f64, service: f64, servers: u32) -> Closed {
    // The likelihood of each number of users there, relative to the likeliest, in logarithms.
    let mut logs = vec![0.0_f64];
    for there in 1..=users {
        let arriving = f64::from(users - there + 1) / think;
        let leaving = f64::from(there.min(servers)) / service;
        logs.push(logs[there as usize - 1] + (arriving / leaving).ln());
    }
    let most = logs.iter().copied().fold(f64::MIN, f64::max);
    let (mut total, mut present, mut busy) = (0.0, 0.0, 0.0);
    for (there, log) in logs.iter().enumerate() {
        let weight = (log - most).exp();
        total += weight;
        present += weight * there as f64;
        busy += weight * f64::from((there as u32).min(servers));
    }
    let throughput = busy / total / service;
    Closed { throughput, response: present / total / throughput }
}

/// The asymptotic bounds of a closed load (Lazowska et al., chapter 5): the most throughput and the least response, for
/// stations of these demands and numbers of servers.
pub fn closed_bounds(demands: &[(f64, u32)], think: f64, users: u32) -> Closed {
    let unloaded_time: f64 = demands.iter().map(|(demand, _)| demand).sum();
    let capacity = demands.iter().map(|(demand, servers)| f64::from(*servers) / demand).fold(f64::INFINITY, f64::min);
    let users = f64::from(users);
    let throughput = capacity.min(users / (think + unloaded_time));
    Closed { throughput, response: unloaded_time.max(users / capacity - think) }
}

/// The mean response of two parallel M/M/1 queues that both must answer (Flatto and Hahn 1984; Nelson and Tantawi 1988).
pub fn fork_join_2(rate: f64, service: f64) -> Option<f64> {
    let utilization = rate * service;
    (utilization < 1.0).then(|| (12.0 - utilization) / 8.0 * service / (1.0 - utilization))
}

/// The mean of the longest of `count` independent exponential times of mean 1: a harmonic number.
pub fn longest_of(count: u32) -> f64 {
    (1..=count).map(|nth| 1.0 / f64::from(nth)).sum()
}

/// The time within which the longest of `count` exponential times of mean 1 is over with this probability.
pub fn longest_of_quantile(count: u32, share: f64) -> f64 {
    -(1.0 - share.powf(1.0 / f64::from(count))).ln()
}

/// The share of requests that meet at least one slow answer, of `count` of which each is slow with this probability
/// (Dean and Barroso, *The Tail at Scale*, 2013).
pub fn any_slow(slow: f64, count: u32) -> f64 {
    1.0 - (1.0 - slow).powi(count as i32)
}

/// How many calls one request becomes when each fails with probability `failure` and is tried up to `attempts` times.
pub fn retry_load(failure: f64, attempts: u32) -> f64 {
    (0..attempts).map(|nth| failure.powi(nth as i32)).sum()
}

/// The hit ratio of an LRU cache of `capacity` among `objects` objects whose popularity follows Zipf's law with this
/// exponent, by Che's approximation (Che, Tung and Wang, 2002).
pub fn lru_hit_ratio(objects: u32, zipf: f64, capacity: u32) -> f64 {
    if capacity >= objects {
        return 1.0;
    }
    let weights: Vec<f64> = (1..=objects).map(|rank| f64::from(rank).powf(-zipf)).collect();
    let total: f64 = weights.iter().sum();
    let held = |time: f64| weights.iter().map(|weight| 1.0 - (-weight / total * time).exp()).sum::<f64>();
    let (mut low, mut high) = (0.0, f64::from(capacity));
    while held(high) < f64::from(capacity) {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if held(middle) < f64::from(capacity) { low = middle } else { high = middle }
    }
    weights.iter().map(|weight| weight / total * (1.0 - (-weight / total * high).exp())).sum()
}

/// The availability of what needs all of these.
pub fn series(parts: impl IntoIterator<Item = f64>) -> f64 {
    parts.into_iter().product()
}

/// The seconds of a window that an objective leaves for failures.
pub fn budget(objective: f64, window: f64) -> f64 {
    (1.0 - objective) * window
}

/// An alert on the burn rate of an error budget, over a long window and a short one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BurnAlert {
    /// The objective, such as 0.999.
    pub objective: f64,
    /// The window of the objective, in seconds.
    pub window: f64,
    /// The long window, in seconds.
    pub long: f64,
    /// The short window, in seconds.
    pub short: f64,
    /// How many times too fast the budget must burn.
    pub burn: f64,
}

impl BurnAlert {
    /// The share of the budget that is gone when the alert has burned for its long window.
    pub fn budget_consumed(&self) -> f64 {
        self.burn * self.long / self.window
    }

    /// The share of errors at which it fires.
    pub fn threshold(&self) -> f64 {
        self.burn * (1.0 - self.objective)
    }

    /// The seconds until the budget is gone at this rate.
    pub fn exhausted_after(&self) -> f64 {
        self.window / self.burn
    }

    /// The seconds after which it fires when this share of requests fails from now on; `None` if never.
    pub fn detected_after(&self, errors: f64) -> Option<f64> {
        let share = self.threshold() / errors;
        (share <= 1.0).then(|| (share * self.long).max(share * self.short))
    }

    /// The seconds after the end of a total outage until the short window lets it end.
    pub fn reset_after(&self) -> f64 {
        self.short * (1.0 - self.threshold())
    }
}

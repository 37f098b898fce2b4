//! Closed forms of queueing theory. Rates are per second, times in seconds.
//!
//! Sources: Kleinrock, *Queueing Systems I* (1975); Gross et al., *Fundamentals of Queueing Theory* (4th ed., 2008);
//! Harchol-Balter, *Performance Modeling and Design of Computer Systems* (2013); Lazowska et al., *Quantitative System
//! Performance* (1984).

/// What a queue is like in the long run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Queue {
    /// The share of the servers in use, 0 to 1.
    pub utilization: f64,
    /// The share of arrivals that are turned away.
    pub loss: f64,
    /// Requests a second that are served.
    pub throughput: f64,
    /// Seconds a served request waits before it is served, on average.
    pub wait: f64,
    /// Seconds a served request is there in all, on average.
    pub response: f64,
}

impl Queue {
    /// The number of requests there, waiting or served, by Little's law.
    pub fn present(&self) -> f64 {
        self.throughput * self.response
    }

    /// The number of requests that wait, by Little's law.
    pub fn waiting(&self) -> f64 {
        self.throughput * self.wait
    }
}

/// Erlang's B formula: the share of calls that find all `servers` busy, with `load` erlangs offered and no queue.
/// By the recursion of Jagerman, which does not overflow.
pub fn erlang_b(load: f64, servers: u32) -> f64 {
    let mut inverse = 1.0;
    for server in 1..=servers {
        inverse = 1.0 + inverse * f64::from(server) / load;
    }
    if load == 0.0 { 0.0 } else { 1.0 / inverse }
}

/// Erlang's C formula: the share of requests that must wait in M/M/c. 1 if the servers cannot keep up.
pub fn erlang_c(load: f64, servers: u32) -> f64 {
    let servers_f = f64::from(servers);
    if load >= servers_f {
        return 1.0;
    }
    let blocked = erlang_b(load, servers);
    blocked / (1.0 - load / servers_f * (1.0 - blocked))
}

/// M/M/c: Poisson arrivals, exponential service of mean `service`, `servers` servers, first come first served.
/// `None` if the servers cannot keep up.
pub fn mmc(rate: f64, service: f64, servers: u32) -> Option<Queue> {
    let load = rate * service;
    let spare = f64::from(servers) - load;
    if spare <= 0.0 {
        return None;
    }
    let wait = erlang_c(load, servers) * service / spare;
    let utilization = load / f64::from(servers);
    Some(Queue { utilization, loss: 0.0, throughput: rate, wait, response: wait + service })
}

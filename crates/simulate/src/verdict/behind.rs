//! What goes on behind the answer to a request: nobody waits for it, and its times and its success have nothing of it.

use crate::metric::Metric;
use crate::number::{of_metric, share, time};
use std::fmt;

/// Work of a flow that its times have nothing of, as nobody waits for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Behind {
    /// The names of the stations that do it.
    pub stations: Vec<String>,
    /// How long they work on one request, on average, in seconds; `None` if more and more is left for them.
    pub work: Option<f64>,
    /// The mean time until the answer, in seconds.
    pub answered: f64,
}

impl Behind {
    /// Whether it is more than what is done before the answer: then the times tell little of when all is done.
    pub fn is_most(&self) -> bool {
        self.work.is_none_or(|work| work > self.answered)
    }
}

impl fmt::Display for Behind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = groma_base::list_words(self.stations.iter().map(String::as_str), "and");
        match self.work {
            Some(work) => {
                let works = if self.stations.len() == 1 { "works" } else { "work" };
                write!(out, "timed to its answer, behind which {names} {works} on for {}", time(work))
            }
            None => write!(out, "timed to its answer, behind which more and more is left to do for {names}"),
        }
    }
}

/// Calls that fail and that nobody waits for: whoever sends a message has his answer all the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Lost {
    /// The name of the station that they go to.
    pub station: String,
    /// Which share of them fails.
    pub share: f64,
}

impl fmt::Display for Lost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of the calls to {} fail, and nobody waits for them", share(self.share), self.station)
    }
}

/// Work that nobody waits for and that keeps up with less than could be answered.
#[derive(Clone, PartialEq, Debug)]
pub struct BehindLimit {
    /// The name of the station that does it.
    pub station: String,
    /// The name of the one that calls it there, if one does.
    pub from: Option<String>,
    /// With how many requests a second of what is required it keeps up.
    pub most: f64,
    /// How many could be answered a second, if what is waited for has a limit.
    pub answers: Option<f64>,
    /// Whether its queue grows with more; else what is more is turned away or gives up.
    pub grows: bool,
    /// Whether what is required is limited by it, not by its answers alone.
    pub is_counted: bool,
}

impl fmt::Display for BehindLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |rate: f64| of_metric(Metric::Throughput, rate);
        let (station, most) = (&self.station, rate(self.most));
        let called = self.from.as_ref().map(|from| format!(", called by {from}")).unwrap_or_default();
        if self.is_counted {
            write!(out, "nobody waits for {station}{called}, but with more its queue grows without end")?;
            let Some(answers) = self.answers else { return Ok(()) };
            return write!(out, "; answers alone could come at {}", rate(answers));
        }
        let more = if self.grows { "with more its queue grows without end" } else { "what is more is turned away" };
        write!(
            out,
            "answers alone are counted: {station}{called}, for which nobody waits, keeps up with {most}, and {more}"
        )
    }
}

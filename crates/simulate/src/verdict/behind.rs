//! What goes on behind the answer to a request: nobody waits for it, and its times and its success have nothing of it.

use crate::number::{share, time};
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

//! How far the work is: a line on a terminal, while something takes long.

use crate::output::print_progress;
use groma_simulate::number::time;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// What is quicker than this needs no line.
const SOON: Duration = Duration::from_millis(500);

/// The line that tells how far the work is. It is taken away when this is dropped.
pub(crate) struct ProgressLine {
    is_shown: bool,
    began: Instant,
}

impl ProgressLine {
    /// One on standard error, if that is a terminal and the output is not read by a program.
    pub(crate) fn new(is_for_programs: bool) -> ProgressLine {
        let is_piped = is_for_programs && !std::io::stdout().is_terminal();
        ProgressLine { is_shown: std::io::stderr().is_terminal() && !is_piped, began: Instant::now() }
    }

    /// Tells what is being done, and how much of it is done already.
    pub(crate) fn part(&self, what: &str, (nth, count): (usize, usize), done: f64) {
        if self.is_shown && self.began.elapsed() > SOON {
            let share = (nth as f64 + done) / count as f64;
            let left = time(self.began.elapsed().as_secs_f64() * (1.0 - share) / share.max(0.01));
            print_progress(&format!("{what} {} of {count}: {:3.0}%, about {left} left ", nth + 1, done * 100.0));
        }
    }

    /// Tells what is being done, where nobody knows how long it takes.
    pub(crate) fn now(&self, what: &str) {
        if self.is_shown {
            print_progress(what);
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.is_shown {
            print_progress("");
        }
    }
}

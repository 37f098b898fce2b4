//! The only place that prints, and what a command's end means for the exit code.

use groma_base::printable;
use groma_session::{NoAnswer, Refusal, describe};
use std::io::{IsTerminal, Write};

/// How a command ended, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Exit {
    /// All is well: exit code 0.
    Clean,
    /// There are findings: exit code 1.
    Findings,
    /// The input could not be used, which has been said: exit code 2.
    Unusable,
}

/// Why a command could not be carried out.
pub(crate) enum Failure {
    /// The call or the input cannot be used: exit code 2.
    Message {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// The workspace, perhaps with a change, cannot be forecast: exit code 2.
    Refused {
        /// Why.
        refusal: Box<Refusal>,
        /// The change that was asked for, if that is what cannot be forecast.
        change: Option<String>,
    },
    /// The reader of the output went away: nothing more to say.
    ClosedPipe,
    /// The user interrupted: exit code 130.
    Interrupted,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure::Message { message: message.into(), help: None }
    }

    /// A workspace that cannot be forecast as it is.
    pub(crate) fn refused(refusal: Refusal) -> Failure {
        Failure::Refused { refusal: Box::new(refusal), change: None }
    }

    /// A question about changes that has no answer.
    pub(crate) fn unanswered(why: NoAnswer) -> Failure {
        match why {
            NoAnswer::NoChange { words, reason } => Failure::new(format!("`{words}`: {reason}")),
            NoAnswer::Twice { spellings } => Failure::new(format!("{} is changed twice", once(&spellings)))
                .help("give it one value; `groma sweep` compares several"),
            NoAnswer::Refused { refusal, words } => Failure::Refused { refusal, change: Some(words) },
            NoAnswer::NoRequirement => Failure::new("the change takes the requirement away"),
            NoAnswer::Cancelled => Failure::Interrupted,
        }
    }

    pub(crate) fn help(self, text: impl Into<String>) -> Failure {
        match self {
            Failure::Message { message, .. } => Failure::Message { message, help: Some(text.into()) },
            other => other,
        }
    }
}

/// What two spellings mean, as the beginning of a sentence about it.
pub(crate) fn once([first, second]: &[String; 2]) -> String {
    if first == second { format!("`{first}`") } else { format!("`{first}` is the same as `{second}`, and") }
}

/// Writes a text to standard output. Nothing in it reaches a terminal as a command, whatever it was made from.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(printable(text).as_bytes())
}

/// Writes data to standard output, or a text with colours of Groma's own in it.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::new(format!("cannot write to standard output: {}", describe(&error))),
    })
}

/// Writes talk to standard error, as [`print`] does.
pub(crate) fn print_error(text: &str) {
    print_error_bytes(printable(text).as_bytes());
}

/// Writes a text with colours of Groma's own to standard error. If nobody listens, nothing can be done.
pub(crate) fn print_error_bytes(bytes: &[u8]) {
    let _ = std::io::stderr().lock().write_all(bytes);
}

/// Writes how far the work is over the line that said so before; an empty text takes that line away.
pub(crate) fn print_progress(text: &str) {
    print_error_bytes(format!("\r{}\x1b[K", printable(text)).as_bytes());
}

/// Says what is wrong, and what to do about it.
pub(crate) fn print_failure(message: &str, help: Option<&str>) {
    let help = help.map(|help| format!("help: {help}\n")).unwrap_or_default();
    print_error(&format!("error: {message}\n{help}"));
}

/// Whether a stream is a terminal that may be coloured: see <https://no-color.org>.
pub(crate) fn wants_color(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

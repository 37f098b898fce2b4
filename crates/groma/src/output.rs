//! The only place that prints, and what a command's end means for the exit code.

use std::io::{IsTerminal, Write};

/// How a command ended, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Outcome {
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
    /// The reader of the output went away: nothing more to say.
    ClosedPipe,
    /// The user interrupted: exit code 130.
    Interrupted,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure::Message { message: message.into(), help: None }
    }

    pub(crate) fn help(self, text: impl Into<String>) -> Failure {
        match self {
            Failure::Message { message, .. } => Failure::Message { message, help: Some(text.into()) },
            other => other,
        }
    }
}

/// Writes data to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Writes data to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::new(format!("cannot write to standard output: {error}")),
    })
}

/// Writes talk to standard error. If nobody listens, nothing can be done.
pub(crate) fn print_error(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
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

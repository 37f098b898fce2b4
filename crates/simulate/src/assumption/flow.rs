//! What is taken to be so of single flows.

use std::fmt;

/// What was taken to be so of a flow.
#[derive(Clone, PartialEq, Debug)]
pub enum FlowAssumption {
    /// An answer where no call is open.
    IdleAnswer {
        /// What it is called.
        answer: String,
        /// The title of the flow.
        flow: String,
    },
    /// From when a flow is timed that no person begins.
    Timed {
        /// The title of the flow.
        flow: String,
        /// The path of who begins it.
        first: String,
        /// Whether that is a queue, which delivers a message.
        is_queue: bool,
    },
    /// Calls whose block says what is called in turn, and that have no time of their own.
    WithoutTime {
        /// The title of the flow.
        flow: String,
        /// The paths of who is called.
        callees: Vec<String>,
    },
    /// A block that both waits for something and sets something off is done as a whole before what follows it.
    HeldUp {
        /// The title of the flow.
        flow: String,
    },
}

impl fmt::Display for FlowAssumption {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlowAssumption::IdleAnswer { answer, flow } => write!(
                out,
                "\"{answer}\" in \"{flow}\" answers nothing where it stands: nobody waits for it there, and in a `miss`, `repeat` or `parallel` only calls that are made there are answered"
            ),
            FlowAssumption::Timed { flow, first, is_queue } => {
                let begins = if *is_queue { "the message has arrived" } else { "it is triggered" };
                write!(
                    out,
                    "\"{flow}\" begins at {first} and is timed from when {begins} until the work that {first} starts is done"
                )
            }
            FlowAssumption::WithoutTime { flow, callees } => {
                let whose = if callees.len() == 1 { "its" } else { "their" };
                let callees = groma_base::list_words(callees.iter().map(String::as_str), "and");
                write!(out, "in \"{flow}\" the own time of {callees} is 0: only {whose} calls take time (no `time=`)")
            }
            FlowAssumption::HeldUp { flow } => write!(
                out,
                "where a block in \"{flow}\" both waits for something and triggers something, both finish before what follows"
            ),
        }
    }
}

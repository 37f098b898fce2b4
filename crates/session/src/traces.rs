//! Reads the recorded arrivals that loads name.

use groma_model::Trace;
use rustc_hash::FxHashMap;

/// At most this many lines that say nothing are told of.
const MOST_TOLD: usize = 3;

/// The arrivals in a CSV file: on each line the seconds since any moment and, if there are several, the flow. A first
/// line of headings is passed over. Unless it is `is_quoted`, nothing of the file is told.
///
/// # Errors
/// If a line of it cannot be read; with what to do.
pub(crate) fn parse(bytes: &[u8], is_quoted: bool) -> Result<Trace, (String, &'static str)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let (mut arrivals, mut flows, mut wrong) = (Vec::new(), Flows::default(), Vec::new());
    for (at, record) in reader.records().enumerate() {
        let (time, flow) = match &record {
            Ok(record) => (record.get(0).unwrap_or_default(), record.get(1).filter(|name| !name.is_empty())),
            Err(_) => ("what is no text", None),
        };
        let line = record.as_ref().ok().and_then(|record| record.position()).map_or(at as u64 + 1, csv::Position::line);
        match time.parse().ok().filter(|time: &f64| time.is_finite()) {
            Some(time) => arrivals.push((time, flow.map(|name| flows.number(name)))),
            None if at == 0 => {}
            None if is_quoted => wrong.push(format!("line {line}: `{}`", time.chars().take(40).collect::<String>())),
            None => wrong.push(format!("line {line}")),
        }
    }
    if !wrong.is_empty() {
        let count = wrong.len();
        wrong.truncate(MOST_TOLD);
        let more = if count > MOST_TOLD { format!(" and {} more", count - MOST_TOLD) } else { String::new() };
        let message = format!("a line must begin with a number of seconds: {}{more}", wrong.join(", "));
        return Err((message, "write seconds since any moment, such as those since 1970"));
    }
    match arrivals.len() {
        0 => Err(("no arrival is in it".to_owned(), "write one arrival a line, such as `12.75` or `12.75,checkout`")),
        1 => Err(("only one arrival is in it".to_owned(), "two or more tell how often they come")),
        _ => Ok(Trace::new(arrivals, flows.names)),
    }
}

/// The flows that are named, each once: a file may name as many as it has lines.
#[derive(Default)]
struct Flows {
    names: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Flows {
    /// The number of a flow, which is new if it is named for the first time.
    fn number(&mut self, name: &str) -> u32 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let number = self.names.len() as u32;
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }
}

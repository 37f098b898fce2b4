//! The numbers in a sentence of plain English: how many users, how fast, how many a second, how often there.

use std::ops::Range;

/// Words for users who are there together.
const AT_ONCE: [&str; 5] = ["concurrent", "concurrently", "simultaneous", "simultaneously", "parallel"];

/// How words begin that tell of users whom a system is for.
const SUPPORTS: [&str; 7] = ["support", "serv", "handl", "scal", "expect", "grow", "up"];

/// What a number is of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Of {
    /// Users; whether the sentence says that they are there at the same time.
    Users { at_once: bool },
    /// A limit of a response time, in seconds; for which share of the requests, if that is said.
    Latency { share: Option<f64> },
    /// Requests a second.
    Rate,
    /// The share of time, 0 to 1.
    Availability,
}

/// A number in a text.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Figure {
    pub(super) of: Of,
    pub(super) value: f64,
    /// Where the number with its unit stands in the text, in bytes.
    pub(super) range: Range<usize>,
}

/// What a text says in numbers, as far as its words leave no doubt. What a technology can do by itself is no number of the system.
pub(super) fn figures(text: &str, is_technology: &dyn Fn(&str) -> bool) -> Vec<Figure> {
    sentences(text).flat_map(|sentence| of_sentence(text, sentence, is_technology)).collect()
}

/// Sentences and lines: a stop ends one if a blank follows.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let ends = [". ", "; ", "\n"].iter().filter_map(|end| rest.find(end).map(|at| at + end.len()));
        let sentence = start..start + ends.min().unwrap_or(rest.len());
        start = sentence.end;
        Some(sentence)
    })
}

/// A word or sign in lower case, and where it stands.
struct Token {
    word: String,
    range: Range<usize>,
}

impl Token {
    /// The number that it begins with, and what follows in the same word.
    fn number(&self) -> Option<(f64, &str)> {
        let length = self.word.find(|letter: char| !(letter.is_ascii_digit() || ",._".contains(letter)));
        let (digits, unit) = self.word.split_at(length.unwrap_or(self.word.len()));
        // In `1.000` nobody can tell whether it is one or a thousand.
        let parts: Vec<&str> = digits.split('.').collect();
        if parts.len() > 2
            || parts.get(1).is_some_and(|after| after.len() == 3 && parts[0].len() <= 3 && parts[0] != "0")
        {
            return None;
        }
        let is_grouped = |groups: &str| groups.split([',', '_']).skip(1).all(|group| group.len() == 3);
        if !parts.iter().all(|part| is_grouped(part)) {
            return None;
        }
        let value: f64 = digits.replace([',', '_'], "").parse().ok()?;
        Some((value, unit))
    }
}

fn tokens(text: &str, sentence: Range<usize>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start: Option<usize> = None;
    let mut close = |start: &mut Option<usize>, end: usize| {
        let Some(from) = start.take() else { return };
        let word = text[from..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '"']);
        if !word.is_empty() {
            tokens.push(Token { word: word.to_lowercase(), range: from..from + word.len() });
        }
    };
    for (at, letter) in text[sentence.clone()].char_indices().map(|(at, letter)| (sentence.start + at, letter)) {
        match letter {
            '<' | '≤' | '>' | '≥' | '=' | '~' | '≈' => {
                close(&mut start, at);
                start = Some(at);
                close(&mut start, at + letter.len_utf8());
            }
            _ if letter.is_whitespace() || "()[]{}*`\"“”".contains(letter) => close(&mut start, at),
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    close(&mut start, sentence.end);
    tokens
}

fn of_sentence(text: &str, sentence: Range<usize>, is_technology: &dyn Fn(&str) -> bool) -> Vec<Figure> {
    let tokens = tokens(text, sentence);
    if tells_of_technology(text, &tokens, is_technology) {
        return Vec::new();
    }
    let words = Words(&tokens);
    (0..tokens.len()).filter_map(|at| words.figure(at)).collect()
}

/// Whether a sentence says what a technology does: `Redis handles`, `AWS promises`, `Amazon SQS can serve`.
fn tells_of_technology(text: &str, tokens: &[Token], is_technology: &dyn Fn(&str) -> bool) -> bool {
    const MOST_WORDS: usize = 3;
    const MODALS: [&str; 5] = ["can", "could", "may", "will", "easily"];
    const DOES: [&str; 18] = [
        "promise",
        "guarantee",
        "claim",
        "advertise",
        "handle",
        "serve",
        "support",
        "offer",
        "provide",
        "deliver",
        "manage",
        "achieve",
        "sustain",
        "reache",
        "answer",
        "respond",
        "scale",
        "ha",
    ];
    let is_verb = |word: &str| DOES.contains(&word) || word.strip_suffix('s').is_some_and(|stem| DOES.contains(&stem));
    let is_name = |from: usize, to: usize| {
        let name = &text[tokens[from].range.start..tokens[to - 1].range.end];
        name.contains(char::is_uppercase) && is_technology(name)
    };
    (1..tokens.len()).filter(|at| is_verb(&tokens[*at].word)).any(|at| {
        let modals = tokens[..at].iter().rev().take_while(|token| MODALS.contains(&token.word.as_str())).count();
        let end = at - modals;
        (end.saturating_sub(MOST_WORDS)..end).any(|from| is_name(from, end))
    })
}

/// The words of a sentence.
struct Words<'t>(&'t [Token]);

impl Words<'_> {
    fn word(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |token| &token.word)
    }

    fn has(&self, stems: &[&str]) -> bool {
        self.0.iter().any(|token| stems.iter().any(|stem| token.word.starts_with(stem)))
    }

    /// Three digits that go on with a number before a blank: `10 000`.
    fn goes_on(&self, at: usize) -> bool {
        let digits = |at: usize| {
            self.0
                .get(at)
                .map(|token| token.word.as_str())
                .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let is_group = |at: usize| digits(at).is_some_and(|word| word.len() == 3);
        let before = at.checked_sub(1).and_then(digits);
        is_group(at)
            && before.is_some_and(|word| word.len() <= 3)
            && self.0[at].range.start == self.0[at - 1].range.end + 1
    }

    /// The figure whose number begins here.
    fn figure(&self, at: usize) -> Option<Figure> {
        if self.goes_on(at) {
            return None;
        }
        let (mut number, unit) = self.0[at].number()?;
        let first = at;
        let mut at = at;
        while unit.is_empty() && self.goes_on(at + 1) {
            at += 1;
            number = number * 1000.0 + self.0[at].number()?.0;
        }
        let unit = if at > first { "" } else { unit };
        // A multiplier or a unit may be the word after it.
        let (unit, mut last) = if unit.is_empty() { (self.word(at + 1), at + 1) } else { (unit, at) };
        let (times, unit) = match unit {
            "k" | "thousand" => (1e3, self.word(last + 1)),
            "m" | "million" => (1e6, self.word(last + 1)),
            unit => (1.0, unit),
        };
        if times > 1.0 {
            last += 1;
        }
        let value = number * times;
        let range = |last: usize| self.0[first].range.start..self.0[last.min(self.0.len() - 1)].range.end;
        let figure = |of, value, last| Some(Figure { of, value, range: range(last) });
        if let Some(seconds) = seconds(unit).filter(|_| times == 1.0) {
            let share = self.share(at);
            return if self.is_limit_of_latency(at, last) {
                figure(Of::Latency { share }, value * seconds, last)
            } else {
                None
            };
        }
        if times == 1.0 && unit.starts_with('%') {
            let is_of_time = !self.is_of_others() && self.has(&["availab", "uptime"]) && (90.0..100.0).contains(&value);
            return if is_of_time { figure(Of::Availability, value / 100.0, last) } else { None };
        }
        self.counted(last, unit).and_then(|(of, last, seconds)| figure(of, value / seconds, last))
    }

    /// What is counted by a number, which word ends it, and in how many seconds it comes.
    fn counted(&self, at: usize, unit: &str) -> Option<(Of, usize, f64)> {
        // What callers may do is another thing than what must be borne.
        let is_limit = self.has(&["limit", "throttl", "allow", "quota"]);
        if is_limit || self.is_of_others() {
            return None;
        }
        if ["rps", "req/s", "requests/s", "requests/sec", "requests/second", "qps"].contains(&unit) {
            return Some((Of::Rate, at, 1.0));
        }
        if ["requests", "orders", "queries", "calls"].contains(&unit) {
            let seconds = match self.word(at + 2) {
                "second" => 1.0,
                "minute" => 60.0,
                "hour" => 3600.0,
                _ => return None,
            };
            let is_rate = ["per", "a", "an", "each", "every"].contains(&self.word(at + 1));
            return is_rate.then_some((Of::Rate, at + 2, seconds));
        }
        let last = at + usize::from(AT_ONCE.contains(&unit));
        let at_once = self.has(&AT_ONCE) || self.says(["the", "same", "time"]);
        // A customer or two may be named for other reasons.
        let is_all = ["users", "customers", "visitors", "shoppers"].contains(&self.word(last)) && self.has(&SUPPORTS);
        let is_some =
            at_once && ["users", "customers", "visitors", "shoppers", "people", "clients"].contains(&self.word(last));
        (is_all || is_some).then_some((Of::Users { at_once }, last, 1.0))
    }

    /// Whether the sentence is about what is not ours or no more so: what somebody else promises, or what was before.
    fn is_of_others(&self) -> bool {
        self.has(&["vendor", "provider", "offer", "old", "previous", "legacy", "former", "today's", "competitor"])
    }

    fn says(&self, words: [&str; 3]) -> bool {
        self.0.windows(3).any(|three| three.iter().zip(words).all(|(token, word)| token.word == word))
    }

    /// Whether a duration is what a response may take at most.
    fn is_limit_of_latency(&self, at: usize, last: usize) -> bool {
        const RESPONSES: [&str; 8] = ["latenc", "respon", "answer", "quer", "request", "page", "search", "percentile"];
        // Times of other things, though requests be named beside them.
        const OTHERS: [&str; 18] = [
            "recover",
            "failover",
            "fail",
            "timeout",
            "time-out",
            "retry",
            "retries",
            "retention",
            "backup",
            "outage",
            "downtime",
            "ttl",
            "gc",
            "pause",
            "token",
            "expire",
            "refresh",
            "warm",
        ];
        let before = (at.saturating_sub(3)..at).any(|nth| self.limits(nth));
        let after = self.word(last + 1) == "or" && ["less", "faster", "below"].contains(&self.word(last + 2));
        let is_response = !self.is_of_others() && self.has(&RESPONSES) || self.share(at).is_some();
        (before || after) && is_response && !self.has(&OTHERS)
    }

    /// Whether a word says that the number after it is one that is not to be passed.
    fn limits(&self, at: usize) -> bool {
        const LIMITS: [&str; 8] = ["<", "≤", "under", "below", "within", "most", "maximum", "max"];
        const BEYOND: [&str; 7] = ["more", "longer", "slower", "greater", "higher", "later", "over"];
        const NOT: [&str; 6] = ["not", "never", "cannot", "no", "without", "nor"];
        // `must not answer within` denies the limit itself; `no request within` does not.
        let is_limit_denied = || (at.saturating_sub(3)..at).any(|nth| NOT[..3].contains(&self.word(nth)));
        let is_denied = |at: usize| (at.saturating_sub(3)..at).any(|nth| NOT.contains(&self.word(nth)));
        match self.word(at) {
            "than" => !BEYOND.contains(&self.word(at.wrapping_sub(1))) || is_denied(at - 1),
            "exceed" | "exceeds" | "exceeding" => is_denied(at),
            word => LIMITS.contains(&word) && !is_limit_denied(),
        }
    }

    /// The share of the requests that the limit here is for, by the nearest words: `p95`, `95th percentile`, `90% of queries`.
    fn share(&self, at: usize) -> Option<f64> {
        let of_word = |at: usize| {
            let word = self.word(at);
            let number = |text: &str| text.parse::<f64>().ok().filter(|share| (1.0..100.0).contains(share));
            if let Some(share) = word.strip_prefix('p').and_then(number) {
                return Some(share);
            }
            let ordinal = ["th", "st", "nd", "rd"].iter().find_map(|end| word.strip_suffix(end)).and_then(number);
            if let Some(share) = ordinal.filter(|_| self.word(at + 1).starts_with("percentile")) {
                return Some(share);
            }
            word.strip_suffix('%').and_then(number).filter(|_| self.word(at + 1) == "of")
        };
        let said = (0..self.0.len()).filter_map(|nth| Some((nth.abs_diff(at), of_word(nth)?)));
        // Right behind a number stands its own: `200ms (p95), 1s (p99)`.
        let behind = of_word(at + 1);
        let nearest = || said.min_by_key(|(distance, _)| *distance).map(|(_, share)| share);
        behind.or_else(nearest).map(|share| share / 100.0)
    }
}

fn seconds(unit: &str) -> Option<f64> {
    match unit {
        "ms" | "msec" | "millisecond" | "milliseconds" => Some(1e-3),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Of, figures};

    #[track_caller]
    fn told(text: &str, expected: &[(Of, f64, &str)]) {
        let found = figures(text, &|name| ["Redis", "AWS", "Amazon SQS"].contains(&name));
        let found: Vec<_> = found.iter().map(|one| (one.of, one.value, &text[one.range.clone()])).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_told_with_what_they_are_of() {
        let latency = |share| Of::Latency { share };
        told("< 200ms query time for 90% of queries", &[(latency(Some(0.9)), 0.2, "200ms")]);
        told("Answers under 1.5 s (p95)", &[(latency(Some(0.95)), 1.5, "1.5 s")]);
        told(
            "The 99.9th percentile of requests takes less than 2 seconds.",
            &[(latency(Some(99.9 / 100.0)), 2.0, "2 seconds")],
        );
        for words in [
            "must not exceed 300 ms",
            "never exceed 300 ms",
            "are answered without exceeding 300 ms",
            "take no more than 300 ms",
            "must not be slower than 300 ms",
            "<= 300 ms",
            "max 300 ms",
        ] {
            told(&format!("Responses {words} at p95"), &[(latency(Some(0.95)), 0.3, "300 ms")]);
        }
        told("10 000 concurrent users", &[(Of::Users { at_once: true }, 1e4, "10 000 concurrent users")]);
        told(
            "p50 under 100ms and p95 under 200ms",
            &[(latency(Some(0.5)), 0.1, "100ms"), (latency(Some(0.95)), 0.2, "200ms")],
        );
        told(
            "Responses under 200ms (p95), 1s (p99)",
            &[(latency(Some(0.95)), 0.2, "200ms"), (latency(Some(0.99)), 1.0, "1s")],
        );
        told("Up to 30,000 requests a minute", &[(Of::Rate, 500.0, "30,000 requests a minute")]);
        told("Availability of 99.95 % is needed", &[(Of::Availability, 0.9995, "99.95 %")]);
        told("Support 100k users initially", &[(Of::Users { at_once: false }, 1e5, "100k users")]);
        told("10,000 concurrent users", &[(Of::Users { at_once: true }, 1e4, "10,000 concurrent users")]);
        told("2 million customers at the same time", &[(Of::Users { at_once: true }, 2e6, "2 million customers")]);
        told(
            "We expect 500 requests per second; 99.95% availability",
            &[(Of::Rate, 500.0, "500 requests per second"), (Of::Availability, 0.9995, "99.95%")],
        );
    }

    #[test]
    fn what_leaves_a_doubt_is_no_figure() {
        for text in [
            "1.000 users",
            "100,00 users",
            "A retry after 200ms of the request",
            "Recovery of requests within 30 s",
            "Keep for 90 days",
            "Queries took 300 ms on the prototype",
            "Queries slower than 300 ms are logged",
            "Requests that take longer than 2 s wake somebody",
            "Responses exceed 300 ms at p95 today",
            "Redis 7.4",
            "70% of users",
            "10 users/",
            "Users: 5",
            "GC pauses below 10 ms at p99",
            "Tokens expire within 60 seconds of the request",
            "The old system answered queries in under 900 ms",
            "Rate limited to 5 requests per second per user",
            "Atlas offers 99.5% availability",
            "AWS promises 99.99% availability",
            "Redis handles 100,000 requests per second",
            "We know that Amazon SQS can handle 3,000 requests per second",
            "It must not answer within 500ms",
            "5 of 6 people liked it",
            "3 customers asked for it",
        ] {
            told(text, &[]);
        }
    }
}

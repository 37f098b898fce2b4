//! Random small workspaces, as a structure and as the text that says the same.

use crate::chance::{Chance, Law};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How a call finds its replica, where each has a queue of its own.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Balance {
    RoundRobin,
    Random,
    LeastConnections,
    TwoChoices,
}

/// A service: how many it works on at once, and how many may wait.
#[derive(Clone, Copy, Debug)]
pub struct Station {
    pub replicas: usize,
    pub balance: Option<Balance>,
    pub concurrency: Option<usize>,
    pub queue_limit: Option<usize>,
    /// How long it stands still each time, and how long it does not in between on average; with one replica alone.
    pub stall: Option<(f64, f64)>,
}

impl Station {
    pub fn slots(&self) -> usize {
        self.concurrency.map_or(usize::MAX, |each| each * self.replicas)
    }

    /// How many queues there are, and how many those in each are worked on by at once.
    pub fn queues(&self) -> (usize, usize) {
        match (self.balance, self.concurrency) {
            (Some(_), Some(each)) => (self.replicas, each),
            (None, _) | (_, None) => (1, self.slots()),
        }
    }
}

/// What holds for all calls from one to another; times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    pub latency: f64,
    pub timeout: Option<f64>,
    /// How often it is tried again, and after what pause.
    pub retry: Option<(usize, f64)>,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub to: usize,
    pub via: Relation,
    pub law: Law,
    pub error_rate: f64,
    pub is_async: bool,
    pub body: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
pub enum Join {
    All,
    First,
    Needed(usize),
}

#[derive(Clone, Debug)]
pub enum Step {
    Call(Call),
    Chance(f64, Vec<Step>),
    Repeat(usize, Vec<Step>),
    Parallel(Join, Vec<Step>),
    /// One of the courses, each with its share; the last takes what is left.
    Either(Vec<(f64, Vec<Step>)>),
    /// What happens instead of all that follows in the same list.
    Break(f64, Vec<Step>),
    /// The call around it is answered, and what follows is done afterwards.
    Answer,
}

#[derive(Clone, Copy, Debug)]
pub enum Load {
    /// So many requests a millisecond.
    Open(f64),
    /// So many users, who think so long.
    Closed(usize, Law),
    /// Both at once, users and requests of the same flows.
    Mixed(f64, usize, Law),
}

pub struct Workspace {
    pub stations: Vec<Station>,
    /// Each flow's first call and its weight in the load.
    pub flows: Vec<(Call, usize)>,
    pub load: Load,
}

/// Whoever calls from outside.
const USER: usize = usize::MAX;
/// More calls than this are not in a flow.
const MOST_CALLS: usize = 8;

/// Draws workspaces. Calls lead from a station to later ones only, so that nobody waits for himself, and all times have
/// six digits, so that no two events fall on the same instant but by design: and what one caller begins at one instant goes
/// to stations that all differ.
struct Draw<'a> {
    chance: &'a mut Chance,
    stations: Vec<Station>,
    relations: BTreeMap<(usize, usize), Relation>,
    calls: usize,
}

impl Workspace {
    /// A random one. Its load is nothing yet.
    pub fn random(chance: &mut Chance) -> Workspace {
        let count = chance.whole(2, 5);
        let stations = (0..count).map(|_| station(chance)).collect();
        let mut draw = Draw { chance, stations, relations: BTreeMap::new(), calls: 0 };
        let flows = (0..draw.chance.whole(1, 3))
            .map(|_| {
                draw.calls = 0;
                let entry = draw.chance.whole(0, 1.min(count - 2));
                (draw.call(USER, entry, false), draw.chance.whole(1, 4))
            })
            .collect();
        Workspace { stations: draw.stations, flows, load: Load::Open(0.0) }
    }

    /// Gives each of several replicas a queue of its own. Whether there are any.
    pub fn balance(&mut self, chance: &mut Chance) -> bool {
        let ways = [Balance::RoundRobin, Balance::Random, Balance::LeastConnections, Balance::TwoChoices];
        let several = self.stations.iter_mut().filter(|station| station.replicas > 1 && station.concurrency.is_some());
        let several = several.map(|station| station.balance = Some(chance.one_of(&ways)));
        several.count() > 0
    }

    /// The relationships that its calls use.
    fn relations(&self) -> BTreeMap<(usize, usize), Relation> {
        let mut found = BTreeMap::new();
        self.flows.iter().for_each(|(call, _)| used(USER, call, &mut found));
        found
    }

    /// The workspace as a text, with these lines at its end.
    pub fn text(&self, end: &str) -> String {
        let mut out = "person u \"U\"\nsystem s \"S\" {\n".to_owned();
        for (at, station) in self.stations.iter().enumerate() {
            let _ = write!(out, "    service {} \"S\" replicas={}", name(at), station.replicas);
            let facts = [("concurrency", station.concurrency), ("queue-limit", station.queue_limit)];
            for (fact, value) in facts.into_iter().filter_map(|(fact, value)| Some((fact, value?))) {
                let _ = write!(out, " {fact}={value}");
            }
            if let Some(balance) = station.balance {
                let _ = write!(out, " balance={}", balance_text(balance));
            }
            if let Some((length, pause)) = station.stall {
                let _ = write!(out, " {{ stall {length}ms every={}ms }}", length + pause);
            }
            out.push('\n');
        }
        out.push_str("}\n");
        for ((from, to), relation) in self.relations() {
            let _ = write!(out, "{} -> {} \"calls\" latency={}ms", path(from), path(to), relation.latency);
            if let Some(timeout) = relation.timeout {
                let _ = write!(out, " timeout={timeout}ms");
            }
            if let Some((times, pause)) = relation.retry {
                let _ = write!(out, " {{ retry {times} backoff=constant from={pause}ms }}");
            }
            out.push('\n');
        }
        for (at, (call, _)) in self.flows.iter().enumerate() {
            let _ = writeln!(out, "flow f{at} \"F{at}\" {{");
            call_text(USER, call, 1, &mut out);
            out.push_str("}\n");
        }
        let rate_text = |rate: f64| format!("rate {:.6}/s", rate * 1e3);
        let users_text =
            |users: usize, think: Law| format!("users {users} think={}ms{}", think.mean(), law_text(think));
        let (asked, beside) = match self.load {
            Load::Open(rate) => (rate_text(rate), None),
            Load::Closed(users, think) => (users_text(users, think), None),
            Load::Mixed(rate, users, think) => (rate_text(rate) + "; with m", Some(users_text(users, think))),
        };
        let mix = |(at, (_, weight)): (usize, &(Call, usize))| format!("    mix f{at} weight={weight}\n");
        let mix: String = self.flows.iter().enumerate().map(mix).collect();
        let _ = write!(out, "load l \"L\" {{\n    {asked}\n{mix}}}\n");
        if let Some(beside) = beside {
            let _ = write!(out, "load m \"M\" {{\n    {beside}\n{mix}}}\n");
        }
        out.push_str(end);
        out
    }
}

fn station(chance: &mut Chance) -> Station {
    let concurrency = chance.happens(0.8).then(|| chance.whole(1, 4));
    let has_limit = concurrency.is_some() && chance.happens(0.3);
    Station {
        replicas: chance.one_of(&[1, 1, 2, 3]),
        balance: None,
        concurrency,
        queue_limit: has_limit.then(|| chance.whole(0, 6)),
        stall: None,
    }
}

impl Draw<'_> {
    fn relation(&mut self, from: usize, to: usize) -> Relation {
        let chance = &mut *self.chance;
        *self.relations.entry((from, to)).or_insert_with(|| Relation {
            latency: chance.number(0.1, 20.0),
            timeout: chance.happens(0.3).then(|| chance.number(100.0, 800.0)),
            retry: chance.happens(0.3).then(|| (chance.whole(1, 2), chance.number(5.0, 100.0))),
        })
    }

    fn law(&mut self) -> Law {
        let mean = self.chance.number(2.0, 80.0);
        match self.chance.whole(0, 3) {
            0 => Law::Fixed(mean),
            1 => Law::Uniform(mean),
            2 => Law::Lognormal(mean, self.chance.number(0.4, 1.5)),
            _ => Law::Exponential(mean),
        }
    }

    fn call(&mut self, from: usize, to: usize, is_async: bool) -> Call {
        self.calls += 1;
        let error_rate = if self.chance.happens(0.25) { self.chance.number(0.02, 0.3) } else { 0.0 };
        let (via, law) = (self.relation(from, to), self.law());
        Call { to, via, law, error_rate, is_async, body: self.body(to) }
    }

    /// What a station does in a call: each of its calls goes to another station.
    fn body(&mut self, at: usize) -> Vec<Step> {
        let mut free: Vec<usize> = (at + 1..self.stations.len()).collect();
        let mut body = Vec::new();
        for _ in 0..self.chance.whole(0, 3) {
            if free.is_empty() || self.calls >= MOST_CALLS {
                break;
            }
            body.push(self.step(at, &mut free));
        }
        self.early(&mut body);
        body
    }

    /// Answers and ends before the end.
    fn early(&mut self, body: &mut Vec<Step>) {
        if body.is_empty() || !self.chance.happens(0.35) {
            return;
        }
        let (place, share) = (self.chance.whole(0, body.len() - 1), self.chance.number(0.1, 0.9));
        let behind = body.split_off(place);
        match self.chance.whole(0, 3) {
            0 => body.push(Step::Break(share, vec![Step::Answer])),
            1 => body.push(Step::Chance(share, vec![Step::Answer])),
            2 => body.push(Step::Answer),
            _ => {
                body.push(Step::Either(vec![(share, vec![Step::Answer]), (0.0, behind)]));
                return;
            }
        }
        body.extend(behind);
    }

    /// A call to a station that is free.
    fn next_call(&mut self, at: usize, free: &mut Vec<usize>, is_async: bool) -> Step {
        let to = free.remove(self.chance.whole(0, free.len() - 1));
        Step::Call(self.call(at, to, is_async))
    }

    fn step(&mut self, at: usize, free: &mut Vec<usize>) -> Step {
        match self.chance.unit() {
            kind if kind < 0.3 && free.len() > 1 => self.parallel(at, free),
            kind if kind < 0.4 => Step::Chance(self.chance.number(0.1, 0.9), vec![self.next_call(at, free, false)]),
            kind if kind < 0.45 => Step::Either(vec![
                (self.chance.number(0.1, 0.6), vec![self.next_call(at, free, false)]),
                (
                    self.chance.number(0.05, 0.3),
                    if free.is_empty() { Vec::new() } else { vec![self.next_call(at, free, false)] },
                ),
                (0.0, Vec::new()),
            ]),
            kind if kind < 0.55 => Step::Repeat(self.chance.whole(2, 3), vec![self.next_call(at, free, false)]),
            kind => self.next_call(at, free, kind < 0.65),
        }
    }

    /// Branches, the first of which takes part for sure.
    fn parallel(&mut self, at: usize, free: &mut Vec<usize>) -> Step {
        let mut branches = vec![self.next_call(at, free, false)];
        let mut sure = 1;
        for _ in 0..free.len().min(2) {
            branches.push(match self.chance.unit() {
                kind if kind < 0.2 => Step::Chance(self.chance.number(0.1, 0.9), vec![self.next_call(at, free, false)]),
                kind if kind < 0.35 => self.next_call(at, free, true),
                _ => {
                    sure += 1;
                    self.next_call(at, free, false)
                }
            });
        }
        let join = match self.chance.whole(0, 2) {
            0 => Join::First,
            1 if sure > 1 => Join::Needed(self.chance.whole(1, sure - 1)),
            _ => Join::All,
        };
        Step::Parallel(join, branches)
    }
}

fn used(from: usize, call: &Call, found: &mut BTreeMap<(usize, usize), Relation>) {
    found.insert((from, call.to), call.via);
    calls(&call.body, &mut |inner| used(call.to, inner, found));
}

/// The calls that steps make themselves.
fn calls<'a>(steps: &'a [Step], each: &mut dyn FnMut(&'a Call)) {
    for step in steps {
        match step {
            Step::Call(call) => each(call),
            Step::Chance(_, inner) | Step::Repeat(_, inner) | Step::Parallel(_, inner) | Step::Break(_, inner) => {
                calls(inner, each);
            }
            Step::Either(courses) => courses.iter().for_each(|(_, course)| calls(course, each)),
            Step::Answer => {}
        }
    }
}

fn name(at: usize) -> char {
    (b'a' + at as u8) as char
}

fn path(at: usize) -> String {
    if at == USER { "u".to_owned() } else { format!("s.{}", name(at)) }
}

fn balance_text(balance: Balance) -> &'static str {
    match balance {
        Balance::RoundRobin => "round-robin",
        Balance::Random => "random",
        Balance::LeastConnections => "least-connections",
        Balance::TwoChoices => "two-choices",
    }
}

fn law_text(law: Law) -> String {
    match law {
        Law::Fixed(_) => " distribution=fixed".to_owned(),
        Law::Exponential(_) => String::new(),
        Law::Uniform(_) => " distribution=uniform".to_owned(),
        Law::Lognormal(_, cv) => format!(" distribution=lognormal cv={cv}"),
    }
}

fn call_text(from: usize, call: &Call, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let law = law_text(call.law);
    let _ = write!(out, "{indent}{} -> {} \"call\" time={}ms{law}", path(from), path(call.to), call.law.mean());
    if call.error_rate > 0.0 {
        let _ = write!(out, " error-rate={:.4}%", call.error_rate * 100.0);
    }
    out.push_str(if call.is_async { " async=#true {\n" } else { " {\n" });
    steps_text((from, call.to), &call.body, depth + 1, out);
    let _ = writeln!(out, "{indent}}}");
}

/// The steps that somebody does who was called by another.
fn steps_text((caller, from): (usize, usize), steps: &[Step], depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    for step in steps {
        let (head, inner) = match step {
            Step::Call(call) => {
                call_text(from, call, depth, out);
                continue;
            }
            Step::Answer => {
                let _ = writeln!(out, "{indent}{} --> {} \"early\"", path(from), path(caller));
                continue;
            }
            Step::Either(courses) => {
                let _ = writeln!(out, "{indent}either {{");
                for (share, course) in courses {
                    let head =
                        if *share > 0.0 { format!("case {:.4}%", share * 100.0) } else { "otherwise".to_owned() };
                    let _ = writeln!(out, "{indent}    {head} {{");
                    steps_text((caller, from), course, depth + 2, out);
                    let _ = writeln!(out, "{indent}    }}");
                }
                let _ = writeln!(out, "{indent}}}");
                continue;
            }
            Step::Break(share, inner) => (format!("break {:.4}% \"enough\"", share * 100.0), inner),
            Step::Chance(share, inner) => (format!("chance {:.4}% \"perhaps\"", share * 100.0), inner),
            Step::Repeat(times, inner) => (format!("repeat {times} \"again\""), inner),
            Step::Parallel(Join::All, inner) => ("parallel join=all".to_owned(), inner),
            Step::Parallel(Join::First, inner) => ("parallel join=first".to_owned(), inner),
            Step::Parallel(Join::Needed(needed), inner) => (format!("parallel needed={needed}"), inner),
        };
        let _ = writeln!(out, "{indent}{head} {{");
        steps_text((caller, from), inner, depth + 1, out);
        let _ = writeln!(out, "{indent}}}");
    }
}

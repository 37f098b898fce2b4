//! The simulation beside bare loops, written by hand for one model each, with a binary heap and nothing but a sum of
//! times. Events a second on one thread, in one run.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use groma_base::FileId;
use groma_model::{decode::decode, link};
use groma_simulate::{Options, judge};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

const EVENTS: u64 = 12_000_000;

/// A text is simulated until the events are used up.
fn groma(text: &str, threads: usize) -> f64 {
    let (tree, errors) = groma_syntax::parse(text);
    assert!(errors.is_empty());
    let (arch, problems) = link(vec![Arc::new(decode(FileId(0), &tree))]);
    assert!(problems.is_empty(), "{problems:?}");
    let options = Options { most_events: EVENTS, precision: 1e-9, exhaustive: true, threads, ..Options::default() };
    let start = Instant::now();
    let report = judge(&arch, &options, &AtomicBool::new(false), &|_, _, _| {});
    report.runs[0].effort.events as f64 / start.elapsed().as_secs_f64()
}

/// xorshift64*, and an exponential time by its logarithm.
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.uniform()).ln()
    }
}

/// Requests through stations one after the other, each with so many servers; a share fails there and is tried again
/// after a pause. Long because it is what a simulation comes to without any of ours: nothing of it is called elsewhere.
fn bare(rate: f64, stations: usize, servers: u32, mean: f64, failing: f64) -> f64 {
    let start = Instant::now();
    let mut dice = Dice(7);
    let mut agenda: BinaryHeap<Reverse<u128>> = BinaryHeap::new();
    let mut sequence = 0_u32;
    let mut began: Vec<f64> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    let mut tries: Vec<u8> = Vec::new();
    let mut busy = vec![0_u32; stations];
    let mut queues: Vec<VecDeque<u32>> = vec![VecDeque::new(); stations];
    let (mut events, mut total, mut done) = (0_u64, 0.0, 0_u64);
    // An event's number: its request, its station, and whether it arrives or is done.
    let plan = |agenda: &mut BinaryHeap<Reverse<u128>>, sequence: &mut u32, time: f64, number: u32| {
        *sequence = sequence.wrapping_add(1);
        agenda.push(Reverse((u128::from(time.to_bits()) << 64) | (u128::from(*sequence) << 32) | u128::from(number)));
    };
    plan(&mut agenda, &mut sequence, 0.0, u32::MAX);
    while let Some(Reverse(key)) = agenda.pop() {
        let now = f64::from_bits((key >> 64) as u64);
        let number = key as u32;
        events += 1;
        if events >= EVENTS {
            break;
        }
        let (request, mut station, arrives) = if number == u32::MAX {
            plan(&mut agenda, &mut sequence, now + dice.exponential(1.0 / rate), u32::MAX);
            let request = free.pop().unwrap_or_else(|| {
                began.push(0.0);
                tries.push(0);
                began.len() as u32 - 1
            });
            began[request as usize] = now;
            (request, 0, true)
        } else {
            (number >> 6, ((number >> 1) & 31) as usize, number & 1 == 1)
        };
        let mut enters = arrives;
        if !arrives {
            match queues[station].pop_front() {
                Some(next) => {
                    let until = now + dice.exponential(mean);
                    plan(&mut agenda, &mut sequence, until, (next << 6) | ((station as u32) << 1));
                }
                None => busy[station] -= 1,
            }
            if failing > 0.0 && dice.uniform() < failing && tries[request as usize] < 3 {
                tries[request as usize] += 1;
                plan(&mut agenda, &mut sequence, now + 0.1, (request << 6) | ((station as u32) << 1) | 1);
                continue;
            }
            tries[request as usize] = 0;
            station += 1;
            enters = station < stations;
            if !enters {
                total += now - began[request as usize];
                done += 1;
                free.push(request);
            }
        }
        if enters {
            if busy[station] < servers {
                busy[station] += 1;
                let until = now + dice.exponential(mean);
                plan(&mut agenda, &mut sequence, until, (request << 6) | ((station as u32) << 1));
            } else {
                queues[station].push_back(request);
            }
        }
    }
    black_box((total, done));
    events as f64 / start.elapsed().as_secs_f64()
}

fn text(rate: f64, stations: usize, servers: u32, mean: f64, failing: f64) -> String {
    let each = |write: &dyn Fn(usize) -> String| (0..stations).map(write).collect::<String>();
    let policy = if failing > 0.0 {
        format!(" {{ retry 3 backoff=constant from=100ms; error-rate {}% }}", failing * 100.0)
    } else {
        String::new()
    };
    format!(
        "person u \"U\"\nsystem s \"S\" {{\n{}}}\n{}flow f \"F\" {{\n{}}}\nload l \"L\" rate={rate:?}/s\nquality q \"Q\" {{ require mean flow=f under=1000h }}\n",
        each(&|at| format!("    service a{at} \"A\" concurrency={servers}\n")),
        each(&|at| format!("u -> s.a{at} \"Asks\"{policy}\n")),
        each(&|at| format!("    u -> s.a{at} \"Ask\" time={mean:?}s\n"))
    )
}

/// The middle of five.
fn median(mut run: impl FnMut() -> f64) -> f64 {
    let mut found: Vec<f64> = (0..5).map(|_| run()).collect();
    found.sort_by(f64::total_cmp);
    found[2]
}

fn main() {
    let models = [
        ("M/M/1, 0.8 in use", 0.8, 1, 1, 1.0, 0.0),
        ("6 stations of 4 servers, 0.8", 3.2, 6, 4, 1.0, 0.0),
        ("20 stations, 5% tried again", 0.7, 20, 1, 1.0, 0.05),
    ];
    println!("million events a second on one thread, medians of five\n");
    for (name, rate, stations, servers, mean, failing) in models {
        let text = text(rate, stations, servers, mean, failing);
        let ours = median(|| groma(&text, 1));
        let bare_loop = median(|| bare(rate, stations, servers, mean, failing));
        println!("{name:30} groma {:6.1}   bare {:6.1}   ratio {:.2}", ours / 1e6, bare_loop / 1e6, ours / bare_loop);
    }
    let text = text(3.2, 6, 4, 1.0, 0.0);
    let (one, two) = (median(|| groma(&text, 1)), median(|| groma(&text, 2)));
    let alone = median(|| bare(3.2, 6, 4, 1.0, 0.0));
    let beside = median(|| {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| bare(3.2, 6, 4, 1.0, 0.0));
            let own = bare(3.2, 6, 4, 1.0, 0.0);
            own + other.join().expect("the loop ends")
        })
    });
    println!("\ntwo threads beside one: groma {:.2}, two bare loops {:.2}", two / one, beside / alone);
}

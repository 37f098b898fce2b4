//! What people read of a forecast and of the changes that fix it. All times are fixed and all arrivals regular, so that
//! the numbers can be told by hand.

use groma_report::forecast::Detail;
use groma_report::{fixes, forecast};
use groma_session::{MemoryFiles, Session};
use groma_simulate::Options;
use groma_testing::goldens;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A shop whose core is asked `rate` times a second and works 20 ms on each request, with `slots` at a time.
fn shop(slots: u32, rate: u32, quality: &str) -> String {
    format!(
        "person buyer \"Buyer\"
system shop \"Shop\" {{
    service core \"Core\" concurrency={slots}
    service mail \"Mail\"
    core -> mail \"sends\"
}}
buyer -> shop.core \"buys\"
flow buy \"Buy\" {{
    buyer -> shop.core \"order\" time=20ms distribution=fixed {{ shop.core -> shop.mail \"confirm\" time=10ms distribution=fixed }}
}}
load day \"A day\" {{ rate {rate}/s; arrivals regular }}
{quality}
"
    )
}

/// What is forecast for a text, and then what is found to fix it.
fn told(text: &str, detail: Detail) -> (String, String) {
    let files = MemoryFiles::new(&[("a.groma", text)]);
    let snapshot = Session::open(&files, Path::new("a.groma")).unwrap().snapshot();
    let workspace = snapshot.forecastable().unwrap_or_else(|refusal| panic!("{:?}", refusal.findings));
    let (options, never) = (Options { most_events: 300_000, ..Options::default() }, AtomicBool::new(false));
    let report = workspace.judge(&options, &never, &|_, _, _| {});
    let found = workspace.fixes(&report, &options, &never).unwrap_or_else(|_| panic!("no answer"));
    (forecast::human(&snapshot.arch, &report, detail), fixes::human(workspace.sources(), &report, &found))
}

#[test]
fn what_people_read() {
    let fast = "quality fast \"Fast\" { require mean under=50ms; require p95 of=shop.core under=25ms }";
    let texts = [
        // Each is alone: 20 + 10 ms of work and 0.5 ms on the network. That is over 25 ms, whatever there is more of.
        ("calm", shop(4, 10, fast)),
        // One slot, held for 30.5 ms by each, serves 1 / 0.0305 = 32.8 a second of the sixty; two would serve 65.6.
        ("crowded", shop(1, 60, "quality fast \"Fast\" { require mean under=50ms }")),
        // Nothing that can be measured has a limit.
        ("unasked", shop(4, 10, "quality fast \"Fast\" { require mean }")),
    ];
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/human"), |goldens| {
        for (name, text) in &texts {
            let (forecast, fixes) = told(text, Detail::Short);
            goldens.check(&format!("{name}.forecast.txt"), &forecast);
            goldens.check(&format!("{name}.details.txt"), &told(text, Detail::Full).0);
            if !fixes.is_empty() {
                goldens.check(&format!("{name}.fixes.txt"), &fixes);
            }
        }
    });
}

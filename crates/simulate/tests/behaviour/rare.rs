//! What is so rare that it is not met in what is simulated, and takes long: an interval allows for it.

use crate::common::{report, report_with, system};
use groma_simulate::{Assumption, LoadAssumption, Options, Report, Verdict};

/// Requests of 20 ms of which one in 200,000 takes 100 s more, which is 0.5 ms on average. None is met.
fn rarely(inside: &str, outside: &str, steps: &str) -> Report {
    let services = format!(
        "service a \"A\" concurrency=100\nservice b \"B\" concurrency=100\nservice c \"C\" concurrency=100\n{inside}"
    );
    let flow = format!("u -> s.a \"x\" time=20ms distribution=fixed {{ {steps} }}");
    let load = "load l \"L\" { rate 5/s; mix f }\nquality q \"Q\" { require mean flow=f under=20.3ms }";
    report(&system(&services, &format!("{outside}\n{load}"), &flow).replace("\"asks\"", "\"asks\" latency=0s"))
}

fn adds(report: &Report) -> Option<f64> {
    report.runs[0].assumptions.iter().find_map(|one| match one {
        Assumption::Load(LoadAssumption::Rare { adds, .. }) => Some(*adds),
        Assumption::Load(_) | Assumption::Network(_) | Assumption::Flow(_) | Assumption::Failure(_) => None,
    })
}

#[test]
fn every_kind_of_course_that_is_rare_is_allowed_for() {
    let plain = "s.a -> s.b \"x\" latency=0s";
    let long = "s.a -> s.b \"x\" time=100s distribution=fixed";
    let tried = |guard: &str| format!("s.a -> s.b \"x\" {{ latency 0s; {guard} }}\ns.a -> s.c \"x\" latency=0s");
    for (inside, outside, steps) in [
        ("", plain.to_owned(), format!("either {{ case 0.0005% {{ {long}; }}\n otherwise }}")),
        ("", plain.to_owned(), format!("chance 0.0005% {{ {long}; }}")),
        ("", plain.to_owned(), format!("chance 1% {{ chance 0.05% {{ {long}; }} }}")),
        ("", plain.to_owned(), format!("repeat 10 {{ chance 0.00005% {{ {long}; }} }}")),
        ("", plain.to_owned(), format!("parallel {{ chance 0.0005% {{ {long}; }} }}")),
        (
            "cache k \"K\" hit-ratio=99.9995%",
            format!("{plain}\ns.a -> s.k \"y\" latency=0s"),
            format!("s.a -> s.k \"y\" time=1us distribution=fixed {{}}\nmiss s.k {{ {long}; }}"),
        ),
        (
            "",
            tried("error-rate 0.0005%; retry 1 backoff=constant from=100s"),
            "s.a -> s.b \"x\" time=1us distribution=fixed".to_owned(),
        ),
        ("", tried("error-rate 0.0005%; fallback s.c"), "s.a -> s.b \"x\" time=1us distribution=fixed".to_owned()),
    ] {
        // What is called instead takes as long as other calls there.
        let steps = if outside.contains("fallback") {
            format!("{steps}\nchance 0.000000001% {{ s.a -> s.c \"x\" time=100s distribution=fixed; }}")
        } else {
            steps
        };
        let report = rarely(inside, &outside, &steps);
        let (judgement, adds) = (&report.judgements[0], adds(&report));
        let estimate = judgement.estimate.as_ref().unwrap_or_else(|| panic!("{steps}: {}", judgement.reason));
        assert!(adds.is_some_and(|adds| (adds / 0.000_5 - 1.0).abs() < 0.01), "{steps}: {adds:?}");
        assert!(estimate.high > 0.020_49 && estimate.low <= 0.020_5, "{steps}: {estimate:?}");
        assert_eq!(judgement.verdict, Verdict::TooClose, "{steps}");
    }
}

/// What is met often enough tells for itself.
#[test]
fn what_is_met_often_enough_is_not_allowed_for() {
    let report =
        rarely("", "s.a -> s.b \"x\" latency=0s", "chance 10% { s.a -> s.b \"x\" time=5ms distribution=fixed; }");
    assert_eq!(adds(&report), None);
    let estimate = report.judgements[0].estimate.as_ref().unwrap();
    assert!(estimate.low <= 0.020_5 && 0.020_5 <= estimate.high, "{estimate:?}");
}

/// One request in a million holds the only slot for a hundred seconds: by the formula of Pollaczek and Khinchine the others wait
/// 20 x (10^-4 + 10^-6 x 10^4) / 2 / (1 - 20 x (0.01 + 10^-4)) = 0.1266 s on average. In what is simulated hardly any is met.
#[test]
fn whoever_holds_a_slot_for_long_and_rarely_lets_others_wait() {
    let flow =
        "u -> s.a \"x\" time=10ms distribution=fixed\n}\nflow g \"G\" {\nu -> s.a \"y\" time=100s distribution=fixed";
    let load = "load l \"L\" { rate 20/s; mix f weight=999999; mix g weight=1 }\nquality q \"Q\" { require mean flow=f under=40ms; require queue of=s.a under=0.5 }";
    let text = system("service a \"A\" concurrency=1", load, flow).replace("\"asks\"", "\"asks\" latency=0s");
    for judgement in &report(&text).judgements {
        assert!(matches!(judgement.verdict, Verdict::TooClose | Verdict::Fails | Verdict::Unknown), "{judgement:?}");
    }
}

/// Twenty messages come at once every ten minutes, and the database is gone for a tenth of the five minutes that a failure lasts,
/// which is to be seen by a tenth of the batches that come in that time. As few of them as the first runs hold, none may meet it.
#[test]
fn a_batch_that_no_failure_has_met_is_no_proof() {
    let text = "system s \"S\" {
    worker w \"W\"
    database d \"D\" replicas=2 { failover automatic after=30s }
    w -> d \"Reads\" latency=0s
}
flow f \"F\" { s.w -> s.d \"Read\" time=40ms }
load l \"L\" { every 10min count=20; mix f }
failure gone \"Gone\" { fail s.d for=5min; expect f success=95% }";
    for seed in 1..=8 {
        let report = report_with(text, &Options { seed, ..Options::default() });
        let estimate = report.judgements[0].estimate.as_ref().expect("a share");
        assert!(estimate.low <= 0.9 && 0.9 <= estimate.high, "{seed}: {estimate:?}");
        assert_ne!(report.judgements[0].verdict, Verdict::Holds, "{seed}");
    }
}

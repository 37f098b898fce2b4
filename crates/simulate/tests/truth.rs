//! The forecast against exact results: each case of `closed-forms.json` through the formulas, and, where the language
//! can say it, through the whole way from text to verdict.

mod common;

use common::{forecast, formulas, one_station, value};
use groma_simulate::{Distribution, Estimate, Latency, queueing, reliability};
use serde_json::Value;

struct Case(Value);

impl Case {
    fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    fn input(&self, name: &str) -> f64 {
        self.0["inputs"][name].as_f64().unwrap_or_else(|| panic!("{}: {name}", self.name()))
    }

    fn inputs(&self, name: &str) -> Vec<f64> {
        self.0["inputs"][name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    }

    fn has(&self, name: &str) -> bool {
        !self.0["expected"][name].is_null()
    }

    fn expected(&self, name: &str) -> f64 {
        self.0["expected"][name].as_f64().unwrap_or_else(|| panic!("{}: {name}", self.name()))
    }

    /// The tolerance with the first of these names.
    fn tolerance(&self, names: &[&str]) -> f64 {
        names.iter().find_map(|name| self.0["tolerance"][name].as_f64()).unwrap_or_else(|| panic!("{}", self.name()))
    }

    /// Compares as a share of what is expected.
    #[track_caller]
    fn near(&self, what: &str, found: f64, tolerance: f64) {
        let expected = self.expected(what);
        let off = (found - expected).abs() / expected.abs();
        assert!(off <= tolerance, "{} {what}: {found} instead of {expected}, off by {off}", self.name());
    }

    /// Compares an estimate. One whose precision the events did not suffice for may be off by what its interval says.
    #[track_caller]
    fn agrees(&self, what: &str, found: &Option<Estimate>, tolerance: f64) {
        let found = found.as_ref().expect("an estimate");
        let expected = self.expected(what);
        if !(found.low..=found.high).contains(&expected) {
            self.near(what, found.value, tolerance);
        }
        assert!(found.precision() < 3.0 * tolerance, "{} {what}: {found:?} is too vague", self.name());
    }

    /// Compares as a difference.
    #[track_caller]
    fn close(&self, what: &str, found: f64, tolerance: f64) {
        let expected = self.expected(what);
        assert!((found - expected).abs() <= tolerance, "{} {what}: {found} instead of {expected}", self.name());
    }
}

fn cases(prefixes: &[&str]) -> Vec<Case> {
    let all: Vec<Value> = serde_json::from_str(include_str!("closed-forms.json")).unwrap();
    assert!(all.len() >= 60);
    let found: Vec<Case> = all
        .into_iter()
        .map(Case)
        .filter(|case| prefixes.iter().any(|prefix| case.name().starts_with(prefix)))
        .collect();
    assert!(!found.is_empty());
    found
}

fn service(case: &Case) -> f64 {
    case.0["inputs"]["service"].as_f64().unwrap_or_else(|| 1.0 / case.input("mu"))
}

#[test]
fn poisson_arrivals_and_exponential_service() {
    for case in cases(&["mm1_rho", "mmc_", "pdq"]) {
        let (rate, service, servers) = (case.input("lam"), service(&case), case.input("c") as u32);
        let exact = case.tolerance(&["analytic_rel"]);
        let queue = queueing::mmc(rate, service, servers).unwrap();
        case.near("rho", queue.utilization, exact);
        case.near("Wq", queue.wait, exact);
        case.near("W", queue.response, exact);
        case.near("L", queue.present(), exact);
        case.near("Lq", queue.waiting(), exact);
        for (name, share) in [("W_p50", 0.5), ("W_p95", 0.95), ("W_p99", 0.99)] {
            if case.has(name) {
                case.near(name, formulas::mmc_quantile(rate, service, servers, share).unwrap(), exact);
            }
        }
        let facts = format!("concurrency {servers}");
        let text = one_station(&facts, &format!("time={service}s"), &format!("rate {rate}/s"));
        let tolerance = case.tolerance(&["mean_rel"]);
        let report = forecast(&text, 0.8 * tolerance);
        let flow = &report.runs[0].flows()[0];
        case.agrees("W", &flow.latency[Latency::Mean], tolerance);
        case.near("W", flow.mean_by_formula.expect("a formula"), exact);
        if case.has("W_p95") {
            let tolerance = case.tolerance(&["p95_rel"]);
            case.agrees("W_p50", &flow.latency[Latency::P50], tolerance);
            case.agrees("W_p95", &flow.latency[Latency::P95], tolerance);
            case.agrees("W_p99", &flow.latency[Latency::P99], tolerance);
        }
        let station = &report.runs[0].stations()[0];
        case.agrees("rho", &station.utilization, tolerance);
        case.agrees("Lq", &station.waiting, 5.0 * tolerance);
    }
}

#[test]
fn requests_that_are_turned_away() {
    for case in cases(&["erlangB", "mmcK"]) {
        let (rate, servers, places) = (case.input("lam"), case.input("c") as u32, case.input("K") as u32);
        let queue = formulas::mmck(rate, 1.0, servers, places);
        case.near("loss", queue.loss, 1e-6);
        case.near("throughput", queue.throughput, 1e-6);
        if servers == places {
            case.near("loss", queueing::erlang_b(rate, servers), 1e-6);
        }
        let facts = format!("concurrency {servers}; queue-limit {}", places - servers);
        let report = forecast(&one_station(&facts, "time=1s", &format!("rate {rate}/s")), 0.005);
        let flow = &report.runs[0].flows()[0];
        case.close("loss", value(&flow.error_rate), case.tolerance(&["abs_loss"]));
        case.agrees("throughput", &flow.throughput, 0.01);
        if case.has("W") {
            case.agrees("W", &flow.latency[Latency::Mean], case.tolerance(&["rel"]));
        }
    }
}

#[test]
fn other_laws_of_service() {
    for case in cases(&["mg1_"]) {
        let scv = case.input("scv");
        let queue = formulas::mg1(case.input("lam"), 1.0, scv).unwrap();
        case.near("W", queue.response, 1e-9);
        let step = match scv {
            0.0 => "time=1s distribution=fixed".to_owned(),
            scv if scv < 1.0 => format!("time=1s distribution=gamma cv={}", scv.sqrt()),
            scv => format!("time=1s cv={:?}", scv.sqrt()),
        };
        let report = forecast(&one_station("concurrency 1", &step, &format!("rate {}/s", case.input("lam"))), 0.01);
        case.agrees("W", &report.runs[0].flows()[0].latency[Latency::Mean], case.tolerance(&["mean_rel"]));
    }
    for case in cases(&["mg1ps"]) {
        case.near("W", formulas::mg1_shared(case.input("lam"), 1.0).unwrap().response, 1e-9);
        for law in ["distribution=exponential", "distribution=fixed", "cv=2.0"] {
            let text = one_station("cpu 1", &format!("time=1s {law}"), &format!("rate {}/s", case.input("lam")));
            case.agrees(
                "W",
                &forecast(&text, 0.01).runs[0].flows()[0].latency[Latency::Mean],
                case.tolerance(&["mean_rel"]),
            );
        }
    }
}

#[test]
fn requests_that_go_before_others() {
    for case in cases(&["mm1_nonpreemptive"]) {
        let rates = case.inputs("lam");
        let expected: Vec<f64> =
            case.0["expected"]["Wq"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
        for (found, expected) in formulas::priority_waits(&rates, 1.0).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-9);
        }
        let text = format!(
            "person u \"U\"\nsystem s \"S\" {{ service a \"A\" concurrency=1 }}\nu -> s.a \"Asks\"\nflow f \"F\" priority=1 {{ u -> s.a \"Ask\" time=1s }}\nflow g \"G\" {{ u -> s.a \"Ask too\" time=1s }}\nload l \"L\" {{ rate {:?}/s; mix f weight={:?}; mix g weight={:?} }}\nquality q \"Q\" {{ require mean under=1h }}\n",
            rates.iter().sum::<f64>(),
            rates[0],
            rates[1]
        );
        let report = forecast(&text, 0.01);
        for (flow, expected) in report.runs[0].flows().iter().zip(&expected) {
            let found = value(&flow.latency[Latency::Mean]) - 1.0;
            let tolerance = case.tolerance(&["mean_rel"]);
            assert!((found - expected).abs() <= tolerance * expected, "{found} instead of {expected}");
        }
    }
}

#[test]
fn requests_that_do_not_wait_for_ever() {
    for case in cases(&["erlangA"]) {
        let (rate, servers, theta) = (case.input("lam"), case.input("c") as u32, case.input("theta"));
        let found = formulas::abandonment(rate, 1.0, servers, theta);
        case.near("p_abandon", found.abandoned, 1e-6);
        case.near("Lq", found.waiting, 1e-6);
        case.near("Wq_all", found.wait, 1e-6);
        case.near("util", found.utilization, 1e-6);
        let facts = format!("concurrency {servers}; queue-timeout {:?}s distribution=exponential", 1.0 / theta);
        let report = forecast(&one_station(&facts, "time=1s", &format!("rate {rate}/s")), 0.005);
        let tolerance = case.tolerance(&["rel"]);
        let (flow, station) = (&report.runs[0].flows()[0], &report.runs[0].stations()[0]);
        case.agrees("p_abandon", &flow.error_rate, tolerance);
        case.agrees("Lq", &station.waiting, tolerance);
        case.agrees("util", &station.utilization, tolerance);
    }
}

/// Stations of one slot, one after the other.
fn tandem(times: &[f64], load: &str) -> String {
    let names = ["a", "b", "c"];
    let each = |write: &dyn Fn(&str, f64) -> String| -> String {
        names.iter().zip(times).map(|(name, time)| write(name, *time)).collect()
    };
    format!(
        "person u \"U\"\nsystem s \"S\" {{\n{}}}\n{}flow f \"F\" {{\n{}}}\nload l \"L\" {{ {load} }}\nquality q \"Q\" {{ require mean flow=f under=1h }}\n",
        each(&|name, _| format!("    service {name} \"{name}\" concurrency=1\n")),
        each(&|name, _| format!("u -> s.{name} \"Asks\"\n")),
        each(&|name, time| format!("    u -> s.{name} \"Ask\" time={time}s\n"))
    )
}

#[test]
fn networks() {
    for case in cases(&["jackson"]) {
        let times: Vec<f64> = case.inputs("mu").iter().map(|mu| 1.0 / mu).collect();
        let report = forecast(&tandem(&times, "rate 1.0/s"), 0.01);
        let flow = &report.runs[0].flows()[0];
        let tolerance = case.tolerance(&["mean_rel"]);
        case.agrees("total", &flow.latency[Latency::Mean], tolerance);
        case.near("total", flow.mean_by_formula.expect("a formula"), 1e-9);
        for (hop, expected) in flow.hops.iter().zip(case.0["expected"]["W"].as_array().unwrap()) {
            let found = hop.wait + hop.work;
            assert!((found - expected.as_f64().unwrap()).abs() < 2.0 * tolerance * found, "{hop:?}");
        }
    }
    for case in cases(&["mva"]) {
        let (demands, think, users) = (case.inputs("demands"), case.input("think"), case.input("N") as u32);
        let found = formulas::mva(&demands, think, users);
        case.near("X", found.throughput, 1e-6);
        case.near("R", found.response, 1e-6);
        let report = forecast(&tandem(&demands, &format!("users {users} think={think}s")), 0.005);
        let flow = &report.runs[0].flows()[0];
        case.agrees("X", &flow.throughput, case.tolerance(&["rel"]));
        case.agrees("R", &flow.latency[Latency::Mean], case.tolerance(&["rel"]));
    }
}

#[test]
fn closed_loads_of_users() {
    for case in cases(&["closed_users"]) {
        let (users, think) = (case.input("users") as u32, case.input("think"));
        let (service, servers) = (case.input("service"), case.input("servers") as u32);
        let found = formulas::repairman(users, think, service, servers);
        case.near("X", found.throughput, 1e-6);
        case.near("R", found.response, 1e-6);
        let facts = format!("concurrency {servers}");
        let load = format!("users {users} think={think}s");
        let report = forecast(&one_station(&facts, &format!("time={service}s"), &load), 0.01);
        let flow = &report.runs[0].flows()[0];
        case.agrees("X", &flow.throughput, case.tolerance(&["rel"]));
        case.agrees("R", &flow.latency[Latency::Mean], case.tolerance(&["rel"]));
        case.agrees("util", &report.runs[0].stations()[0].utilization, case.tolerance(&["rel"]));
    }
    for case in cases(&["interactive"]) {
        let demands = [(case.input("S"), case.input("c") as u32)];
        let found = formulas::closed_bounds(&demands, case.input("Z"), case.input("N") as u32);
        case.near("X_max", found.throughput, 1e-9);
        case.near("R_min_at_N", found.response, 1e-9);
    }
}

/// A flow that asks `count` times at once.
fn fan_out(count: u32, facts: &str, step: &str, rate: f64, apart: bool) -> String {
    let station = |at: u32| if apart { format!("s.a{at}") } else { "s.a0".to_owned() };
    let declared: String =
        (0..if apart { count } else { 1 }).map(|at| format!("    service a{at} \"A\" {{ {facts} }}\n")).collect();
    let uses: String =
        (0..if apart { count } else { 1 }).map(|at| format!("u -> {} \"Asks\"\n", station(at))).collect();
    let steps: String = (0..count).map(|at| format!("        u -> {} \"Ask\" {step}\n", station(at))).collect();
    format!(
        "person u \"U\"\nsystem s \"S\" {{\n{declared}}}\n{uses}flow f \"F\" {{\n    parallel {{\n{steps}    }}\n}}\nload l \"L\" rate={rate:?}/s\nquality q \"Q\" {{ require mean flow=f under=1h; require p99 flow=f under=1h }}\n"
    )
}

#[test]
fn requests_that_fan_out() {
    for case in cases(&["forkjoin"]) {
        case.near("W", formulas::fork_join_2(0.8, 1.0).unwrap(), 1e-9);
        let report = forecast(&fan_out(2, "concurrency 1", "time=1s", 0.8, true), 0.01);
        case.agrees("W", &report.runs[0].flows()[0].latency[Latency::Mean], case.tolerance(&["mean_rel"]));
    }
    for case in cases(&["fanout"]) {
        let count = case.input("n") as u32;
        case.near("mean", formulas::longest_of(count), 1e-9);
        case.near("p95", formulas::longest_of_quantile(count, 0.95), 1e-9);
        let report = forecast(&fan_out(count, "", "time=1s", 1.0, false), 0.005);
        let flow = &report.runs[0].flows()[0];
        case.agrees("mean", &flow.latency[Latency::Mean], case.tolerance(&["mean_rel"]));
        case.agrees("p50", &flow.latency[Latency::P50], case.tolerance(&["p95_rel"]));
        case.agrees("p95", &flow.latency[Latency::P95], case.tolerance(&["p95_rel"]));
        case.agrees("p99", &flow.latency[Latency::P99], case.tolerance(&["p95_rel"]));
    }
    for case in cases(&["tail_at_scale"]) {
        let count = case.input("n") as u32;
        case.close("p_request_slow", formulas::any_slow(case.input("p_slow"), count), 1e-9);
        let report = forecast(&fan_out(count, "", "time=1s error-rate=1%", 1.0, false), 0.005);
        case.close("p_request_slow", value(&report.runs[0].flows()[0].error_rate), case.tolerance(&["abs"]));
    }
}

#[test]
fn caches() {
    for case in cases(&["lru"]) {
        let (objects, capacity) = (case.input("objects") as u32, case.input("capacity") as u32);
        case.close(
            "hit_ratio",
            formulas::lru_hit_ratio(objects, case.input("zipf"), capacity),
            case.tolerance(&["abs"]),
        );
        let text = format!(
            "person u \"U\"\nsystem s \"S\" {{\n    cache c \"C\" {{ keys {objects} skew={:?}; entries {capacity} }}\n    database d \"D\"\n}}\nu -> s.c \"Asks\"\nu -> s.d \"Asks\"\nflow f \"F\" {{\n    u -> s.c \"Look up\" time=1ms\n    miss s.c {{ u -> s.d \"Read\" time=1ms }}\n}}\nload l \"L\" rate=1000/s\nquality q \"Q\" {{ require mean flow=f under=1h }}\n",
            case.input("zipf")
        );
        let report = forecast(&text, 0.01);
        let asked = value(&report.runs[0].stations().iter().find(|one| one.name == "s.d").unwrap().rate);
        case.close("hit_ratio", 1.0 - asked / 1000.0, case.tolerance(&["abs"]));
    }
    for case in cases(&["cache_loss"]) {
        let text = |failure: &str| {
            format!(
                "person u \"U\"\nsystem s \"S\" {{\n    cache c \"C\" hit-ratio={}%\n    database d \"D\"\n}}\nu -> s.c \"Asks\"\nu -> s.d \"Asks\"\nflow f \"F\" {{\n    u -> s.c \"Look up\" time=1ms\n    miss s.c {{ u -> s.d \"Read\" time=1ms }}\n}}\nload l \"L\" rate={}/s\nfailure gone \"Gone\" {{ flush s.c at=0s for=1h }}\nquality q \"Q\" {{ require mean flow=f under=1h {failure} }}\n",
                case.input("hit") * 100.0,
                case.input("app_qps")
            )
        };
        let database = |failure: &str| {
            let report = forecast(&text(failure), 0.05);
            value(&report.runs[0].stations().iter().find(|one| one.name == "s.d").unwrap().rate)
        };
        case.near("db_qps_normal", database(""), case.tolerance(&["rel"]));
        case.near("db_qps_on_cache_loss", database("failure=gone"), case.tolerance(&["rel"]));
    }
}

/// What is forecast for the availability of a flow through stations with these facts.
fn availability(stations: &[String]) -> f64 {
    let declared: String =
        stations.iter().enumerate().map(|(at, facts)| format!("    service a{at} \"A\" {{ {facts} }}\n")).collect();
    let uses: String = (0..stations.len()).map(|at| format!("u -> s.a{at} \"Asks\"\n")).collect();
    let steps: String = (0..stations.len()).map(|at| format!("    u -> s.a{at} \"Ask\" time=1ms\n")).collect();
    let text = format!(
        "person u \"U\"\nsystem s \"S\" {{\n{declared}}}\n{uses}flow f \"F\" {{\n{steps}}}\nquality q \"Q\" {{ require availability flow=f over=99.9% }}\n"
    );
    value(&forecast(&text, 0.05).judgements[0].estimate)
}

#[test]
fn availability_of_what_has_parts() {
    for case in cases(&["series"]) {
        let stations: Vec<String> =
            case.inputs("a").iter().map(|up| format!("availability {:?}%", up * 100.0)).collect();
        case.close("A", availability(&stations), case.tolerance(&["abs"]));
        case.close("A", formulas::series(case.inputs("a")), case.tolerance(&["abs"]));
    }
    for case in cases(&["parallel_", "k2_", "k3_"]) {
        let needed = case.0["inputs"]["k"].as_u64().unwrap_or(1);
        let (count, up) = (case.input("n"), case.input("a"));
        let facts = format!("replicas {count} needed={needed}; availability {:?}%", up * 100.0);
        case.close("A", availability(&[facts]), case.tolerance(&["abs"]));
        case.close("A", reliability::at_least(needed as u32, count as u32, up), case.tolerance(&["abs"]));
    }
    for case in cases(&["mtbf"]) {
        let facts = format!("mtbf {}h; mttr {}h", case.input("mtbf_h"), case.input("mttr_h"));
        let up = availability(&[facts]);
        case.near("A", up, 1e-6);
        case.near("downtime_min_per_30d", (1.0 - up) * 43_200.0, 1e-6);
    }
    for case in cases(&["repairable"]) {
        let facts = format!("replicas 2; mtbf {}h; mttr {}h", case.input("mtbf_h"), case.input("mttr_h"));
        case.near("U", 1.0 - availability(&[facts]), 1e-6);
    }
    for case in cases(&["common_cause"]) {
        let facts = "replicas 2; availability 99.9%; common-cause 5%".to_owned();
        case.near("U", 1.0 - availability(&[facts]), 1e-6);
        case.near("U", reliability::with_common_cause(1, 2, case.input("a"), case.input("beta")), 1e-6);
    }
}

#[test]
fn error_budgets_and_burn_rates() {
    for case in cases(&["budget_"]) {
        let minutes = |days: f64| formulas::budget(case.input("slo"), days * 1440.0);
        case.near("min_per_30d", minutes(30.0), 1e-9);
        case.near("min_per_28d", minutes(28.0), 1e-9);
        case.near("h_per_365d", minutes(365.0) / 60.0, 1e-9);
    }
    for case in cases(&["burn_page", "burn_ticket"]) {
        let hours = |name: &str| case.input(name) * 3600.0;
        let alert = formulas::BurnAlert {
            objective: case.input("slo"),
            window: hours("window_h"),
            long: hours("long_h"),
            short: hours("short_h"),
            burn: case.input("burn"),
        };
        case.near("budget_consumed", alert.budget_consumed(), 1e-9);
        case.near("error_rate_threshold", alert.threshold(), 1e-9);
        case.near("hours_to_exhaust", alert.exhausted_after() / 3600.0, 1e-9);
        case.near("detect_s_at_100pct_errors", alert.detected_after(1.0).unwrap(), 1e-9);
        match alert.detected_after(0.01) {
            Some(seconds) => case.near("detect_s_at_1pct_errors", seconds, 1e-9),
            None => assert!(!case.has("detect_s_at_1pct_errors")),
        }
        case.near("reset_s_after_100pct_outage_short_window", alert.reset_after(), 1e-9);
    }
    for case in cases(&["burn_never"]) {
        case.close("slo_below_which_alert_cannot_fire", reliability::lowest_objective(case.input("burn")), 1e-9);
    }
}

#[test]
fn retries_multiply_load() {
    for case in cases(&["retry_p"]) {
        let (failure, attempts) = (case.input("p"), case.input("attempts") as u32);
        case.near("load_factor", formulas::retry_load(failure, attempts), 0.01);
        let text = format!(
            "person u \"U\"\nsystem s \"S\" {{\n    service a \"A\"\n    service b \"B\"\n    a -> b \"Asks\" {{ retry {}; error-rate {}% }}\n}}\nu -> s.a \"Asks\"\nflow f \"F\" {{ u -> s.a \"Ask\" {{ s.a -> s.b \"Ask\" time=1ms }} }}\nload l \"L\" rate=100/s\nquality q \"Q\" {{ require error-rate flow=f under=1% }}\n",
            attempts - 1,
            failure * 100.0
        );
        let report = forecast(&text, 0.005);
        let rate = |name: &str| value(&report.runs[0].stations().iter().find(|one| one.name == name).unwrap().rate);
        case.near("load_factor", rate("s.b") / rate("s.a"), case.tolerance(&["rel"]));
        let residual = case.expected("residual_failure");
        let found = value(&report.runs[0].flows()[0].error_rate);
        assert!((found - residual).abs() <= case.tolerance(&["rel"]) * residual.max(0.02), "{found} {residual}");
    }
    for case in cases(&["retry_stack"]) {
        let (layers, attempts) = (case.input("layers") as u32, case.input("attempts") as u32);
        let services: String = (0..=layers).map(|at| format!("    service a{at} \"A\"\n")).collect();
        let uses: String = (0..layers)
            .map(|at| {
                let broken = if at + 1 == layers { "; error-rate 100%" } else { "" };
                format!("    a{at} -> a{} \"Asks\" {{ retry {}{broken} }}\n", at + 1, attempts - 1)
            })
            .collect();
        let steps: String = (0..layers).map(|at| format!(" {{ s.a{at} -> s.a{} \"Ask\" time=1ms", at + 1)).collect();
        let text = format!(
            "person u \"U\"\nsystem s \"S\" {{\n{services}{uses}}}\nu -> s.a0 \"Asks\"\nflow f \"F\" {{ u -> s.a0 \"Ask\"{steps}{} }}\nload l \"L\" rate=10/s\nquality q \"Q\" {{ require error-rate flow=f under=1% }}\n",
            " }".repeat(layers as usize)
        );
        let report = forecast(&text, 0.05);
        let run = &report.runs[0];
        let rate = |name: String| value(&run.stations().iter().find(|one| one.name == name).unwrap().rate);
        // Every try of every layer reaches the bottom; requests on their way at either end differ a little.
        let found = rate(format!("s.a{layers}")) / rate("s.a0".into());
        case.near("calls_at_bottom", found, 0.01);
    }
    for case in cases(&["retry_budget"]) {
        let text = "person u \"U\"\nsystem s \"S\" {\n    service a \"A\"\n    service b \"B\"\n    a -> b \"Asks\" { retry 3 budget=10%; error-rate 100% }\n}\nu -> s.a \"Asks\"\nflow f \"F\" { u -> s.a \"Ask\" { s.a -> s.b \"Ask\" time=1ms } }\nload l \"L\" rate=100/s\nquality q \"Q\" { require error-rate flow=f under=1% }\n";
        let report = forecast(text, 0.05);
        let rate = |name: &str| value(&report.runs[0].stations().iter().find(|one| one.name == name).unwrap().rate);
        case.close("load_factor_max", rate("s.b") / rate("s.a"), case.tolerance(&["abs"]));
    }
}

#[test]
fn lognormal_laws_through_two_points() {
    for case in cases(&["lognormal"]) {
        let law = Distribution::lognormal_p50_p99(case.input("p50"), case.input("p99")).unwrap();
        let tolerance = case.tolerance(&["rel"]);
        case.near("mean", law.mean(), tolerance);
        case.near("scv", law.scv(), tolerance);
        case.near("p95", law.quantile(0.95), tolerance);
        case.near("p999", law.quantile(0.999), tolerance);
        let again = Distribution::lognormal_mean_p99(law.mean(), case.input("p99")).unwrap();
        case.near("p95", again.quantile(0.95), tolerance);
    }
    assert_eq!(Distribution::lognormal_mean_p99(1.0, 0.5), None);
    assert_eq!(Distribution::lognormal_p50_p99(2.0, 1.0), None);
}

//! The environments of a workspace beside each other, to text: for people, for programs and as a table.

use crate::{aligned, quoted};
use groma_model::facets::deployment::{Environments, Row, Spot};
use groma_model::facts;
use serde_json::{Value, json};

fn name<'a>(all: &Environments<'a>, nth: usize) -> &'a str {
    all.arch.name(all.arch.deployments[all.all[nth]].at)
}

fn cell(all: &Environments<'_>, nth: usize, spots: &[Spot<'_>]) -> String {
    let words = |spot: &Spot<'_>| format!("{}{}", all.place(nth, spot), spot.words).trim_start().to_owned();
    match spots {
        [] => "-".to_owned(),
        spots => spots.iter().map(words).collect::<Vec<String>>().join(", "),
    }
}

/// A table for people: a line for each thing that runs, a column for each environment.
pub fn human(all: &Environments<'_>) -> String {
    let numbers = || 0..all.all.len();
    let head = std::iter::once(String::new()).chain(numbers().map(|nth| name(all, nth).to_owned()));
    let row = |row: &Row<'_>| {
        let cells = numbers().map(|nth| cell(all, nth, &row.spots[nth]));
        std::iter::once(all.arch.element(row.element).path.to_string()).chain(cells).collect()
    };
    let lines: Vec<Vec<String>> = std::iter::once(head.collect()).chain(all.rows.iter().map(row)).collect();
    aligned(lines.iter())
}

/// A document, with a version.
pub fn json(all: &Environments<'_>) -> Value {
    let environment = |nth: usize| {
        let at = all.arch.deployments[all.all[nth]].at;
        json!({
            "name": name(all, nth),
            "title": all.arch.title(at),
            "environment": all.arch.text(at, &facts::deployment::ENVIRONMENT),
            "missing": all.missing_in(nth).map(|id| all.arch.element(id).path.to_string()).collect::<Vec<_>>(),
        })
    };
    let spot = |(nth, spot): (usize, &Spot<'_>)| {
        json!({
            "environment": name(all, nth),
            "place": all.place(nth, spot),
            "technology": all.technology(nth, spot),
            "replicas": spot.replicas,
            "standby": spot.is_standby,
            "read_replicas": spot.read_replicas,
        })
    };
    let row = |row: &Row<'_>| {
        let spots = all.spots(row).map(spot).collect::<Vec<_>>();
        json!({ "element": all.arch.element(row.element).path.to_string(), "runs": spots })
    };
    json!({
        "version": 1,
        "environments": (0..all.all.len()).map(environment).collect::<Vec<_>>(),
        "elements": all.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// One row for each place where something runs, below the names of the columns.
pub fn csv(all: &Environments<'_>) -> String {
    let mut out = "element,environment,place,technology,replicas,standby,read-replicas\n".to_owned();
    for row in &all.rows {
        let element = all.arch.element(row.element).path.to_string();
        for (nth, spot) in all.spots(row) {
            let standby = if spot.is_standby { "yes" } else { "no" };
            let place = all.place(nth, spot);
            let cells = [
                &*element,
                name(all, nth),
                &place,
                all.technology(nth, spot).unwrap_or_default(),
                spot.replicas.unwrap_or("0"),
                standby,
                spot.read_replicas.unwrap_or("0"),
            ];
            out.push_str(&cells.map(quoted).join(","));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{csv, human, json};
    use groma_model::facets::deployment::Environments;
    use groma_session::{MemoryFileSystem, Session};
    use std::path::Path;

    const TEXT: &str = r#"
system s "S" {
    service a "A"
    database d "D"
    worker w "W"
}
deployment production "Production" environment=production {
    region eu "EU" {
        host cluster "Cluster" technology="EKS" { instance s.a replicas=3..9 }
        instance s.d
    }
    region us "US" {
        instance s.d standby replicas=2
        instance s.d read-replicas=2
    }
    instance s.w
}
deployment test "Test" {
    host box "One machine" technology="Docker" { instance s.a; instance s.d read-replicas=1 }
}
"#;

    fn told(text: &str, tell: fn(&Environments<'_>) -> String) -> String {
        let files = MemoryFileSystem::new(&[("w.groma", text)]);
        let snapshot = Session::open(&files, Path::new("w.groma")).unwrap().snapshot();
        tell(&Environments::of(&snapshot.arch))
    }

    #[test]
    fn each_environment_is_a_column() {
        let expected = "     production                                                test\n\
                        s.a  eu.cluster × 3–9                                          box\n\
                        s.d  eu, us × 2 (standby), us (2 read replicas)                box + 1 read replica\n";
        let told = told(TEXT, human);
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeeze(&told).starts_with(&squeeze(expected)), "{told}");
        assert!(told.ends_with("-\n"), "{told}");
    }

    #[test]
    fn programs_get_a_row_for_each_place() {
        let csv = told(TEXT, csv).replace('"', "");
        assert_eq!(
            csv,
            "element,environment,place,technology,replicas,standby,read-replicas\n\
             s.a,production,eu.cluster,EKS,3..9,no,0\n\
             s.a,test,box,Docker,1,no,0\n\
             s.d,production,eu,,1,no,0\n\
             s.d,production,us,,2,yes,0\n\
             s.d,production,us,,0,no,2\n\
             s.d,test,box,Docker,1,no,1\n\
             s.w,production,,,1,no,0\n"
        );
    }

    #[test]
    fn what_is_missing_in_an_environment_is_named() {
        let missing = told(TEXT, |all| json(all)["environments"][1]["missing"].to_string());
        assert_eq!(missing, r#"["s.w"]"#);
        let none = told("system s \"S\"", |all| json(all).to_string());
        assert_eq!(none, r#"{"version":1,"environments":[],"elements":[]}"#);
    }
}

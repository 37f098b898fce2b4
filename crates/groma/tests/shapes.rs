//! What the documents are made of that commands print for programs. Those of findings and forecasts are told in `crates/report/`.

mod common;

use common::{groma_in, write};
use groma_testing::{goldens, shape};
use std::path::Path;

const SHOP: &str = r#"person u "U"
system s "S" external=#true { service a "A"; service b }
u -> s.a "Asks" protocol=HTTPS { timeout 3s }
flow f "F" { u -> s.a "Ask" }
"#;

const CHOICE: &str = r#"choice store "Which store?" {
    criterion fit "Fits" weight=3
    criterion latency "Fast" better=low worst=50ms best=10ms
    criterion size "Large" better=high { threshold 5GB score=4; }
    must free "Is free"
    option a "A" technology=postgresql by=buy { meets free; score fit 4 because="Seen"; value latency 12ms; value size 9GB; }
    option b "B" { score fit 3; value latency 20ms; value size 1GB; }
    option c "C" { fails free; }
}
"#;

const SIGNED: &str = r#"team t "T" { member ana "Ana" email="ana@example.org" roles=architect }
person u "U"
sign u role=architect by="Ana <ana@example.org>" on=2026-01-05 hash="sha256:0000000000000000000000000000000000000000000000000000000000000000" form=1
sign u role=architect by=Ana on=2026-01-05 hash="sha256:00" form=1
"#;

#[test]
fn documents() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("shop.groma"), SHOP);
    let placed = "deployment p { region eu { instance s.b replicas=2; } }\ndeployment t environment=test { host h technology=Docker { instance s.a; } }\n";
    write(&folder.path().join("placed.groma"), &format!("{}{placed}", SHOP.replace(" external=#true", "")));
    write(&folder.path().join("wrong.groma"), &format!("{SHOP}quality q {{ require p95 flow=f under=1s load=lod }}\n"));
    write(&folder.path().join("choice.groma"), CHOICE);
    write(&folder.path().join("signed.groma"), SIGNED);
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), |goldens| {
        for (name, arguments) in [
            ("query", &["query", "*", "shop.groma", "--format", "json"][..]),
            ("environments", &["environments", "placed.groma", "--format", "json"]),
            ("decide", &["decide", "choice.groma", "--format", "json"]),
            ("sign", &["sign", "--verify", "signed.groma", "--format", "json"]),
            ("tree", &["tree", "shop.groma", "--format", "json"]),
            ("check", &["check", "wrong.groma", "--format", "json"]),
            ("refusal", &["simulate", "wrong.groma", "--format", "json"]),
        ] {
            let output = groma_in(folder.path(), arguments);
            let document = serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"));
            goldens.check(&format!("{name}.json.txt"), &shape(&document));
        }
    });
}

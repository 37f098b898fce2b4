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

#[test]
fn documents() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("shop.groma"), SHOP);
    let placed = "deployment p { region eu { instance s.b replicas=2; } }\ndeployment t environment=test { host h technology=Docker { instance s.a; } }\n";
    write(&folder.path().join("placed.groma"), &format!("{}{placed}", SHOP.replace(" external=#true", "")));
    write(&folder.path().join("wrong.groma"), &format!("{SHOP}quality q {{ require p95 flow=f under=1s load=lod }}\n"));
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), |goldens| {
        for (name, arguments) in [
            ("query", &["query", "*", "shop.groma", "--format", "json"][..]),
            ("environments", &["environments", "placed.groma", "--format", "json"]),
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

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
    write(&folder.path().join("wrong.groma"), &format!("{SHOP}quality q {{ require p95 flow=f under=1s load=lod }}\n"));
    goldens(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"), |goldens| {
        for (name, arguments) in [
            ("query", &["query", "*", "shop.groma", "--format", "json"][..]),
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

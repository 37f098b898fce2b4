//! Every page says what it may load, and needs no more.

mod common;

use common::files_below;
use std::path::PathBuf;

#[test]
fn no_page_needs_what_its_policy_forbids() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    common::expect(&root, &["build", "examples/storefront", "--out", out.to_str().unwrap()], 0, "is written");
    let site = files_below(&out);
    let mut pages = 0;
    for (name, bytes) in site.iter().filter(|(name, _)| name.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).expect(name);
        let policy = policy.split('"').next().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{name}: {policy}");
        // What stands before a policy is not held to it.
        let before = page.split("<meta http-equiv").next().unwrap();
        assert!(!before.contains("<script") && !before.contains("<link") && !before.contains("<style"), "{name}");
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"") && script.contains("\" defer></script>"), "{name}: {script:.80}");
        }
        for tag in page.split('<').map(|tag| tag.split('>').next().unwrap_or_default()) {
            let mut words = tag.split('"').step_by(2).flat_map(str::split_whitespace);
            let handler = words.find(|word| word.starts_with("on") && word.ends_with('='));
            assert_eq!(handler, None, "{name}: {tag}");
            for address in ["href=\"", "src=\""].iter().filter_map(|word| tag.split(word).nth(1)) {
                assert!(!address.starts_with("javascript:") && !address.starts_with("data:"), "{name}: {tag}");
            }
        }
        pages += 1;
    }
    assert!(pages > 20, "{pages}");
}

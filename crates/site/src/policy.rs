//! What a page may load and run: its own files and nothing else, so that no text of a workspace can ever do anything.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The Content-Security-Policy of a page with this body, after [CSP 3](https://www.w3.org/TR/CSP3/). The styles that
/// pictures bring are allowed one by one, by their hashes.
pub(crate) fn policy(body: &str) -> String {
    let mut styles = String::from("'self'");
    let attributes = hashes(body, " style=\"", "\"");
    if !attributes.is_empty() {
        styles.push_str(" 'unsafe-hashes'");
    }
    for hash in hashes(body, "<style>", "</style>").union(&attributes) {
        styles.push_str(&format!(" '{hash}'"));
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self'; base-uri 'none'; form-action 'none'"
    )
}

/// The hashes of what stands between these, each once.
fn hashes(body: &str, before: &str, after: &str) -> BTreeSet<String> {
    let pieces = body.split(before).skip(1).filter_map(|rest| rest.split(after).next());
    pieces.map(|piece| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(piece)))).collect()
}

#[cfg(test)]
mod tests {
    use super::policy;

    /// The hash of nothing is known: `printf '' | openssl dgst -sha256 -binary | base64`.
    #[test]
    fn only_the_styles_of_the_page_are_allowed() {
        let empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        let strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";
        assert_eq!(policy("<p>&lt;style&gt; style=&quot;x&quot;</p>"), strict);
        let picture = strict.replace("style-src 'self'", &format!("style-src 'self' {empty}"));
        assert_eq!(policy("<svg><style></style></svg><svg><style></style></svg>"), picture);
        let attribute = strict.replace("style-src 'self'", &format!("style-src 'self' 'unsafe-hashes' {empty}"));
        assert_eq!(policy("<path style=\"\"/>"), attribute);
    }
}

//! Parsing 8 MB: ours beside the `kdl` crate, in one run on one core.

use divan::{Bencher, counter::BytesCount};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn groma(bencher: Bencher) {
    let text: std::sync::Arc<str> = groma_benches::kdl_document(8_000_000).into();
    bencher.counter(BytesCount::of_str(&text)).bench(|| groma_syntax::parse(text.clone()));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn kdl_crate(bencher: Bencher) {
    let text = groma_benches::kdl_document(8_000_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| text.parse::<kdl::KdlDocument>());
}

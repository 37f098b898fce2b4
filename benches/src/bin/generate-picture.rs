//! Prints a system with so many containers, for timing pictures: `generate-picture CONTAINERS > FILE`.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

fn main() {
    let count = std::env::args().nth(1).map_or(50, |text| text.parse().expect("a number"));
    print!("{}", groma_benches::picture(count));
}

//! Writes a workspace that grows in one direction: `generate-growth FOLDER SHAPE COUNT`. Without a shape, tells which there are.

#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use groma_benches::growth;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, shape, count] = arguments.as_slice() else {
        growth::SHAPES.iter().for_each(|shape| println!("{}", shape.name));
        return Ok(());
    };
    let shape = growth::shape(shape).expect("a shape of the list");
    for (path, text) in (shape.files)(count.parse().expect("a number")) {
        let path = PathBuf::from(folder).join(path);
        std::fs::create_dir_all(path.parent().expect("a file in a folder"))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

//! Writes a generated workspace: `generate-workspace FOLDER [ELEMENTS [FILES [STANDARDS [TECHNOLOGIES]]]]`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder to write to"));
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (elements, files, standards, technologies) = (number(10_000), number(200), number(0), number(0));
    for (path, text) in groma_benches::company(elements, files, standards, technologies) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a file in a folder"))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

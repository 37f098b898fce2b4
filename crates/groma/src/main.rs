//! The command `groma`.

fn main() -> std::process::ExitCode {
    groma::main()
}

//! The command `groma`.

/// A check makes and drops millions of small values on all threads, which takes the system's allocator a fifth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    groma::main()
}

//! Signing with the key that git signs with.

use crate::git::OsGit;
use crate::output::{Failure, print_error};
use groma_keys::{NAMESPACE, from_armor};
use groma_session::{Git, describe};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The value that git has for a key of its configuration in a folder.
pub(super) fn of_git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let all = [&["config"], arguments].concat();
    let answered = OsGit.run(folder, &all, b"").ok().filter(|answered| answered.is_well)?;
    let text = String::from_utf8(answered.output).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The signature of a message with the key that git signs with in a folder; none if it signs with none.
pub(super) fn signature(folder: &Path, message: &str) -> Result<Option<String>, Failure> {
    let format = of_git(folder, &["--get", "gpg.format"]);
    match format.as_deref() {
        Some("ssh") => with_ssh(folder, message),
        None | Some("openpgp") => with_open_pgp(folder, message),
        Some(other) => {
            print_error(&format!("note: git signs with `{other}` here, which Groma does not: no key signs it\n"));
            Ok(None)
        }
    }
}

fn with_open_pgp(folder: &Path, message: &str) -> Result<Option<String>, Failure> {
    let Some(key) = of_git(folder, &["--get", "user.signingkey"]) else { return Ok(None) };
    let own = of_git(folder, &["--type=path", "--get", "gpg.openpgp.program"]);
    let program = own.or_else(|| of_git(folder, &["--type=path", "--get", "gpg.program"]));
    let arguments = ["--armor", "--detach-sign", "--local-user", &key].map(Path::new);
    signed(program.as_deref().unwrap_or("gpg"), &arguments, (&key, message))
}

fn with_ssh(folder: &Path, message: &str) -> Result<Option<String>, Failure> {
    let Some(key) = of_git(folder, &["--type=path", "--get", "user.signingkey"]) else { return Ok(None) };
    let program = of_git(folder, &["--type=path", "--get", "gpg.ssh.program"]);
    let with_file = with_file(&key)?;
    let mut arguments: Vec<&Path> = ["-Y", "sign", "-n", NAMESPACE].iter().map(Path::new).collect();
    match &with_file {
        // A key that is written out is held by an agent.
        Some(file) => arguments.extend([Path::new("-f"), file.path(), Path::new("-U")]),
        None => arguments.extend([Path::new("-f"), Path::new(&key)]),
    }
    signed(program.as_deref().unwrap_or("ssh-keygen"), &arguments, (&key, message))
}

/// The signature that a program makes of a message with a key, as it stands in a line.
fn signed(program: &str, arguments: &[&Path], (key, message): (&str, &str)) -> Result<Option<String>, Failure> {
    let refused = |why: &str| {
        let message = format!("`{program}` cannot sign with git's `user.signingkey`, `{key}`: {why}");
        let help = "nothing was written; see that `git commit -S` works there, or sign without a key: `--key none`";
        Failure::new(message).help(help)
    };
    let signed = run(program, arguments, message).map_err(|why| refused(&why))?;
    from_armor(&signed).map(Some).ok_or_else(|| refused("what it answers is no signature"))
}

/// A file for a key that is written out in the configuration.
fn with_file(key: &str) -> Result<Option<tempfile::NamedTempFile>, Failure> {
    let Some(key) = key.strip_prefix("key::").or_else(|| key.starts_with("ssh-").then_some(key)) else {
        return Ok(None);
    };
    let cannot = |error: std::io::Error| Failure::new(format!("cannot write a temporary file: {}", describe(&error)));
    let mut file = tempfile::Builder::new().prefix("groma-key-").tempfile().map_err(cannot)?;
    writeln!(file, "{key}").map_err(cannot)?;
    Ok(Some(file))
}

/// What a program answers to a message; why not, in its own words.
fn run(program: &str, arguments: &[&Path], message: &str) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such program".to_owned(),
        _ => describe(&error),
    })?;
    // A program that ends before it has read all says itself why.
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(message.as_bytes()));
    let output = child.wait_with_output().map_err(|error| describe(&error))?;
    drop(written);
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
        return Err(last.unwrap_or("it does not say why").to_owned());
    }
    String::from_utf8(output.stdout).map_err(|_| "its answer is no text".to_owned())
}

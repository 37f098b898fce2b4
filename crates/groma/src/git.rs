//! Runs git. It reads history and never touches the work tree.

use groma_session::{Answered, Git, describe};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a hook of git sets for its own repository; the one that is meant lies around the workspace.
const OF_HOOKS: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"];

/// The git of the operating system.
pub(crate) struct OsGit;

impl Git for OsGit {
    fn run(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Answered, String> {
        let mut command = Command::new("git");
        // No program that the repository names is started, and nobody is asked for a password.
        command.args(["-c", "core.fsmonitor=false"]).args(arguments).current_dir(folder);
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        OF_HOOKS.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "there is no program called `git`".to_owned(),
            _ => describe(&error),
        })?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // Git answers while it is being asked; whoever only asks would wait for it forever.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
            child.wait_with_output()
        });
        let output = output.map_err(|error| describe(&error))?;
        Ok(Answered {
            is_well: output.status.success(),
            output: output.stdout,
            complaint: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

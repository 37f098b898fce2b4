//! What a signature with a key proves, and whose keys a repository knows.
//!
//! Both stand in the repository: the signature in a line of text, whose a key is in a file beside it. So the answer is the same on every
//! machine, and no program or server is asked.

mod open_pgp;
mod ring;
mod ssh;

pub use ssh::NAMESPACE;

use groma_model::signers::{KeyProof, Keys, Person};

/// The file that says whose a key of OpenSSH is, in git's own form.
pub const ALLOWED_SIGNERS: &str = "acts/allowed_signers";
/// The file that holds keys of OpenPGP, as `gpg --export` writes them, with `--armor` or without: whose they are they say themselves.
pub const ALLOWED_KEYS: &str = "acts/allowed_keys.asc";

/// Something in a file of keys that is not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// The number of its line, from 1 on.
    pub line: usize,
    /// What is to be said of that line, as the end of a sentence that begins with it.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl Unread {
    fn nothing(line: usize, help: &'static str) -> Unread {
        Unread { line, message: "says nothing of a key".to_owned(), help }
    }
}

/// The keys that a repository knows.
#[derive(Debug, Default)]
pub struct KnownKeys {
    ssh: ssh::AllowedSigners,
    open_pgp: ring::Ring,
}

impl KnownKeys {
    /// Takes what a file `allowed_signers` (`man ssh-keygen`) says, and tells what of it cannot be read.
    pub fn read_signers(&mut self, bytes: &[u8]) -> Vec<Unread> {
        let (signers, unread) = ssh::AllowedSigners::read(&String::from_utf8_lossy(bytes));
        self.ssh = signers;
        unread
    }

    /// Takes the keys of a file of OpenPGP keys, and tells what of it cannot be read.
    pub fn read_keys(&mut self, bytes: &[u8]) -> Vec<Unread> {
        let (ring, unread) = ring::Ring::read(bytes);
        self.open_pgp = ring;
        unread
    }
}

impl Keys for KnownKeys {
    fn proof(&self, signature: &str, person: &Person<'_>, on: &str, message: &str) -> KeyProof {
        match signature.starts_with(open_pgp::PGP) {
            true => self.open_pgp.proof(signature, person, on, message),
            false => self.ssh.proof(signature, person, on, message),
        }
    }
}

/// The signature of a file that `ssh-keygen -Y sign` or `gpg --armor --detach-sign` writes, as it stands in a line; none if it is no such file.
pub fn from_armor(file: &str) -> Option<String> {
    ssh::from_armor(file).or_else(|| open_pgp::from_armor(file))
}

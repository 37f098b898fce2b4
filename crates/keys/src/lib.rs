//! What a signature with a key proves, and whose keys a repository knows.
//!
//! Both stand in the repository: the signature in a line of text, whose a key is in a file beside it. So the answer is the same on every
//! machine, and no program or server is asked.

mod open_pgp;
mod ssh;

pub use ssh::NAMESPACE;

use groma_model::signers::{KeyProof, Keys, Person};

/// The file that says whose a key of OpenSSH is, in git's own form.
pub const ALLOWED_SIGNERS: &str = "acts/allowed_signers";
/// The file that holds keys of OpenPGP, as `gpg --armor --export` writes them: whose they are they say themselves.
pub const ALLOWED_KEYS: &str = "acts/allowed_keys.asc";

/// The keys that a repository knows.
#[derive(Debug, Default)]
pub struct KnownKeys {
    ssh: ssh::AllowedSigners,
    open_pgp: open_pgp::Ring,
}

impl KnownKeys {
    /// Adds what a file `allowed_signers` (`man ssh-keygen`) says. Tells the numbers of the lines that cannot be read.
    pub fn read_signers(&mut self, text: &str) -> Vec<usize> {
        let (signers, unread) = ssh::AllowedSigners::read(text);
        self.ssh = signers;
        unread
    }

    /// Adds the keys of a file in OpenPGP's armor. Tells the numbers of the lines at which something begins that is no key.
    pub fn read_keys(&mut self, text: &str) -> Vec<usize> {
        let (ring, unread) = open_pgp::Ring::read(text);
        self.open_pgp = ring;
        unread
    }
}

impl Keys for KnownKeys {
    fn proof(&self, signature: &str, person: &Person<'_>, on: &str, message: &str) -> KeyProof {
        match signature.starts_with(open_pgp::PGP) {
            true => self.open_pgp.proof(signature, person, message),
            false => self.ssh.proof(signature, person, on, message),
        }
    }
}

/// The signature of a file that `ssh-keygen -Y sign` or `gpg --armor --detach-sign` writes, as it stands in a line; none if it is no such file.
pub fn from_armor(file: &str) -> Option<String> {
    ssh::from_armor(file).or_else(|| open_pgp::from_armor(file))
}

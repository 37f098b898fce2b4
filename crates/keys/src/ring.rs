//! The keys of a file: what several blocks say of one key is put together, as `gpg --import` does it, and a revocation counts wherever it
//! stands.

use crate::Unread;
use pgp::armor::Dearmor;
use pgp::errors::Error;
use pgp::packet::{Packet, PacketParser, PublicKey, PublicSubkey, Signature, SignatureType, UserId};
use pgp::types::{Fingerprint, KeyDetails};
use std::io::{BufRead, BufReader};

/// What begins a block of any sort, and the blocks that hold keys.
const BEGIN: &str = "-----BEGIN ";
const KEYS: [&str; 2] = ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"];
const SECRET: &str = "PRIVATE KEY";

/// What to do about what is no key.
const EXPORT: &str = "`gpg --armor --export ana@example.org` writes a key as it is to stand there";
const TAKE_OUT: &str = "take it out, let it be revoked by whoever it belongs to, and put here what `gpg --armor --export` writes: whoever may read the repository may sign with it";
const DASHES: &str = "write five dashes before and behind the words, as `gpg --armor --export` does, or take it out";
const AT_START: &str = "let the block begin at the start of its line, or take it out";

/// The lines of a text with their numbers, without blanks around them. What begins right behind the end of a block is on a line of its own.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(nth, line)| {
        let line = line.trim();
        let glued = line.find(KEYS[1]).map(|at| at + KEYS[1].len());
        let (line, next) = line.split_at(glued.unwrap_or(line.len()));
        [Some(line), Some(next.trim()).filter(|next| !next.is_empty())]
            .into_iter()
            .flatten()
            .map(move |one| (nth + 1, one))
    })
}

/// Whether a line begins a block or ends one of keys, or is meant to.
fn is_edge(line: &str) -> bool {
    let is_meant = line.contains("-BEGIN ") || line.contains("BEGIN PGP PUBLIC KEY BLOCK");
    is_meant || line == KEYS[1]
}

/// The keys that are known.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    pub(crate) keys: Vec<Key>,
    /// Of all of these keys, their users and their subkeys.
    pub(crate) revocations: Vec<Signature>,
}

/// A key, and what is said of it.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) primary: PublicKey,
    fingerprint: Fingerprint,
    pub(crate) direct: Vec<Signature>,
    pub(crate) users: Vec<(UserId, Vec<Signature>)>,
    pub(crate) subkeys: Vec<(PublicSubkey, Vec<Signature>)>,
}

impl Ring {
    /// Reads a file of keys, in armor or without it, and tells what in it is none.
    pub(crate) fn read(bytes: &[u8]) -> (Ring, Vec<Unread>) {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes);
        let (mut ring, mut unread) = (Ring::default(), Vec::new());
        match text.contains(BEGIN) {
            true => ring.read_blocks(&text, &mut unread),
            // Bytes that are no text begin with one of which the first bit is set.
            false if bytes.first().is_some_and(|first| first & 0x80 != 0) => {
                let read = Read::of(bytes);
                let problem = read.problem(true);
                ring.add(read, problem.is_none());
                unread.extend(problem.map(|(message, help)| Unread { line: 1, message: message.to_owned(), help }));
            }
            false if text.trim().is_empty() => {}
            false => unread.push(Unread::nothing(1, EXPORT)),
        }
        (ring, unread)
    }

    fn read_blocks(&mut self, text: &str, unread: &mut Vec<Unread>) {
        let lines: Vec<(usize, &str)> = numbered(text).collect();
        // Of a block of which the beginning is told the end is not.
        let (mut at, mut is_told) = (0, false);
        while at < lines.len() {
            let (number, line) = lines[at];
            at += 1;
            if !is_edge(line) {
                continue;
            }
            if std::mem::replace(&mut is_told, line != KEYS[0] && line != KEYS[1]) && line == KEYS[1] {
                continue;
            }
            let told = |message: &str, help| Unread { line: number, message: message.to_owned(), help };
            if line.contains(SECRET) {
                unread.push(told("holds a secret key", TAKE_OUT));
            } else if line.starts_with(BEGIN) && line != KEYS[0] {
                unread.push(Unread::nothing(number, EXPORT));
            } else if line == KEYS[1] {
                unread.push(told("ends a block of which the beginning is missing", EXPORT));
            } else if !line.contains(BEGIN) {
                unread.push(told("begins no block, as five dashes do", DASHES));
            } else if line != KEYS[0] {
                unread.push(told("begins a block behind other signs, which is not read", AT_START));
            } else {
                // One of which the end is missing ends where the next begins.
                let rest = lines[at..].iter().map(|(_, line)| *line);
                let length = rest.clone().take_while(|line| !line.starts_with(BEGIN) && *line != KEYS[1]).count();
                let is_whole = rest.clone().nth(length) == Some(KEYS[1]);
                let block: Vec<&str> = [KEYS[0]].into_iter().chain(rest.take(length)).chain([KEYS[1]]).collect();
                at += length + usize::from(is_whole);
                let read = Read::of_armor(&block.join("\n"));
                let problem = read.problem(is_whole);
                self.add(read, problem.is_none());
                unread.extend(problem.map(|(message, help)| told(message, help)));
            }
        }
    }

    /// Adds what was read of a block; of one that is not whole only what it takes back.
    fn add(&mut self, read: Read, is_whole: bool) {
        self.revocations.extend(read.ring.revocations);
        for key in read.ring.keys.into_iter().filter(|_| is_whole) {
            match self.keys.iter_mut().find(|known| known.fingerprint == key.fingerprint) {
                Some(known) => known.merge(key),
                None => self.keys.push(key),
            }
        }
    }
}

impl Key {
    /// Adds what another block says of the same key.
    fn merge(&mut self, other: Key) {
        self.direct.extend(other.direct);
        for (id, signatures) in other.users {
            match self.users.iter_mut().find(|(known, _)| known.id() == id.id()) {
                Some((_, known)) => known.extend(signatures),
                None => self.users.push((id, signatures)),
            }
        }
        for (key, signatures) in other.subkeys {
            match self.subkeys.iter_mut().find(|(known, _)| known.fingerprint() == key.fingerprint()) {
                Some((_, known)) => known.extend(signatures),
                None => self.subkeys.push((key, signatures)),
            }
        }
    }
}

/// What the signatures after a packet are about.
enum About {
    Key,
    User,
    Subkey,
    /// Something that says nothing of who signs, such as a picture.
    Other,
}

/// What was read of a block.
struct Read {
    ring: Ring,
    holds_secret: bool,
    is_broken: bool,
}

impl Read {
    fn of_armor(block: &str) -> Read {
        Read::of(BufReader::new(Dearmor::new(block.as_bytes())))
    }

    fn of(bytes: impl BufRead) -> Read {
        let mut read = Read { ring: Ring::default(), holds_secret: false, is_broken: false };
        let mut about = About::Other;
        for packet in PacketParser::new(bytes) {
            match packet {
                Ok(packet) => about = read.packet(packet, about),
                // What is of a later version, or of an algorithm that is not known, is passed over.
                Err(Error::Unsupported { .. }) => {}
                Err(_) => {
                    read.is_broken = true;
                    break;
                }
            }
        }
        read
    }

    /// Adds a packet, and tells what those after it are about.
    fn packet(&mut self, packet: Packet, about: About) -> About {
        let key = self.ring.keys.last_mut();
        match (packet, key) {
            (Packet::PublicKey(primary), _) => {
                let (direct, users, subkeys) = (Vec::new(), Vec::new(), Vec::new());
                let fingerprint = primary.fingerprint();
                self.ring.keys.push(Key { primary, fingerprint, direct, users, subkeys });
                About::Key
            }
            (Packet::UserId(id), Some(key)) => {
                key.users.push((id, Vec::new()));
                About::User
            }
            (Packet::PublicSubkey(subkey), Some(key)) => {
                key.subkeys.push((subkey, Vec::new()));
                About::Subkey
            }
            (Packet::Signature(signature), _) => {
                self.signature(signature, &about);
                about
            }
            (Packet::SecretKey(_) | Packet::SecretSubkey(_), _) => {
                self.holds_secret = true;
                About::Other
            }
            (Packet::UserAttribute(_), _) => About::Other,
            // Marks of trust and padding stand anywhere.
            (_, _) => about,
        }
    }

    fn signature(&mut self, signature: Signature, about: &About) {
        use SignatureType::{CertRevocation, KeyRevocation, SubkeyRevocation};
        if matches!(signature.typ(), Some(KeyRevocation | SubkeyRevocation | CertRevocation)) {
            return self.ring.revocations.push(signature);
        }
        let Some(key) = self.ring.keys.last_mut() else { return };
        let own = match about {
            About::Key => Some(&mut key.direct),
            About::User => key.users.last_mut().map(|(_, own)| own),
            About::Subkey => key.subkeys.last_mut().map(|(_, own)| own),
            About::Other => None,
        };
        if let Some(own) = own {
            own.push(signature);
        }
    }

    /// Why nothing is made of the keys in it, and what to do.
    fn problem(&self, is_whole: bool) -> Option<(&'static str, &'static str)> {
        let is_empty = self.ring.keys.is_empty() && self.ring.revocations.is_empty();
        match self.holds_secret {
            true => Some(("holds a secret key", TAKE_OUT)),
            false if !is_whole => Some(("begins a block of which the end is missing", EXPORT)),
            false if self.is_broken || is_empty => Some(("says nothing of a key", EXPORT)),
            false => None,
        }
    }
}

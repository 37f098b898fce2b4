//! Whether what is sent is encrypted.

use groma_model::{Architecture, ItemRef, facts};

/// Protocols that encrypt, as words of the `protocol` fact.
const ENCRYPTED: &[&str] = &["https", "wss", "ssh", "sftp", "ftps", "ldaps", "amqps", "mqtts", "quic", "h3"];
/// What encrypts any protocol.
const TUNNELS: &[&str] = &["tls", "mtls", "ssl", "wireguard", "ipsec", "vpn"];
/// Protocols that do not encrypt by themselves.
const PLAIN: &[&str] = &["http", "ws", "ftp", "ldap", "amqp", "mqtt", "telnet", "without", "no"];

/// Whether what a relationship carries is known to be encrypted.
pub(super) fn is_encrypted(arch: &Architecture, at: ItemRef) -> bool {
    encryption(arch, at) == Some(true)
}

/// Whether what a relationship carries is encrypted, if that is said or its protocol tells.
pub(super) fn encryption(arch: &Architecture, at: ItemRef) -> Option<bool> {
    if let Some(answer) = arch.flag(at, &facts::relation::ENCRYPTED) {
        return Some(answer);
    }
    let protocol = arch.text(at, &facts::relation::PROTOCOL).unwrap_or_default().to_lowercase();
    let words = || {
        protocol
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '+' | '/'))
            .filter(|word| !word.is_empty())
    };
    if words().any(|word| PLAIN.contains(&word)) {
        let is_denied = words().any(|word| matches!(word, "without" | "no"));
        return Some(words().any(|word| TUNNELS.contains(&word)) && !is_denied);
    }
    words().any(|word| ENCRYPTED.contains(&word) || TUNNELS.contains(&word)).then_some(true)
}

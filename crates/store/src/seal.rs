//! Sealing of private values: XChaCha20-Poly1305 under subkeys of the store's key. What a value
//! belongs to (table, row, columns) is bound to it, so that a sealed value moved to another row does
//! not open. Values searched for equality have a keyed BLAKE3 hash beside them.

use std::cell::RefCell;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::error::{Error, ErrorKind, Result};

/// Length of a store's key.
pub(crate) const KEY_LENGTH: usize = 32;
const NONCE: usize = 24;
/// Nonces fetched from the operating system at once.
const NONCES: usize = 170;

/// Opens and seals with one store's key.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    equality: [u8; KEY_LENGTH],
    decisions: [u8; KEY_LENGTH],
    check: [u8; KEY_LENGTH],
    nonces: RefCell<Nonces>,
}

/// Nonces that wait to be used.
#[derive(Default)]
struct Nonces {
    bytes: Vec<u8>,
    used: usize,
}

impl Sealer {
    /// Derives the subkeys. Their contexts never change: sealed values would no longer open.
    pub(crate) fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let subkey = |context: &str| blake3::derive_key(context, key);
        Sealer {
            cipher: XChaCha20Poly1305::new(&subkey("brokerkit 2026 store sealed values").into()),
            equality: subkey("brokerkit 2026 store equality hashes"),
            decisions: subkey("brokerkit 2026 store decision payloads"),
            check: subkey("brokerkit 2026 store key check"),
            nonces: RefCell::default(),
        }
    }

    /// Seals `plain`; `place` is what it belongs to. The nonce stands before the ciphertext.
    pub(crate) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = self.nonces.borrow_mut().next()?;
        let payload = Payload {
            msg: plain,
            aad: place,
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::new(ErrorKind::Other, "a value is too long to be sealed"))?;
        let mut out = Vec::with_capacity(NONCE + sealed.len());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what `seal` made for the same place.
    pub(crate) fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let damaged = || {
            Error::new(
                ErrorKind::Corrupt,
                "a sealed value does not open: it was changed or moved outside the store's tools; \
                 run `store-admin verify`",
            )
        };
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let payload = Payload {
            msg: text,
            aad: place,
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| damaged())
    }

    /// Hash by which a private value is found again; `column` keeps columns apart.
    pub(crate) fn equality(&self, column: &str, value: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.equality);
        hasher.update(column.as_bytes());
        hasher.update(&[0]);
        hasher.update(value.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Keyed hash of a decision's payload.
    pub(crate) fn payload_hash(&self, payload: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.decisions, payload.as_bytes()).as_bytes()
    }

    /// Keyed hash of the end of the runs' chain.
    pub(crate) fn chain_seal(&self, number: i64, chain: &[u8]) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.decisions);
        hasher.update(b"end of chain");
        hasher.update(&number.to_le_bytes());
        hasher.update(chain);
        hasher.finalize().to_hex().to_string()
    }

    /// What the store keeps so that a wrong key is told from the right one.
    pub(crate) fn key_check(&self, store_id: &str) -> String {
        blake3::keyed_hash(&self.check, store_id.as_bytes())
            .to_hex()
            .to_string()
    }
}

impl Nonces {
    fn next(&mut self) -> Result<[u8; NONCE]> {
        if self.used == self.bytes.len() {
            self.bytes.resize(NONCES * NONCE, 0);
            random(&mut self.bytes)?;
            self.used = 0;
        }
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&self.bytes[self.used..self.used + NONCE]);
        self.used += NONCE;
        Ok(nonce)
    }
}

/// Fills `bytes` from the operating system's source of chance.
pub(crate) fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| {
        Error::new(
            ErrorKind::Other,
            format!("the system gives no random bytes for keys: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_where_it_was_sealed_and_only_whole() {
        let sealer = Sealer::new(&[7; 32]);
        let sealed = sealer.seal(b"listing\0L1", b"13800138000").unwrap();
        assert_eq!(
            sealer.open(b"listing\0L1", &sealed).unwrap(),
            b"13800138000"
        );
        assert!(sealer.open(b"listing\0L2", &sealed).is_err());
        assert!(sealer.open(b"listing\0L1", &sealed[..20]).is_err());
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(sealer.open(b"listing\0L1", &changed).is_err());
        assert!(Sealer::new(&[8; 32]).open(b"listing\0L1", &sealed).is_err());
    }

    #[test]
    fn nonces_never_repeat() {
        let mut nonces = Nonces::default();
        let nonces: std::collections::HashSet<_> =
            (0..1000).map(|_| nonces.next().unwrap()).collect();
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn equality_hashes_tell_columns_apart() {
        let sealer = Sealer::new(&[7; 32]);
        assert_eq!(sealer.equality("phone", "1"), sealer.equality("phone", "1"));
        assert_ne!(sealer.equality("phone", "1"), sealer.equality("name", "1"));
    }
}

//! Money: amounts in minor units, and the currency they are in.

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi.
    pub const CNY: Currency = Currency(*b"CNY");

    /// The code, `CNY`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Reads a code.
    pub fn from_code(text: &str) -> Option<Self> {
        text.as_bytes().try_into().ok().map(Currency)
    }
}

//! What things are: listings, offices, members, media, and the values they are made of; how those
//! values are read from Chinese and Western forms. Pure: no file, no clock, no database, no terminal.

pub mod codes;
pub mod field;
pub mod identity;
pub mod listing;
pub mod money;
pub mod rule;

pub use jiff;
pub use rust_decimal::Decimal;

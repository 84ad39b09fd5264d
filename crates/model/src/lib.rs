//! What things are: listings, offices, members, media, and the values they are made of; how those
//! values are read from Chinese and Western forms. Pure: no file, no clock, no database, no terminal.

#[macro_use]
mod record;

pub mod area;
pub mod codes;
pub mod codes_text;
mod currency;
pub mod dates;
pub mod field;
pub mod floor;
pub mod id_number;
pub mod identity;
pub mod layout;
pub mod listing;
pub mod mask;
pub mod media;
pub mod member;
pub mod money;
pub mod number;
pub mod office;
pub mod orientation;
pub mod packed;
pub mod phone;
pub mod rule;
pub mod text;

pub use jiff;
pub use rust_decimal::Decimal;

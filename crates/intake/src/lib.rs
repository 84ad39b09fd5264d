//! Bytes to records: sources, compression, encodings, formats, column understanding, rejects.
//!
//! ```text
//! file, standard input → spool → unpack → decode → CSV, TSV │ NDJSON, JSON │ XLSX, XLS, ODS → Record
//!                                                   header → understand → Understanding
//! ```
//!
//! What is wrong with one record is a [`Fault`] of that record; what is wrong with the input is an
//! [`Error`]. Nothing here judges what a value means for a business: that is the tools' part.

mod compression;
mod csv;
mod encoding;
mod error;
mod evidence;
pub mod excel;
mod header;
mod json;
mod kind;
mod metro;
mod page;
mod places;
pub mod recognise;
mod record;
mod reject;
pub mod rules;
mod sheet;
mod source;
pub mod synonyms;
mod table;
mod transcode;
pub mod understand;

pub use error::{Error, ErrorKind, Note};
pub use record::{Fault, Record};
pub use reject::{Mask, Origin, RejectColumns, RejectWriter};
pub use rules::RULES;
pub use source::Input;
pub use table::{Format, HeaderOption, ReadOptions, Table, open};

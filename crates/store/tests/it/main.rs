//! Tests of the store through its public face.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::print_stdout)]

mod common;
mod engines;
mod folding;
mod killed;
mod ledger;
mod looked_into;
mod opening;
mod sealing;
mod undoing;

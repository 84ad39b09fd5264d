//! Every `.case` file of `cases/`: a session at a terminal, and what it must print.

#[test]
fn cases() {
    testkit::cases::check(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"));
}

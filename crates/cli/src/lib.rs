//! What a person or a pipe sees, shared by every tool: the arguments all of them take, output
//! formats, tables, progress, exit codes, config layers, and the language of filters.
//!
//! ```text
//! main ─ parse ─ config layers ─ run(args, ui) ─ Outcome or Failure ─ exit code
//!                                  │
//!                                  ├─ ui        lines on standard error, time, language, questions
//!                                  ├─ spool     records wait for the commit
//!                                  ├─ deliver   … and go out as ndjson, csv, json, md, table or xlsx
//!                                  └─ summary   what the run came to
//! ```
//!
//! Of the store it knows how the arguments say to open it ([`open`]); inputs belong to `intake`, and
//! tools bring the two together.

mod apart;
pub mod args;
mod colour;
pub mod columns;
pub mod config;
mod deliver;
mod entry;
pub mod expr;
mod failure;
mod help;
mod interrupt;
mod number;
pub mod open;
mod progress;
mod reveal;
pub mod rules;
pub mod schema;
mod spool;
mod summary;
mod ui;
mod window;

pub use apart::{keep_all_apart, keep_apart, outputs};
pub use args::{
    Allowance, DateOrder, Format, InputArgs, Inputs, OutputArgs, PlanArgs, RejectArgs, ReplayArgs,
    RuleArgs, RunArgs, Severity, StoreArgs, TemplateArgs,
};
pub use colour::{Colour, Stream, Tone};
pub use config::{Config, Key, nearest_of};
pub use deliver::{Destination, Shape, Sink};
pub use entry::{Tool, main};
pub use failure::{
    BUSY, DONE, EXIT_STATUS, FAILED, Failure, GATE, INTERRUPTED, Outcome, USAGE, is_broken_pipe,
};
pub use help::{HelpTable, localise};
pub use interrupt::Interrupt;
pub use number::grouped;
pub use progress::Progress;
pub use reveal::Reveal;
pub use spool::{Amend, Lines, Spool, apply_patch};
pub use summary::Summary;
pub use ui::Ui;
pub use window::{Period, PeriodArgs};

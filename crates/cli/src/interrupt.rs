//! Ctrl-C: the first sets a flag that tools ask once a batch, the second ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::{Failure, INTERRUPTED};

/// The Ctrl-C flag; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens to Ctrl-C and to a polite request to end.
    pub(crate) fn listen() -> std::io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag::{register, register_conditional_shutdown};
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // in this order: the first signal finds the flag down, and the second finds it up
            register_conditional_shutdown(signal, i32::from(INTERRUPTED), Arc::clone(&flag))?;
            register(signal, Arc::clone(&flag))?;
        }
        Ok(Interrupt(flag))
    }

    /// Whether Ctrl-C was pressed.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Fails with exit code 130 if Ctrl-C was pressed.
    pub fn check(&self) -> Result<(), Failure> {
        if self.is_set() {
            Err(Failure::interrupted())
        } else {
            Ok(())
        }
    }

    /// Raises the flag as Ctrl-C does: for tests.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

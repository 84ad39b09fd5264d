//! A wall around a reader that is not ours. Where a file was made to mislead it, it may panic; that
//! must come out as a damaged file, not as the end of the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `read` gives; none where it panicked, of which nothing is printed.
pub(super) fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_nothing() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u32 { panic!("hostile") }), None);
        assert!(!GUARDED.get());
    }
}

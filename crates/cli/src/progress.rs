//! How far a run is: a bar with rate and time left, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use model::rule::Lang;

use crate::number::grouped;

/// How far a run is. Cheap to update once a batch of rows, and free where nothing is shown.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    unit: &'static str,
}

impl Progress {
    pub(crate) fn new(label: &str, total: Option<u64>, shown: bool, lang: Lang) -> Self {
        let unit = match lang {
            Lang::En => "rows",
            Lang::Zh => "行",
        };
        if !shown {
            return Progress { bar: None, unit };
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(8));
        let template = match (total, lang) {
            (Some(_), Lang::En) => "{prefix} [{bar:30}] {percent}%, {msg}, {eta} left",
            (Some(_), Lang::Zh) => "{prefix} [{bar:30}] {percent}%，{msg}，还要 {eta}",
            (None, _) => "{prefix} {spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(crate::ui::legible(label));
        bar.enable_steady_tick(Duration::from_millis(250));
        Progress {
            bar: Some(bar),
            unit,
        }
    }

    pub(crate) fn bar(&self) -> Option<ProgressBar> {
        self.bar.clone()
    }

    /// Says how far it is (bytes as a rule) and how many rows that were.
    pub fn update(&self, position: u64, rows: u64) {
        let Some(bar) = &self.bar else { return };
        let seconds = bar.elapsed().as_secs_f64();
        let rate = if seconds > 0.1 {
            rows as f64 / seconds
        } else {
            0.0
        };
        bar.set_position(position);
        bar.set_message(format!(
            "{} {}, {}/s",
            grouped(rows),
            self.unit,
            grouped(rate as u64)
        ));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

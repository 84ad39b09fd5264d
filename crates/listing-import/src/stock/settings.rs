//! The numbers of comparing, and whether it is done at all.

use anyhow::Result;
use cli::Config;

/// The numbers of comparing. Those without a named source are our own judgement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// Whether listings are compared.
    pub compare: bool,
    /// From this share of its peers' median down, and its reciprocal up, a price is far.
    pub far: f64,
    /// The same, not believed.
    pub unlike: f64,
    /// Share by which a price may change.
    pub jump: f64,
    /// Most unsure pairs in the queue.
    pub questions_max: u64,
    /// Numbers of finding the same home.
    pub homes: crate::homes::Numbers,
    /// Numbers of the rules about media.
    pub media: crate::media::judge::Numbers,
    /// Numbers of peers.
    pub peers: crate::peers::Numbers,
}

impl Settings {
    /// Reads the config.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let integer = |key: &str| config.integer(&format!("listing-import.{key}"));
        let left = |key: &str| 1.0 - integer(key).clamp(0, 99) as f64 / 100.0;
        Ok(Settings {
            compare: config.flag("listing-import.compare"),
            far: left("price_far_percent"),
            unlike: left("price_unlike_percent"),
            jump: integer("price_jump_percent").max(0) as f64 / 100.0,
            questions_max: integer("questions_max").max(0).unsigned_abs(),
            homes: crate::homes::Numbers::default(),
            media: crate::media::judge::Numbers::new(config)?,
            peers: crate::peers::Numbers::default(),
        })
    }

    /// Whether a price has changed by more than is usual.
    pub(crate) fn is_jump(&self, before: u64, now: u64) -> bool {
        before > 0 && now > 0 && (now as f64 / before as f64 - 1.0).abs() > self.jump
    }
}

//! What the config says about the systems that records come from.

use std::collections::BTreeMap;

use super::{Origin, Setting};

/// One `[sources.NAME]` section.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// The name records get as `originating_system_name`.
    pub name: String,
    /// Patterns of the file names that belong to it.
    pub files: Vec<String>,
    /// Headers and the fields they are read as.
    pub map: Vec<(String, String)>,
    /// Fields and their units.
    pub unit: Vec<(String, String)>,
    /// Time zone of its times.
    pub tz: Option<String>,
    /// Channel its records come through.
    pub channel: Option<String>,
    /// Trust among sources: the lower number wins.
    pub rank: Option<i64>,
    /// Currency of its amounts.
    pub currency: Option<String>,
    /// Unit of its areas.
    pub area_unit: Option<String>,
}

/// Gathers the sections by name.
pub(super) fn collect(settings: &BTreeMap<String, (Setting, Origin)>) -> Vec<Source> {
    let mut sources: BTreeMap<&str, Source> = BTreeMap::new();
    for (key, (value, _)) in settings {
        // a source's name may hold dots, a key's last part never does
        let Some((name, key)) = key
            .strip_prefix("sources.")
            .and_then(|rest| rest.rsplit_once('.'))
        else {
            continue;
        };
        let source = sources.entry(name).or_insert_with(|| Source {
            name: name.to_owned(),
            ..Source::default()
        });
        let text = || value.as_text().map(str::to_owned);
        match key {
            "files" => source.files = value.as_list().unwrap_or_default().to_vec(),
            "map" => source.map = value.as_map().unwrap_or_default().to_vec(),
            "unit" => source.unit = value.as_map().unwrap_or_default().to_vec(),
            "tz" => source.tz = text(),
            "channel" => source.channel = text(),
            "rank" => source.rank = value.as_integer(),
            "currency" => source.currency = text(),
            "area_unit" => source.area_unit = text(),
            _ => {}
        }
    }
    sources.into_values().collect()
}

//! Settings in layers: flag, environment, `./brokerkit.toml` or `--config`, the user's
//! `brokerkit/brokerkit.toml`, `/etc/brokerkit/brokerkit.toml`, and what is built in. Each value
//! knows where it came from; a key nobody declared is an error that names the nearest.

mod glob;
mod keys;
mod read;
mod sources;
mod value;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use glob::matches as glob_matches;
pub use keys::nearest_of;
pub use keys::{Key, Kind, SHARED, markdown};
pub use sources::Source;
pub use value::Setting;

use crate::failure::Failure;
use keys::Declared;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    BuiltIn,
    /// A config file's line.
    File {
        /// The file.
        path: PathBuf,
        /// The line of the key, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::BuiltIn => f.write_str("built-in"),
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::Environment(name) => write!(f, "${name}"),
            Origin::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// One row of `config show --origin`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OriginRow {
    /// The key, `store.path`.
    pub key: String,
    /// Its value, as a config file would write it.
    pub value: String,
    /// Where it came from.
    pub origin: String,
}

/// What the command line or the environment said about an argument.
#[derive(Debug, Clone)]
pub(crate) struct Override {
    /// The argument's id.
    pub(crate) arg: String,
    /// What was given.
    pub(crate) text: String,
    /// Flag or environment.
    pub(crate) origin: Origin,
}

/// The config files of one place, lowest first.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// The files that may be absent, lowest first.
    pub optional: Vec<PathBuf>,
    /// The file `--config` names, which must exist.
    pub required: Option<PathBuf>,
}

impl Layers {
    /// The files of this process's place: /etc, the user's, then the project's or `--config`.
    pub fn here(config: Option<&Path>) -> Self {
        use etcetera::BaseStrategy;
        let name = Path::new("brokerkit").join("brokerkit.toml");
        let mut optional = vec![Path::new("/etc").join(&name)];
        // relative XDG values are ignored, as the specification says; etcetera does that
        if let Ok(base) = etcetera::base_strategy::Xdg::new() {
            optional.push(base.config_dir().join(&name));
        }
        if config.is_none() {
            optional.push(PathBuf::from("brokerkit.toml"));
        }
        Layers {
            optional,
            required: config.map(Path::to_owned),
        }
    }
}

/// Every setting, with its origin.
#[derive(Debug, Clone)]
pub struct Config {
    settings: BTreeMap<String, (Setting, Origin)>,
    sources: Vec<Source>,
    keys: &'static [Key],
}

impl Config {
    /// Reads every layer for a tool whose keys are `keys`; [`SHARED`] is known without saying.
    pub fn load(layers: &Layers, keys: &'static [Key]) -> Result<Config, Failure> {
        Config::layered(layers, keys, &[])
    }

    pub(crate) fn layered(
        layers: &Layers,
        keys: &'static [Key],
        overrides: &[Override],
    ) -> Result<Config, Failure> {
        let declared = Declared::new(keys);
        let mut settings = declared.defaults();
        let files = layers
            .optional
            .iter()
            .map(|path| (path, false))
            .chain(layers.required.iter().map(|path| (path, true)));
        for (path, required) in files {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) if !required && error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(Failure::usage(format!(
                        "cannot read config file `{}`",
                        path.display()
                    ))
                    .because(error));
                }
            };
            for entry in read::entries(&text, path, &declared)? {
                let origin = Origin::File {
                    path: path.clone(),
                    line: entry.line,
                };
                settings.insert(entry.key, (entry.value, origin));
            }
        }
        for given in overrides {
            let Some(key) = declared.of_arg(&given.arg) else {
                continue;
            };
            let value = Setting::from_text(key.kind, &given.text).map_err(|expected| {
                Failure::usage(format!("{}: expected {expected}", given.origin))
            })?;
            settings.insert(key.name.to_owned(), (value, given.origin.clone()));
        }
        let sources = sources::collect(&settings);
        Ok(Config {
            settings,
            sources,
            keys,
        })
    }

    /// What flags and the environment set, of all that can change what a run does: keys and values.
    pub fn given(&self) -> BTreeMap<String, String> {
        self.settings
            .iter()
            .filter(|(key, (_, origin))| {
                matters(key) && matches!(origin, Origin::Flag(_) | Origin::Environment(_))
            })
            .map(|(key, (value, _))| (key.clone(), value.as_given()))
            .collect()
    }

    /// The same config with what flags and the environment said at another time, as [`Config::given`]
    /// tells it; `origin` says where that was kept.
    pub(crate) fn with_given(
        &self,
        given: &BTreeMap<String, String>,
        origin: &Origin,
    ) -> Result<Config, Failure> {
        let declared = Declared::new(self.keys);
        let mut config = self.clone();
        for (name, text) in given {
            let path: Vec<&str> = name.split('.').collect();
            let key = declared
                .find(&path)
                .filter(|_| matters(name))
                .ok_or_else(|| Failure::failed(format!("{origin}: unknown key `{name}`")))?;
            let value = Setting::from_text(key.kind, text).map_err(|expected| {
                Failure::failed(format!("{origin}: `{name}`: expected {expected}"))
            })?;
            config
                .settings
                .insert(name.clone(), (value, origin.clone()));
        }
        config.sources = sources::collect(&config.settings);
        Ok(config)
    }

    /// A config of defaults only, for tests.
    pub fn built_in(keys: &'static [Key]) -> Config {
        Config {
            settings: Declared::new(keys).defaults(),
            sources: Vec::new(),
            keys,
        }
    }

    /// One value, where the key has one.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.settings.get(key).map(|(value, _)| value)
    }

    /// Where a value came from.
    pub fn origin(&self, key: &str) -> Origin {
        self.settings
            .get(key)
            .map_or(Origin::BuiltIn, |(_, origin)| origin.clone())
    }

    fn declared(&self, key: &str) -> Option<&Setting> {
        let value = self.get(key);
        debug_assert!(value.is_some(), "the key `{key}` is in no table");
        value
    }

    /// A number or share; 0 for a key without one.
    pub fn number(&self, key: &str) -> f64 {
        self.declared(key)
            .and_then(Setting::as_number)
            .unwrap_or(0.0)
    }

    /// A whole number; 0 for a key without one.
    pub fn integer(&self, key: &str) -> i64 {
        self.declared(key)
            .and_then(Setting::as_integer)
            .unwrap_or(0)
    }

    /// A text; empty for a key without one.
    pub fn text(&self, key: &str) -> &str {
        self.declared(key).and_then(Setting::as_text).unwrap_or("")
    }

    /// A switch; off for a key without one.
    pub fn flag(&self, key: &str) -> bool {
        self.declared(key)
            .and_then(Setting::as_flag)
            .unwrap_or(false)
    }

    /// A list of texts; empty for a key without one.
    pub fn list(&self, key: &str) -> &[String] {
        self.declared(key).and_then(Setting::as_list).unwrap_or(&[])
    }

    /// A length of time; none for a key without one.
    pub fn duration(&self, key: &str) -> Duration {
        crate::args::duration(self.text(key)).unwrap_or_default()
    }

    /// What `[rules]` says: rule code or name, then an effect's word or `off`.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &str, &Origin)> {
        self.under("rules.")
            .filter_map(|(key, value, origin)| Some((key, value.as_text()?, origin)))
    }

    /// The settings whose keys begin with `prefix`, with the rest of their keys, in key order.
    pub fn under<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Setting, &'a Origin)> {
        self.settings
            .range(prefix.to_owned()..)
            .map_while(move |(key, (value, origin))| {
                Some((key.strip_prefix(prefix)?, value, origin))
            })
    }

    /// The sources, by name.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What the config says about one source.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// The source whose file patterns fit a file's name; the longest pattern wins, then the name
    /// that sorts first.
    pub fn source_name_for(&self, file_name: &str) -> Option<&str> {
        let mut best: Option<(usize, &str)> = None;
        for source in &self.sources {
            for pattern in &source.files {
                let weight = pattern.len();
                if best.is_none_or(|(most, _)| weight > most) && glob::matches(pattern, file_name) {
                    best = Some((weight, &source.name));
                }
            }
        }
        best.map(|(_, name)| name)
    }

    /// The store to use: flag, environment, config, then `brokerage.db` here.
    pub fn store(&self) -> &str {
        self.text("store.path")
    }

    /// The store's key file, where one is named.
    pub fn key_file(&self) -> Option<PathBuf> {
        Some(self.text("store.key_file"))
            .filter(|text| !text.is_empty())
            .map(PathBuf::from)
    }

    /// How long to wait for the store.
    pub fn wait(&self) -> Duration {
        self.duration("store.wait")
    }

    /// Every value with its origin, in key order: the rows of `config show --origin`.
    pub fn show_origin(&self) -> Vec<OriginRow> {
        self.settings
            .iter()
            .map(|(key, (value, origin))| OriginRow {
                key: key.clone(),
                value: value.to_string(),
                origin: origin.to_string(),
            })
            .collect()
    }

    /// Hash of every setting that can change what a run does; where the store lies, how long to
    /// wait for it and the language are not among them.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (key, (value, _)) in &self.settings {
            if !matters(key) {
                continue;
            }
            hasher.update(key.as_bytes()).update(b"\0");
            hasher.update(value.to_string().as_bytes()).update(b"\n");
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

/// Whether a key can change what a run does.
fn matters(key: &str) -> bool {
    !key.starts_with("store.") && key != "defaults.lang"
}

#[cfg(test)]
mod tests;

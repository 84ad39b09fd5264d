//! House rules that no lint knows.

use std::path::{Path, PathBuf};

fn crates() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in crates/");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("crates/ can be read")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    all.sort();
    all
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .expect("a crate has a name")
}

const TOOLS: [&str; 6] = [
    "listing-import",
    "lead-clean",
    "lead-assign",
    "funnel-report",
    "review-audit",
    "store-admin",
];

/// The crates of ours that a crate depends on, tests left out.
fn dependencies(manifest: &str) -> Vec<String> {
    manifest
        .split_once("[dependencies]")
        .map_or("", |(_, rest)| rest.split("\n[").next().unwrap_or_default())
        .lines()
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_crate_takes_the_shared_lints() {
    for folder in crates() {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{} has lints of its own",
            name(&folder)
        );
    }
}

#[test]
fn arrows_point_one_way() {
    for folder in crates() {
        let own = name(&folder);
        let used = dependencies(&std::fs::read_to_string(folder.join("Cargo.toml")).unwrap());
        let allowed: &[&str] = match own {
            "model" => &[],
            "intake" | "store" => &["model"],
            "cli" => &["store", "model"],
            _ => &["cli", "intake", "store", "model"],
        };
        for ours in ["model", "intake", "store", "cli", "testkit"]
            .iter()
            .chain(&TOOLS)
        {
            let uses = used.iter().any(|used| used == ours);
            assert!(!uses || allowed.contains(ours), "{own} depends on {ours}");
        }
    }
}

#[test]
fn only_the_store_speaks_sql() {
    for folder in crates() {
        if name(&folder) == "store" {
            continue;
        }
        let used = dependencies(&std::fs::read_to_string(folder.join("Cargo.toml")).unwrap());
        assert!(
            !used
                .iter()
                .any(|used| used == "rusqlite" || used == "postgres"),
            "{} talks to a database",
            name(&folder)
        );
    }
}

#[test]
fn files_stay_readable() {
    for folder in crates() {
        let mut files = Vec::new();
        sources(&folder, &mut files);
        for file in files {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            assert!(
                lines <= 800,
                "{} has {lines} lines: split it",
                file.display()
            );
        }
    }
}

//! The promises, and whether they are kept.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use super::Round;

/// The table lies between these marks in the page it is recorded in.
const BEGIN: &str = "<!-- listing-import: begin -->";
const END: &str = "<!-- listing-import: end -->";

/// One promise: what it is about, how it is measured, the limit that must hold and the one aimed at.
struct Promise {
    about: &'static str,
    measure: fn(&Round) -> f64,
    must: f64,
    aim: f64,
    unit: &'static str,
}

const PROMISES: &[Promise] = &[
    Promise {
        about: "first load, not compared, CPU / (.import + 2 indexes)",
        measure: |round| round.first.cpu / (round.import.cpu + round.indexes.cpu),
        must: 1.0,
        aim: 0.9,
        unit: "",
    },
    Promise {
        about: "first load, not compared, wall / (.import + 2 indexes)",
        measure: |round| round.first.wall / (round.import.wall + round.indexes.wall),
        must: 0.9,
        aim: 0.7,
        unit: "",
    },
    Promise {
        about: "check alone, CPU / .import",
        measure: |round| round.check.cpu / round.import.cpu,
        must: 0.4,
        aim: 0.25,
        unit: "",
    },
    Promise {
        about: "comparing (one home, peers, photos), CPU / first load without",
        measure: |round| (round.compared.cpu - round.first.cpu) / round.first.cpu,
        must: 0.5,
        aim: 0.25,
        unit: "",
    },
    Promise {
        about: "10,000 changed listings onto the stock, CPU / first load compared",
        measure: |round| round.daily.cpu / round.compared.cpu,
        must: 0.03,
        aim: 0.03,
        unit: "",
    },
    Promise {
        about: "same file again, CPU / .import",
        measure: |round| round.again.cpu / round.import.cpu,
        must: 0.7,
        aim: 0.45,
        unit: "",
    },
    Promise {
        about: "peak memory of all three",
        measure: |round| {
            round
                .compared
                .peak
                .max(round.again.peak)
                .max(round.check.peak)
        },
        must: 300.0,
        aim: 128.0,
        unit: " MiB",
    },
    Promise {
        about: "`--version`, wall",
        measure: |round| round.version.wall * 1000.0,
        must: 10.0,
        aim: 10.0,
        unit: " ms",
    },
];

/// Picks one step's cost out of a round.
type Step = fn(&Round) -> super::Cost;

/// The steps as they were measured.
const STEPS: &[(&str, Step)] = &[
    ("`sqlite3 .import`", |round| round.import),
    ("two CREATE INDEX", |round| round.indexes),
    ("first load, not compared", |round| round.first),
    ("first load, compared", |round| round.compared),
    ("same file again", |round| round.again),
    ("10,000 changed", |round| round.daily),
    ("`check`", |round| round.check),
];

/// The measured rounds as tables.
pub(super) struct Report {
    text: String,
}

impl Report {
    pub(super) fn new(rounds: &[Round], rows: u64, peer: &str) -> Self {
        let mut text = format!(
            "{rows} listings, {} rounds, medians; peer: sqlite3 {peer}; {} cores.\n\n",
            rounds.len(),
            std::thread::available_parallelism().map_or(0, usize::from)
        );
        text.push_str(
            "| promise | measured | must | aim | kept |\n| --- | --- | --- | --- | --- |\n",
        );
        for promise in PROMISES {
            let value = median(rounds.iter().map(promise.measure));
            let kept = match value {
                value if value <= promise.aim => "yes, the aim too",
                value if value <= promise.must => "yes",
                _ => "**no**",
            };
            let digits = match promise.unit {
                " MiB" => 0,
                _ if promise.must < 0.1 => 3,
                _ => 2,
            };
            let unit = promise.unit;
            let _ = writeln!(
                text,
                "| {} | {value:.digits$}{unit} | {}{unit} | {}{unit} | {kept} |",
                promise.about, promise.must, promise.aim
            );
        }
        text.push_str("\n| step | CPU s | wall s | peak MiB | rows per CPU s |\n| --- | --- | --- | --- | --- |\n");
        for (name, cost) in STEPS {
            let cpu = median(rounds.iter().map(|round| cost(round).cpu));
            let wall = median(rounds.iter().map(|round| cost(round).wall));
            let peak = median(rounds.iter().map(|round| cost(round).peak));
            let _ = writeln!(
                text,
                "| {name} | {cpu:.2} | {wall:.2} | {peak:.0} | {:.0} |",
                rows as f64 / cpu
            );
        }
        Report { text }
    }

    /// The tables as Markdown.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Puts the tables between the marks of a page, or at its end where it has none yet.
    pub(super) fn record(&self, path: &Path) -> Result<()> {
        let page = std::fs::read_to_string(path).unwrap_or_else(|_| "# Benchmarks\n".to_owned());
        let block = format!("{BEGIN}\n{}{END}", self.text);
        let page = match (page.find(BEGIN), page.find(END)) {
            (Some(begin), Some(end)) if begin < end => {
                format!("{}{block}{}", &page[..begin], &page[end + END.len()..])
            }
            _ => format!("{}\n\n{block}\n", page.trim_end()),
        };
        std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }
}

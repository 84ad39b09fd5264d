//! The tool's section of the config: its keys, and what they make of the rules.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context as _, Result};
use cli::config::{Key, Kind};
use cli::rules::Effects;
use cli::{Config, RuleArgs, Ui};
use model::jiff::civil::Date;
use model::listing::ListingField;
use model::rule::{Effect, Finding, Lang, Rule};

use crate::collect::Feed;
use crate::decisions;
use crate::identify;
use crate::locked;
use crate::media;
use crate::rules::{Numbers, Pack, RuleSet, Setting, Settings};
use crate::standing::Kept;

/// The keys of `[listing-import]`.
pub(crate) static KEYS: &[Key] = &[
    Key::new(
        "listing-import.max_withdrawn",
        Kind::Text,
        "20%",
        "Most of a full feed's listings that one run may withdraw (N or P%)",
    )
    .with_arg("max_withdrawn"),
    Key::new(
        "listing-import.rule_packs",
        Kind::List,
        "",
        "Rule packs to use instead of the built-in ones (TOML files)",
    ),
    Key::new(
        "listing-import.place",
        Kind::Text,
        "",
        "City of listings that name none; decides which local rules apply",
    ),
    Key::new(
        "listing-import.photos_min",
        Kind::Integer,
        "4",
        "Photos a listing needs: living room, master bedroom, kitchen, bathroom",
    ),
    Key::new(
        "listing-import.promotion_bar_days",
        Kind::Integer,
        "30",
        "Days for which tags that facts contradict cost an agent the right to promote (our own default)",
    ),
    Key::new(
        "listing-import.area_per_bedroom_min",
        Kind::Integer,
        "7",
        "Square metres below which one bedroom is hard to believe",
    ),
    Key::new(
        "listing-import.bathrooms_over_bedrooms_max",
        Kind::Integer,
        "3",
        "Bathrooms a home may have more than bedrooms",
    ),
    Key::new(
        "listing-import.bedrooms_max",
        Kind::Integer,
        "20",
        "Bedrooms above which a home is taken for a typing error",
    ),
    Key::new(
        "listing-import.unit_price_tolerance_percent",
        Kind::Integer,
        "3",
        "Per cent by which unit price × area may differ from the price",
    ),
    Key::new(
        "listing-import.years_ahead_max",
        Kind::Integer,
        "5",
        "Years by which a new home's completion may lie ahead",
    ),
    Key::new(
        "listing-import.sale_price_yuan_min",
        Kind::Integer,
        "50000",
        "Lowest believable price of a sale, in yuan",
    ),
    Key::new(
        "listing-import.sale_price_yuan_max",
        Kind::Integer,
        "1000000000",
        "Highest believable price of a sale, in yuan",
    ),
    Key::new(
        "listing-import.rent_yuan_min",
        Kind::Integer,
        "100",
        "Lowest believable rent a month, in yuan",
    ),
    Key::new(
        "listing-import.rent_yuan_max",
        Kind::Integer,
        "1000000",
        "Highest believable rent a month, in yuan",
    ),
    Key::new(
        "listing-import.text_tolerance_percent",
        Kind::Integer,
        "5",
        "Per cent by which an area or price in the text may differ from its field",
    ),
    Key::new(
        "listing-import.verification_cities",
        Kind::List,
        "北京,上海,杭州,深圳",
        "Cities that issue a verification code (房源核验码) for every advertised home",
    ),
    Key::new(
        "listing-import.verify_needs",
        Kind::List,
        "ownership-certificate,owner-identity",
        "Evidence a listing needs to be verified; a verification code too, in the cities that issue one",
    ),
    Key::new(
        "listing-import.verify_days",
        Kind::Integer,
        "365",
        "Days for which evidence counts; 0: without end (our own default)",
    ),
    Key::new(
        "listing-import.false_listing_points",
        Kind::Integer,
        "-12",
        "Credit points an agent gets for a false listing (our own default)",
    ),
    Key::new(
        "listing-import.compare",
        Kind::Flag,
        "true",
        "Compare listings with each other: the same home, prices of its peers, photos used elsewhere",
    ),
    Key::new(
        "listing-import.price_far_percent",
        Kind::Integer,
        "40",
        "Per cent below the median of its peers, or as many times above, from which a unit price is far",
    ),
    Key::new(
        "listing-import.price_unlike_percent",
        Kind::Integer,
        "60",
        "Per cent below the median of its peers, or as many times above, from which a unit price is not believed",
    ),
    Key::new(
        "listing-import.price_jump_percent",
        Kind::Integer,
        "30",
        "Per cent by which a price may change from one import to the next",
    ),
    Key::new(
        "listing-import.questions_max",
        Kind::Integer,
        "500",
        "Unsure pairs of homes that wait for a person at once, the likeliest first",
    ),
    Key::new(
        "listing-import.photo_pixels_min",
        Kind::Text,
        "1280x720",
        "Least pixels of a photo, width x height; either side may be the longer one",
    ),
    Key::new(
        "listing-import.video_seconds_min",
        Kind::Integer,
        "30",
        "Seconds a video must last to show the whole home",
    ),
    Key::new(
        "listing-import.video_seconds_max",
        Kind::Integer,
        "120",
        "Seconds a video may last",
    ),
    Key::new(
        "listing-import.watermarks_own",
        Kind::List,
        "",
        "Watermarks that photos may bear: our own brands",
    ),
];

/// The thresholds of the rules.
pub(crate) fn numbers(config: &Config) -> Numbers {
    let integer = |key: &str| config.integer(&format!("listing-import.{key}"));
    Numbers {
        photos_min: integer("photos_min"),
        area_per_bedroom_min: integer("area_per_bedroom_min"),
        bathrooms_over_bedrooms_max: integer("bathrooms_over_bedrooms_max"),
        bedrooms_max: integer("bedrooms_max"),
        unit_price_tolerance_percent: integer("unit_price_tolerance_percent"),
        years_ahead_max: integer("years_ahead_max"),
        sale_price_yuan_min: integer("sale_price_yuan_min"),
        sale_price_yuan_max: integer("sale_price_yuan_max"),
        rent_yuan_min: integer("rent_yuan_min"),
        rent_yuan_max: integer("rent_yuan_max"),
        text_tolerance_percent: integer("text_tolerance_percent"),
        verification_cities: config.list("listing-import.verification_cities").to_vec(),
    }
}

/// Every rule of the tool: those of the input, then those of listings.
pub(crate) fn all_rules() -> impl Iterator<Item = &'static Rule> {
    intake::RULES
        .iter()
        .chain(identify::RULES.iter().copied())
        .chain(decisions::RULES.iter().copied())
        .chain(locked::RULES.iter().copied())
        .chain(media::rules::RULES.iter().copied())
        .chain(crate::rules::RULES.iter().copied())
        .chain(crate::stock::rules::all().map(|stock| &stock.rule))
}

/// A kept finding as it was made; nothing where its rule is no more.
pub(crate) fn as_made(kept: &Kept<'_>) -> Option<Finding> {
    Some(Finding {
        rule: all_rules().find(|rule| rule.code == kept.0)?,
        effect: kept.effect()?,
        field: ListingField::from_name(&kept.2).map(ListingField::name),
        detail: kept.3.to_string(),
    })
}

/// The rules in force for a run.
pub(crate) struct Rulebook {
    /// Every rule and its effect.
    pub effects: Effects,
    /// Those of listings, compiled.
    pub listings: RuleSet,
    /// Their packs, in force or not.
    pub packs: Vec<Pack>,
    overrides: Vec<(String, Setting)>,
    place: String,
}

impl Rulebook {
    /// Reads config and arguments.
    pub(crate) fn new(args: &RuleArgs, ui: &Ui) -> Result<Self> {
        let packs = packs(&ui.config())?;
        Self::of(args, packs, ui.today(), ui)
    }

    /// The rules as these packs and a day make them.
    pub(crate) fn of(args: &RuleArgs, packs: Vec<Pack>, day: Date, ui: &Ui) -> Result<Self> {
        let config = ui.config();
        let effects = Effects::new(all_rules(), &config, args)?;
        let overrides: Vec<(String, Setting)> = crate::rules::RULES
            .iter()
            .filter_map(|rule| match effects.of(rule) {
                Some(effect)
                    if effect == rule.effect
                        && !config.rules().any(|(name, ..)| named(name, rule)) =>
                {
                    None
                }
                Some(effect) => Some((rule.code.to_owned(), Setting::As(effect))),
                None => Some((rule.code.to_owned(), Setting::Off)),
            })
            .collect();
        let place = config.text("listing-import.place").to_owned();
        Ok(Rulebook {
            listings: compile(&overrides, &place, &packs, day),
            effects,
            packs,
            overrides,
            place,
        })
    }

    /// The rules of listings as they stand on another day.
    pub(crate) fn on(&self, day: Date) -> RuleSet {
        compile(&self.overrides, &self.place, &self.packs, day)
    }

    /// Gives the findings about the input the effect that config and arguments want. A row that cannot
    /// be understood stays refused, whatever rules are selected.
    pub(crate) fn adjust(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| {
            if finding.effect != finding.rule.effect {
                return true; // lightened for its field
            }
            match self.effects.of(finding.rule) {
                Some(effect) => finding.effect = effect,
                None => return finding.rule.effect == Effect::Reject,
            }
            true
        });
    }
}

fn compile(overrides: &[(String, Setting)], place: &str, packs: &[Pack], day: Date) -> RuleSet {
    let settings = Settings {
        overrides,
        place,
        ..Settings::default()
    };
    RuleSet::new(&settings, packs, day)
}

fn named(name: &str, rule: &Rule) -> bool {
    rule.name.eq_ignore_ascii_case(name) || rule.code.eq_ignore_ascii_case(name)
}

/// The checks that had nothing to look at, in words for the summary.
/// `of_stock` are those of the stock.
pub(crate) fn silent(
    rulebook: &Rulebook,
    feeds: &[Feed],
    of_stock: Vec<&'static str>,
    lang: Lang,
) -> Option<String> {
    let mut codes = of_stock;
    for feed in feeds {
        for rule in rulebook.listings.silent(&feed.context.columns) {
            if !codes.contains(&rule.code) {
                codes.push(rule.code);
            }
        }
    }
    if codes.is_empty() {
        return None;
    }
    codes.sort_unstable();
    Some(match lang {
        Lang::En => format!(
            "{} checks had no evidence to look at ({})",
            codes.len(),
            ranges(&codes)
        ),
        Lang::Zh => format!(
            "{} 项检查缺少依据而未执行（{}）",
            codes.len(),
            ranges(&codes)
        ),
    })
}

/// The first few of many codes.
fn ranges(codes: &[&str]) -> String {
    const SHOWN: usize = 6;
    let mut text = codes[..codes.len().min(SHOWN)].join(", ");
    if codes.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

/// The packs the config names, else those that come with the program.
pub(crate) fn packs(config: &Config) -> Result<Vec<Pack>> {
    match config.list("listing-import.rule_packs") {
        [] => Ok(Pack::built_in()?),
        files => read_packs(files),
    }
}

/// Reads packs from their files; two of one name would contradict each other.
pub(crate) fn read_packs<S: AsRef<OsStr>>(files: &[S]) -> Result<Vec<Pack>> {
    let mut packs: Vec<Pack> = Vec::new();
    for file in files {
        let path = Path::new(file);
        let cannot = || format!("cannot read rule pack `{}`", path.display());
        let bytes = std::fs::read(path).with_context(cannot)?;
        let pack = Pack::read(&bytes, &path.to_string_lossy())?;
        pack.refuse_repeated(&packs)?;
        packs.push(pack);
    }
    Ok(packs)
}

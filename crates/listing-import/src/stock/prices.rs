//! Prices against those of their peers.

use anyhow::Result;
use cli::open;
use model::identity::PublicKey;
use store::Run;

use super::Stock;
use super::judge::Judging;
use crate::homes::{Home, unit_price};
use crate::peers::{self, Deviation, Gather, Peers};

/// From this share of the stock on, what a run wrote moves the figures: all are made anew, and all listings are judged
/// by them.
const SHARE: u64 = 16;

/// Where a home stands among its peers.
fn place(home: &Home) -> peers::Home {
    let within = |place: u32| match place {
        0 => 0,
        place => u64::from(place) << 16 | u64::from(home.trade),
    };
    peers::Home {
        district: within(home.district),
        community: within(home.community),
        area: home.area,
        year: home.year,
    }
}

/// Holds prices against their peers.
pub(super) fn judge(stock: &mut Stock, run: &mut Run<'_>, judging: &mut Judging<'_>) -> Result<()> {
    if stock.ids.is_empty() && judging.is_empty() {
        return Ok(());
    }
    let written = stock.ids.len() as u64;
    if run.is_first_load() {
        let mut gather = Gather::new(stock.settings.peers.clone());
        for home in &stock.homes {
            gather.add(place(home), unit_price(home));
        }
        let peers = gather.finish();
        run.set_figures(&peers.to_bytes()).map_err(open::failure)?;
        judge_written(stock, &peers, judging);
        return Ok(());
    }
    let kept = run.figures().map_err(open::failure)?;
    let kept = kept.and_then(|bytes| Peers::from_bytes(stock.settings.peers.clone(), &bytes));
    let listings = run.count_listings().map_err(open::failure)?;
    match kept {
        Some(peers) if written * SHARE < listings => judge_written(stock, &peers, judging),
        _ => judge_all(stock, run, judging)?,
    }
    Ok(())
}

fn judge_written(stock: &Stock, peers: &Peers, judging: &mut Judging<'_>) {
    for (id, home) in stock.ids.iter().zip(&stock.homes) {
        if let Some(deviation) = stands_out(peers, home, judging) {
            judging.about(*id).price = Some(deviation);
        }
    }
}

/// Makes the figures anew and judges every listing by them.
fn judge_all(stock: &mut Stock, run: &mut Run<'_>, judging: &mut Judging<'_>) -> Result<()> {
    let mut gather = Gather::new(stock.settings.peers.clone());
    // what is left of a home once it is compared
    let mut all: Vec<(u32, bool, peers::Home, i64)> = Vec::new();
    let places = &mut stock.places;
    run.every_listing(|stored| {
        let id = PublicKey::parse(&stored.key).map_or(0, |key| key.digest());
        let home = Home::of(&stored.listing, id, places);
        let (peers, price) = (place(&home), unit_price(&home));
        gather.add(peers, price);
        let found = stored.stock_findings != "[]";
        if price > 0 || found {
            all.push((stored.id(), found, peers, price));
        }
        Ok(())
    })
    .map_err(open::failure)?;
    let peers = gather.finish();
    run.set_figures(&peers.to_bytes()).map_err(open::failure)?;
    for (id, found, home, price) in all {
        let deviation = peers.judge(&home, price);
        match deviation.filter(|deviation| judging.is_far(deviation)) {
            Some(deviation) => judging.about(id).price = Some(deviation),
            None if found => judging.also(id),
            None => {}
        }
    }
    Ok(())
}

/// A home's deviation, where a rule speaks of it.
fn stands_out(peers: &Peers, home: &Home, judging: &Judging<'_>) -> Option<Deviation> {
    let deviation = peers.judge(&place(home), unit_price(home))?;
    judging.is_far(&deviation).then_some(deviation)
}

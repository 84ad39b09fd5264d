//! Prices against those of their peers.

use anyhow::Result;
use cli::open;
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

/// Finds the listings whose prices are far from those of their peers.
pub(super) fn look(stock: &mut Stock, run: &mut Run<'_>, judging: &mut Judging<'_>) -> Result<()> {
    if stock.ids.is_empty() && judging.is_empty() {
        return Ok(());
    }
    if stock.whole {
        let mut gather = Gather::new(stock.settings.peers.clone());
        for home in &stock.homes {
            gather.add(place(home), unit_price(home));
        }
        let peers = gather.finish();
        run.set_figures(&peers.to_bytes()).map_err(open::failure)?;
        mark_written(stock, peers, judging);
        return Ok(());
    }
    let kept = run.figures().map_err(open::failure)?;
    let kept = kept.and_then(|bytes| Peers::from_bytes(stock.settings.peers.clone(), &bytes));
    let listings = run.count_listings().map_err(open::failure)?;
    match kept {
        Some(peers) if stock.ids.len() as u64 * SHARE < listings => {
            mark_written(stock, peers, judging);
            Ok(())
        }
        _ => mark_all(stock, run, judging),
    }
}

fn mark_written(stock: &Stock, peers: Peers, judging: &mut Judging<'_>) {
    for (id, home) in stock.ids.iter().zip(&stock.homes) {
        let deviation = deviation(&peers, home);
        if deviation.is_some_and(|deviation| judging.is_far(&deviation)) {
            judging.also(*id);
        }
    }
    judging.peers = peers;
}

/// Makes the figures anew and holds every listing against them.
fn mark_all(stock: &mut Stock, run: &mut Run<'_>, judging: &mut Judging<'_>) -> Result<()> {
    let mut gather = Gather::new(stock.settings.peers.clone());
    // what is left of a home once it is compared
    let mut all: Vec<(u32, peers::Home, i64)> = Vec::new();
    let places = &mut stock.places;
    run.every_listing(|stored| {
        let home = Home::of(&stored.listing, 0, places);
        let (peers, price) = (place(&home), unit_price(&home));
        gather.add(peers, price);
        if price > 0 {
            all.push((stored.id(), peers, price));
        }
        if stored.stock_findings != "[]" {
            judging.also(stored.id());
        }
        Ok(())
    })
    .map_err(open::failure)?;
    let peers = gather.finish();
    run.set_figures(&peers.to_bytes()).map_err(open::failure)?;
    for (id, home, price) in all {
        let deviation = peers.judge(&home, price);
        if deviation.is_some_and(|deviation| judging.is_far(&deviation)) {
            judging.also(id);
        }
    }
    judging.peers = peers;
    Ok(())
}

/// How far a home's price lies from its peers.
pub(super) fn deviation(peers: &Peers, home: &Home) -> Option<Deviation> {
    peers.judge(&place(home), unit_price(home))
}

//! From pairs to homes: which listings of a block offer the same home.
//!
//! A block is decided by itself and as a whole, so a store that regroups the blocks a batch has touched
//! comes to the groups of a full run. Inside a block listings are compared along the order of their areas, and
//! with those behind the same door or with the same photos. Pairs join from the strongest down,
//! and two groups join only if every listing of the one goes with every listing of the other: no
//! chain of small differences joins strangers, and since one agency names a home once, each
//! of its listings finds at most one partner at another agency.

use std::collections::HashMap;

use super::compare::{Numbers, veto, weigh};
use super::evidence::{Fact, Verdict, weight};
use super::facts::Home;
use super::pairs::{Edge, Pairs, equal_facts};

/// Two listings and what is said of them. The first has the lower id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Where the one stands among the homes that were grouped.
    pub a: u32,
    /// Where the other stands.
    pub b: u32,
    /// What is said of them.
    pub verdict: Verdict,
}

/// What grouping has found.
#[derive(Debug, Default, PartialEq)]
pub struct Groups {
    /// Listings of one home, at least two, in the order of their ids; groups in the order of their first id.
    pub homes: Vec<Vec<u32>>,
    /// Pairs in different groups that may be one home, for a person to look at, the likeliest first.
    pub unsure: Vec<Pair>,
}

/// What people have decided of pairs of listings, by their ids, the lower one first: whether the home is the same.
pub type Decided = HashMap<(u64, u64), bool>;

/// Groups the listings of whole blocks. The result says where listings stand in `homes`, and apart
/// from that does not depend on their order. Ids must differ.
///
/// Beside `homes` it holds 4 bytes a listing, and the pairs of one block at a time.
pub fn group(homes: &[Home], numbers: &Numbers) -> Groups {
    group_decided(homes, numbers, &Decided::new())
}

/// The same where people have decided about some pairs: their word goes before every fact.
pub fn group_decided(homes: &[Home], numbers: &Numbers, decided: &Decided) -> Groups {
    let mut order: Vec<u32> = (0..homes.len() as u32)
        .filter(|at| homes[*at as usize].block != 0)
        .collect();
    order.sort_unstable_by_key(|at| {
        let home = &homes[*at as usize];
        (home.block, home.area, home.storeys, home.level, home.id)
    });
    let mut groups = Groups::default();
    let mut block = Block::new(numbers, decided);
    let same_block = |a: &u32, b: &u32| homes[*a as usize].block == homes[*b as usize].block;
    for members in order.chunk_by(same_block) {
        if members.len() > 1 {
            block.decide(homes, members, &mut groups);
        }
    }
    let id = |at: u32| homes[at as usize].id;
    groups.homes.sort_unstable_by_key(|group| id(group[0]));
    groups.unsure.sort_unstable_by(|x, y| {
        let heavier = y.verdict.weight().total_cmp(&x.verdict.weight());
        heavier.then_with(|| (id(x.a), id(x.b)).cmp(&(id(y.a), id(y.b))))
    });
    groups
}

/// Rivals that count; with more of them than this nothing is sure anyway.
const MOST_RIVALS: usize = 32;

/// One block; its room is used again for the next.
struct Block<'a> {
    pairs: Pairs<'a>,
    /// For each member, the edges it has.
    edges_of: Vec<Vec<u32>>,
    /// Edges from the strongest down.
    order: Vec<u32>,
    /// For each member, the group it is in; groups are named after one of their members.
    group_of: Vec<u32>,
    grouped: Vec<Vec<u32>>,
}

impl<'a> Block<'a> {
    fn new(numbers: &'a Numbers, decided: &'a Decided) -> Self {
        Block {
            pairs: Pairs::new(numbers, decided),
            edges_of: Vec::new(),
            order: Vec::new(),
            group_of: Vec::new(),
            grouped: Vec::new(),
        }
    }

    fn decide(&mut self, homes: &[Home], members: &[u32], groups: &mut Groups) {
        let home = |at: u32| &homes[members[at as usize] as usize];
        self.pairs.find(members.len(), home);
        if self.pairs.edges.is_empty() {
            return;
        }
        self.count_rivals(members.len(), home);
        self.join(members.len(), home);
        for group in &mut self.grouped {
            if group.len() > 1 {
                group.sort_unstable_by_key(|at| home(*at).id);
                groups
                    .homes
                    .push(group.iter().map(|at| members[*at as usize]).collect());
            }
        }
        self.ask(members, home, groups);
    }

    /// Partners that rule each other out share their probability. A rival that has a partner of its own is
    /// none, so only what one side has more of counts.
    fn count_rivals<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.edges_of.iter_mut().for_each(Vec::clear);
        self.edges_of
            .resize_with(n.max(self.edges_of.len()), Vec::new);
        // what is far below the limit rivals nobody
        let limit = weight(self.pairs.numbers.ask_from) - 3.0;
        self.pairs.edges.retain(|edge| edge.alone >= limit);
        for (at, edge) in self.pairs.edges.iter().enumerate() {
            self.edges_of[edge.a as usize].push(at as u32);
            self.edges_of[edge.b as usize].push(at as u32);
        }
        for at in 0..self.pairs.edges.len() {
            let Edge { a, b, .. } = self.pairs.edges[at];
            let rivals = (self.rivals(a, b, &home) - self.rivals(b, a, &home)).abs();
            let edge = &mut self.pairs.edges[at];
            // P = o / (1 + o + the odds of rivals)
            edge.weight = edge.alone - (1.0 + rivals).log2();
        }
    }

    /// The odds of partners of `a` that cannot be one with `b`.
    fn rivals<'h>(&self, a: u32, b: u32, home: &impl Fn(u32) -> &'h Home) -> f32 {
        let edges = &self.edges_of[a as usize];
        edges
            .iter()
            .take(MOST_RIVALS)
            .map(|at| &self.pairs.edges[*at as usize])
            .filter_map(|edge| {
                let other = if edge.a == a { edge.b } else { edge.a };
                let rules_out = other != b
                    && !equal_facts(home(b), home(other))
                    && veto(home(b), home(other), self.pairs.numbers).is_some();
                rules_out.then(|| edge.alone.exp2())
            })
            .sum()
    }

    /// Joins pairs from the strongest down.
    fn join<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.group_of.clear();
        self.group_of.extend(0..n as u32);
        self.grouped.clear();
        self.grouped.extend((0..n as u32).map(|at| vec![at]));
        let ids = |edge: &Edge| {
            let (a, b) = (home(edge.a).id, home(edge.b).id);
            (a.min(b), a.max(b))
        };
        self.order.clear();
        self.order.extend(0..self.pairs.edges.len() as u32);
        self.order.sort_unstable_by(|x, y| {
            let (x, y) = (
                &self.pairs.edges[*x as usize],
                &self.pairs.edges[*y as usize],
            );
            let heavier = y.weight.total_cmp(&x.weight);
            heavier.then_with(|| ids(x).cmp(&ids(y)))
        });
        let same_from = weight(self.pairs.numbers.same_from);
        for at in 0..self.order.len() {
            let edge = &self.pairs.edges[self.order[at] as usize];
            if edge.weight < same_from {
                break;
            }
            let (a, b) = (
                self.group_of[edge.a as usize],
                self.group_of[edge.b as usize],
            );
            if a == b || !self.go_together(a, b) {
                continue;
            }
            let moved = std::mem::take(&mut self.grouped[b as usize]);
            for member in &moved {
                self.group_of[*member as usize] = a;
            }
            self.grouped[a as usize].extend(moved);
        }
    }

    /// Whether every member of one group goes with every member of the other: no veto, and more that speaks
    /// for it than against.
    fn go_together(&self, a: u32, b: u32) -> bool {
        let least = 0.0; // even odds
        self.grouped[a as usize].iter().all(|x| {
            self.grouped[b as usize].iter().all(|y| {
                self.edges_of[*x as usize].iter().any(|at| {
                    let edge = &self.pairs.edges[*at as usize];
                    (edge.a == *y || edge.b == *y) && edge.weight >= least
                })
            })
        })
    }

    /// Hands pairs that may be one home to a person, unless their groups rule each other out.
    fn ask<'h>(&self, members: &[u32], home: impl Fn(u32) -> &'h Home, groups: &mut Groups) {
        let ask_from = weight(self.pairs.numbers.ask_from);
        for at in &self.order {
            let edge = &self.pairs.edges[*at as usize];
            if edge.weight < ask_from {
                break;
            }
            let (x, y) = (
                self.group_of[edge.a as usize],
                self.group_of[edge.b as usize],
            );
            let vetoed = || {
                self.grouped[x as usize].iter().any(|x| {
                    self.grouped[y as usize]
                        .iter()
                        .any(|y| veto(home(*x), home(*y), self.pairs.numbers).is_some())
                })
            };
            if x == y || vetoed() {
                continue;
            }
            let (mut a, mut b) = (edge.a, edge.b);
            if home(b).id < home(a).id {
                std::mem::swap(&mut a, &mut b);
            }
            let mut verdict = Verdict::of(weigh(home(a), home(b)));
            let (prior, rarity) = self.pairs.prior_and_rarity(members.len(), a, b);
            verdict.set(Fact::Prior, prior);
            verdict.set(Fact::Rarity, rarity);
            verdict.set(Fact::Rivals, edge.weight - edge.alone);
            groups.unsure.push(Pair {
                a: members[a as usize],
                b: members[b as usize],
                verdict,
            });
        }
    }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;

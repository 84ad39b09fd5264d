//! The pairs of one block that may be one home, and how much the block makes of them.

use std::collections::HashMap;

use super::compare::{Numbers, apart, veto, weigh};
use super::facts::Home;
use super::group::Decided;

/// The weight of a pair that a person has called one home: more than facts can say.
const DECIDED: f32 = 1e6;

/// Two members of a block that may be one home, in 16 bytes: a crowded block has many.
pub(super) struct Edge {
    pub(super) a: u32,
    pub(super) b: u32,
    /// The weight before rivals count.
    pub(super) alone: f32,
    pub(super) weight: f32,
}

/// The pairs of a block; its room is used again for the next.
pub(super) struct Pairs<'a> {
    pub(super) numbers: &'a Numbers,
    decided: &'a Decided,
    /// Pairs without a veto, by their members.
    pub(super) edges: Vec<Edge>,
    /// For each member, how many listings of its own agency and of others look like it and are likely to
    /// offer another home.
    alike: Vec<[u32; 2]>,
    /// Pairs that look alike and are likely to differ, each with the weight it would have.
    look_alikes: Vec<(u32, u32, f32)>,
    /// For each member, the weight of its best pair.
    best: Vec<f32>,
    /// For each member, how many of the block its agency lists.
    listed: Vec<u32>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(numbers: &'a Numbers, decided: &'a Decided) -> Self {
        Pairs {
            numbers,
            decided,
            edges: Vec::new(),
            alike: Vec::new(),
            look_alikes: Vec::new(),
            best: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// Finds the pairs among the `n` members of a block, which stand in the order of their areas.
    pub(super) fn find<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home + Copy) {
        self.compare(n, home);
        if self.edges.is_empty() {
            return;
        }
        self.count_listed(n, home);
        self.count_alike(n, home);
        self.count_rarity(n);
    }

    /// Compares along the order of areas, and those with a door or a photo in common.
    fn compare<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.edges.clear();
        self.look_alikes.clear();
        let all = 0..n as u32;
        for a in all.clone() {
            let first = home(a);
            if first.area == 0 {
                continue;
            }
            let after = all.clone().skip(a as usize + 1);
            for b in after.take(self.numbers.most_compared) {
                let second = home(b);
                // areas rise; a larger one is compared within its own, wider limit
                if second.area - first.area > apart(second.area, self.numbers) {
                    break;
                }
                self.consider(a, b, first, second);
            }
        }
        // Listings behind one door or with the same photo, wherever their areas lie.
        let mut marks: Vec<(u32, u32)> = Vec::new();
        for at in all {
            let home = home(at);
            let photos = home.photos.into_iter().filter(|photo| *photo != 0);
            let door = (home.unit != 0).then_some(home.unit);
            marks.extend(photos.chain(door).map(|mark| (mark, at)));
        }
        marks.sort_unstable();
        for (i, (mark, a)) in marks.iter().enumerate() {
            let after = marks[i + 1..].iter().take_while(|(other, _)| other == mark);
            for (_, b) in after.take(self.numbers.most_compared) {
                let (first, second) = (home(*a), home(*b));
                // what the walk along the areas has not met
                let far = (*b - *a) as usize > self.numbers.most_compared;
                if a != b && (far || first.area == 0 || second.area == 0) {
                    self.consider(*a, *b, first, second);
                }
            }
        }
        self.obey(n, home);
        self.edges.sort_unstable_by_key(|edge| (edge.a, edge.b));
        self.edges.dedup_by_key(|edge| (edge.a, edge.b));
        self.look_alikes.sort_unstable_by_key(|(a, b, _)| (*a, *b));
        self.look_alikes.dedup_by_key(|(a, b, _)| (*a, *b));
    }

    /// Puts what people have decided in the place of what the facts say.
    fn obey<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        if self.decided.is_empty() {
            return;
        }
        let ids = |a: u32, b: u32| {
            let (a, b) = (home(a).id, home(b).id);
            (a.min(b), a.max(b))
        };
        let decided = |a: u32, b: u32| self.decided.contains_key(&ids(a, b));
        self.edges.retain(|edge| !decided(edge.a, edge.b));
        self.look_alikes.retain(|(a, b, _)| !decided(*a, *b));
        let at: HashMap<u64, u32> = (0..n as u32).map(|at| (home(at).id, at)).collect();
        for ((a, b), same) in self.decided {
            if let (true, Some(a), Some(b)) = (*same, at.get(a), at.get(b)) {
                self.edges.push(Edge {
                    a: *a.min(b),
                    b: *a.max(b),
                    alone: DECIDED,
                    weight: DECIDED,
                });
            }
        }
    }

    fn consider(&mut self, a: u32, b: u32, first: &Home, second: &Home) {
        let vetoed = veto(first, second, self.numbers).is_some();
        let alike = (vetoed || prices_differ(first, second))
            && look_alike(first, second)
            && !equal_facts(first, second);
        if vetoed && !alike {
            return;
        }
        let weight = weigh(first, second).iter().sum();
        if alike {
            self.look_alikes.push((a, b, weight));
        }
        if !vetoed {
            let alone = weight;
            self.edges.push(Edge {
                a,
                b,
                alone,
                weight,
            });
        }
    }

    /// Counts for each member what its agency lists in the block.
    fn count_listed<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        let agency = |at: &u32| home(*at).agency();
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_unstable_by_key(agency);
        self.listed.clear();
        self.listed.resize(n, 0);
        for listings in order.chunk_by(|a, b| agency(a) == agency(b)) {
            for at in listings {
                self.listed[*at as usize] = listings.len() as u32;
            }
        }
    }

    /// Counts look-alikes. One that has a much better partner than this home is spoken for: it says nothing
    /// of how many others there may be.
    fn count_alike<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.best.clear();
        self.best.resize(n, f32::NEG_INFINITY);
        for edge in &self.edges {
            for at in [edge.a, edge.b] {
                let best = &mut self.best[at as usize];
                *best = best.max(edge.alone);
            }
        }
        self.alike.clear();
        self.alike.resize(n, [0; 2]);
        for (a, b, weight) in &self.look_alikes {
            let elsewhere = usize::from(!home(*a).same_agency(home(*b)));
            for (one, other) in [(*a, *b), (*b, *a)] {
                if self.best[other as usize] < weight + self.numbers.spoken_for {
                    self.alike[one as usize][elsewhere] += 1;
                }
            }
        }
    }

    /// Adds what the block says of each pair.
    fn count_rarity(&mut self, n: usize) {
        for at in 0..self.edges.len() {
            let Edge { a, b, .. } = self.edges[at];
            let (prior, rarity) = self.prior_and_rarity(n, a, b);
            self.edges[at].alone += prior + rarity;
        }
    }

    /// The more homes other agencies list, the less likely a given one is the same; and the more homes of the block
    /// look like a pair, the less its likeness says.
    pub(super) fn prior_and_rarity(&self, n: usize, a: u32, b: u32) -> (f32, f32) {
        let (numbers, a, b) = (self.numbers, a as usize, b as usize);
        // the same other home is often listed at both agencies, so the counts do not add up
        let both = [self.alike[a], self.alike[b]];
        let alike = both.into_iter().flatten().max().unwrap_or(0) as f32;
        let others = (n as u32 - self.listed[a].max(self.listed[b])).max(1) as f32;
        let share = (alike + numbers.alike_belief * numbers.alike_share)
            / (alike.max(others - 1.0) + numbers.alike_belief);
        (
            numbers.prior - others.log2(),
            (numbers.alike_share / share).log2(),
        )
    }
}

/// Whether two homes look alike, floors aside: area to the half metre, storeys and directions.
fn look_alike(a: &Home, b: &Home) -> bool {
    let agree = |a: u8, b: u8| a == 0 || b == 0 || a == b;
    a.area.abs_diff(b.area) <= 50 && agree(a.storeys, b.storeys) && agree(a.faces, b.faces)
}

/// Whether prices lie further apart than those of one home do.
fn prices_differ(a: &Home, b: &Home) -> bool {
    a.price != 0 && b.price != 0 && a.price.abs_diff(b.price) > a.price.max(b.price) / 20
}

/// Whether nothing that is known tells two listings of one agency apart: one put in twice, as 66 of 3,000
/// rows of a rental file are, or twins of which nobody could say which is which.
pub(super) fn equal_facts(a: &Home, b: &Home) -> bool {
    let same = Home { id: b.id, ..*a };
    same == *b
}

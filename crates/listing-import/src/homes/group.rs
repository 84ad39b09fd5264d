//! From pairs to homes: which listings of a block offer the same home.
//!
//! A block is decided by itself and as a whole, so a store that regroups the blocks a batch has touched
//! comes to the groups of a full run. Inside a block listings are compared along the order of their areas, and
//! with those behind the same door or with the same photos. Pairs join from the strongest down,
//! and two groups join only if every listing of the one goes with every listing of the other: no
//! chain of small differences joins strangers, and since one agency names a home once, each
//! of its listings finds at most one partner at another agency.

use super::compare::{Numbers, apart, compare, veto, weigh};
use super::evidence::{Fact, Verdict, weight};
use super::facts::Home;

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

/// Groups the listings of whole blocks. The result says where listings stand in `homes`, and apart
/// from that does not depend on their order. Ids must differ.
///
/// Beside `homes` it holds 4 bytes a listing, and the pairs of one block at a time.
pub fn group(homes: &[Home], numbers: &Numbers) -> Groups {
    let mut order: Vec<u32> = (0..homes.len() as u32)
        .filter(|at| homes[*at as usize].block != 0)
        .collect();
    order.sort_unstable_by_key(|at| {
        let home = &homes[*at as usize];
        (home.block, home.area, home.storeys, home.level, home.id)
    });
    let mut groups = Groups::default();
    let mut block = Block::new(numbers);
    let same_block =
        |a: &u32, b: &u32| homes[*a as usize].block == homes[*b as usize].block;
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


/// Two members of a block that may be one home.
struct Edge {
    a: u32,
    b: u32,
    verdict: Verdict,
    /// The weight before rivals count.
    alone: f32,
    weight: f32,
}

/// One block; its room is used again for the next.
struct Block<'a> {
    numbers: &'a Numbers,
    /// For each member, how many listings of its own agency and of others look like it and are likely to
    /// offer another home.
    alike: Vec<[u32; 2]>,
    edges: Vec<Edge>,
    /// For each member, the edges it has.
    edges_of: Vec<Vec<u32>>,
    /// For each member, the group it is in; groups are named after one of their members.
    group_of: Vec<u32>,
    grouped: Vec<Vec<u32>>,
}

impl<'a> Block<'a> {
    fn new(numbers: &'a Numbers) -> Self {
        Block {
            numbers,
            alike: Vec::new(),
            edges: Vec::new(),
            edges_of: Vec::new(),
            group_of: Vec::new(),
            grouped: Vec::new(),
        }
    }

    fn decide(&mut self, homes: &[Home], members: &[u32], groups: &mut Groups) {
        let home = |at: u32| &homes[members[at as usize] as usize];
        self.pair_up(members.len(), home);
        if self.edges.is_empty() {
            return;
        }
        self.count_rarity(members.len());
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

    /// Finds pairs without a veto, and counts for each member the other homes that look like it.
    fn pair_up<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.edges.clear();
        self.alike.clear();
        self.alike.resize(n, [0; 2]);
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
                if a != b && (first.area == 0 || second.area == 0) {
                    self.consider(*a, *b, first, second);
                }
            }
        }
        self.edges.sort_unstable_by_key(|edge| (edge.a, edge.b));
        self.edges.dedup_by_key(|edge| (edge.a, edge.b));
    }

    fn consider(&mut self, a: u32, b: u32, first: &Home, second: &Home) {
        let veto = veto(first, second, self.numbers);
        if veto.is_some() {
            self.count_alike(a, b, first, second);
            return;
        }
        let verdict = Verdict::of(weigh(first, second));
        if prices_differ(first, second) {
            self.count_alike(a, b, first, second);
        }
        let weight = verdict.weight();
        self.edges.push(Edge {
            a,
            b,
            verdict,
            alone: weight,
            weight,
        });
    }

    /// Counts two homes that are likely to differ as look-alikes of each other, if they are.
    fn count_alike(&mut self, a: u32, b: u32, first: &Home, second: &Home) {
        if look_alike(first, second) && !equal_facts(first, second) {
            let elsewhere = usize::from(!first.same_agency(second));
            self.alike[a as usize][elsewhere] += 1;
            self.alike[b as usize][elsewhere] += 1;
        }
    }

    /// The more homes of the block look like a pair, the less its likeness says; and the more homes there
    /// are at all, the less likely any two are one.
    fn count_rarity(&mut self, n: usize) {
        let numbers = self.numbers;
        let others = n as f32 - 2.0;
        let prior = -(n as f32 - 1.0).log2();
        for edge in &mut self.edges {
            let both = [self.alike[edge.a as usize], self.alike[edge.b as usize]];
            // the same other home is often listed at both agencies, so the counts do not add up
            let alike = both.into_iter().flatten().max().unwrap_or(0) as f32;
            let share = (alike + numbers.alike_belief * numbers.alike_share)
                / (alike.max(others) + numbers.alike_belief);
            edge.verdict.set(Fact::Prior, prior);
            edge.verdict
                .set(Fact::Rarity, (numbers.alike_share / share).log2());
            edge.alone = edge.verdict.weight();
        }
    }

    /// Partners that rule each other out share their probability. A rival that has a partner of its own is
    /// none, so only what one side has more of counts.
    fn count_rivals<'h>(&mut self, n: usize, home: impl Fn(u32) -> &'h Home) {
        self.edges_of.iter_mut().for_each(Vec::clear);
        self.edges_of.resize_with(n.max(self.edges_of.len()), Vec::new);
        // what is far below the limit rivals nobody
        let limit = weight(self.numbers.ask_from) - 3.0;
        self.edges.retain(|edge| edge.alone >= limit);
        for (at, edge) in self.edges.iter().enumerate() {
            self.edges_of[edge.a as usize].push(at as u32);
            self.edges_of[edge.b as usize].push(at as u32);
        }
        for at in 0..self.edges.len() {
            let Edge { a, b, .. } = self.edges[at];
            let rivals = (self.rivals(a, b, &home) - self.rivals(b, a, &home)).abs();
            let edge = &mut self.edges[at];
            // P = o / (1 + o + the odds of rivals)
            edge.verdict.set(Fact::Rivals, -(1.0 + rivals).log2());
            edge.weight = edge.verdict.weight();
        }
    }

    /// The odds of partners of `a` that cannot be one with `b`.
    fn rivals<'h>(&self, a: u32, b: u32, home: &impl Fn(u32) -> &'h Home) -> f32 {
        let edges = &self.edges_of[a as usize];
        edges
            .iter()
            .take(self.numbers.most_compared)
            .map(|at| &self.edges[*at as usize])
            .filter_map(|edge| {
                let other = if edge.a == a { edge.b } else { edge.a };
                let rules_out = other != b
                    && !equal_facts(home(b), home(other))
                    && veto(home(b), home(other), self.numbers).is_some();
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
        self.edges.sort_unstable_by(|x, y| {
            let heavier = y.weight.total_cmp(&x.weight);
            heavier.then_with(|| ids(x).cmp(&ids(y)))
        });
        let same_from = weight(self.numbers.same_from);
        for edge in &self.edges {
            if edge.weight < same_from {
                break;
            }
            let (a, b) = (
                self.group_of[edge.a as usize],
                self.group_of[edge.b as usize],
            );
            if a == b || !self.go_together(a, b, &home) {
                continue;
            }
            let moved = std::mem::take(&mut self.grouped[b as usize]);
            for member in &moved {
                self.group_of[*member as usize] = a;
            }
            self.grouped[a as usize].extend(moved);
        }
    }

    /// Whether every member of one group goes with every member of the other: no veto, and facts that speak
    /// for it more than against.
    fn go_together<'h>(&self, a: u32, b: u32, home: &impl Fn(u32) -> &'h Home) -> bool {
        let least = weight(self.numbers.ask_from);
        self.grouped[a as usize].iter().all(|x| {
            self.grouped[b as usize].iter().all(|y| {
                let verdict = compare(home(*x), home(*y), self.numbers);
                verdict.weight() >= least
            })
        })
    }

    /// Hands pairs that may be one home to a person, unless their groups rule each other out.
    fn ask<'h>(&self, members: &[u32], home: impl Fn(u32) -> &'h Home, groups: &mut Groups) {
        let ask_from = weight(self.numbers.ask_from);
        for edge in &self.edges {
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
                        .any(|y| veto(home(*x), home(*y), self.numbers).is_some())
                })
            };
            if x == y || vetoed() {
                continue;
            }
            let (mut a, mut b) = (edge.a, edge.b);
            if home(b).id < home(a).id {
                std::mem::swap(&mut a, &mut b);
            }
            groups.unsure.push(Pair {
                a: members[a as usize],
                b: members[b as usize],
                verdict: edge.verdict,
            });
        }
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
fn equal_facts(a: &Home, b: &Home) -> bool {
    let same = Home { id: b.id, ..*a };
    same == *b
}

//! What a comparison says and why.

/// What rules out that two listings offer the same home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Veto {
    /// Another community, line of business or number of bedrooms, or none known.
    Block,
    /// The same agency names two references, and no identical door says that it entered one home twice.
    Agency,
    /// Another building.
    Building,
    /// Another entrance.
    Entrance,
    /// Another door.
    Unit,
    /// Another floor, or a floor that cannot lie in the other's band.
    Floor,
    /// Buildings of different heights; one storey apart is a slip.
    Storeys,
    /// Areas too far apart.
    Area,
}

impl Veto {
    /// The word for it in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Veto::Block => "other_place_or_layout",
            Veto::Agency => "same_agency_other_reference",
            Veto::Building => "other_building",
            Veto::Entrance => "other_entrance",
            Veto::Unit => "other_unit",
            Veto::Floor => "other_floor",
            Veto::Storeys => "other_storeys",
            Veto::Area => "other_area",
        }
    }
}

/// What adds to a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the fact of its name")]
pub enum Fact {
    Prior,
    Area,
    Storeys,
    Floor,
    Faces,
    LivingRooms,
    Bathrooms,
    Year,
    Price,
    District,
    Building,
    Unit,
    Photos,
    /// How many other homes of the block look like these.
    Rarity,
    /// Partners that cannot both be right.
    Rivals,
}

/// How many facts there are.
pub(super) const FACTS: usize = Fact::Rivals as usize + 1;

impl Fact {
    const ALL: [Fact; FACTS] = [
        Fact::Prior,
        Fact::Area,
        Fact::Storeys,
        Fact::Floor,
        Fact::Faces,
        Fact::LivingRooms,
        Fact::Bathrooms,
        Fact::Year,
        Fact::Price,
        Fact::District,
        Fact::Building,
        Fact::Unit,
        Fact::Photos,
        Fact::Rarity,
        Fact::Rivals,
    ];

    /// The word for it in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Fact::Prior => "prior",
            Fact::Area => "area",
            Fact::Storeys => "storeys",
            Fact::Floor => "floor",
            Fact::Faces => "orientation",
            Fact::LivingRooms => "living_rooms",
            Fact::Bathrooms => "bathrooms",
            Fact::Year => "year_built",
            Fact::Price => "price",
            Fact::District => "district",
            Fact::Building => "building",
            Fact::Unit => "unit",
            Fact::Photos => "photos",
            Fact::Rarity => "rarity",
            Fact::Rivals => "rivals",
        }
    }
}

/// What the comparison says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    weights: [f32; FACTS],
    /// What rules it out, if anything does.
    pub veto: Option<Veto>,
}

impl Verdict {
    pub(super) fn of(weights: [f32; FACTS]) -> Self {
        Verdict {
            weights,
            veto: None,
        }
    }

    pub(super) fn vetoed(veto: Veto) -> Self {
        Verdict {
            weights: [0.0; FACTS],
            veto: Some(veto),
        }
    }

    pub(super) fn set(&mut self, fact: Fact, weight: f32) {
        self.weights[fact as usize] = weight;
    }

    /// The log-odds of being the same home, in bits; the evidence adds up to it.
    pub fn weight(&self) -> f32 {
        if self.veto.is_some() {
            f32::NEG_INFINITY
        } else {
            self.weights.iter().sum()
        }
    }

    /// The probability of being the same home.
    pub fn probability(&self) -> f32 {
        probability(self.weight())
    }

    /// What added to the weight, in bits, in a fixed order.
    pub fn evidence(&self) -> impl Iterator<Item = (Fact, f32)> + '_ {
        Fact::ALL
            .into_iter()
            .zip(self.weights)
            .filter(|(_, weight)| *weight != 0.0)
    }
}

/// The probability of log-odds in bits.
pub(super) fn probability(weight: f32) -> f32 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The log-odds in bits of a probability.
pub(super) fn weight(probability: f32) -> f32 {
    (probability / (1.0 - probability)).log2()
}

//! The same home, entered by several agents, brands and portals.

mod compare;
mod evidence;
mod facts;
mod group;
mod place;
mod roles;
mod spelling;

pub use compare::{Numbers, compare};
pub use evidence::{Fact, Verdict, Veto};
pub use facts::Home;
pub use group::{Groups, Pair, group};
pub use place::Places;
pub use roles::{Entry, Roles, roles};

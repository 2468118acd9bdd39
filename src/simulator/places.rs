//! Places: metros of the world and what invented data centres there are called.

/// City and metro, country as products spell it, market.
pub(super) const METROS: [(&str, &str, &str); 42] = [
    ("Los Angeles", "USA", "US"),
    ("New York", "USA", "US"),
    ("Ashburn", "USA", "US"),
    ("Chicago", "USA", "US"),
    ("Dallas", "USA", "US"),
    ("Seattle", "USA", "US"),
    ("Atlanta", "USA", "US"),
    ("Miami", "USA", "US"),
    ("Denver", "USA", "US"),
    ("Toronto", "Canada", "CA"),
    ("Montreal", "Canada", "CA"),
    ("Mexico City", "Mexico", "MX"),
    ("London", "UK", "UK"),
    ("Manchester", "UK", "UK"),
    ("Dublin", "Ireland", "IE"),
    ("Amsterdam", "Netherlands", "NL"),
    ("Brussels", "Belgium", "BE"),
    ("Paris", "France", "FR"),
    ("Frankfurt", "Germany", "DE"),
    ("Berlin", "Germany", "DE"),
    ("Zurich", "Switzerland", "CH"),
    ("Vienna", "Austria", "AT"),
    ("Milan", "Italy", "IT"),
    ("Madrid", "Spain", "ES"),
    ("Stockholm", "Sweden", "SE"),
    ("Oslo", "Norway", "NO"),
    ("Copenhagen", "Denmark", "DK"),
    ("Helsinki", "Finland", "FI"),
    ("Warsaw", "Poland", "PL"),
    ("Sofia", "Bulgaria", "BG"),
    ("Tokyo", "Japan", "JP"),
    ("Osaka", "Japan", "JP"),
    ("Singapore", "Singapore", "SG"),
    ("Hong Kong", "Hong Kong", "HK"),
    ("Sydney", "Australia", "AU"),
    ("Melbourne", "Australia", "AU"),
    ("Brisbane", "Australia", "AU"),
    ("Perth", "Australia", "AU"),
    ("Auckland", "New Zealand", "NZ"),
    ("São Paulo", "Brazil", "BR"),
    ("Johannesburg", "South Africa", "ZA"),
    ("Mumbai", "India", "IN"),
];

/// The coordinates of the metros: latitude and longitude in whole degrees, in the order
/// of [`METROS`].
const COORDINATES: [(i16, i16); 42] = [
    (34, -118),
    (41, -74),
    (39, -77),
    (42, -88),
    (33, -97),
    (48, -122),
    (34, -84),
    (26, -80),
    (40, -105),
    (44, -79),
    (46, -74),
    (19, -99),
    (52, 0),
    (53, -2),
    (53, -6),
    (52, 5),
    (51, 4),
    (49, 2),
    (50, 9),
    (53, 13),
    (47, 9),
    (48, 16),
    (45, 9),
    (40, -4),
    (59, 18),
    (60, 11),
    (56, 13),
    (60, 25),
    (52, 21),
    (43, 23),
    (36, 140),
    (35, 136),
    (1, 104),
    (22, 114),
    (-34, 151),
    (-38, 145),
    (-27, 153),
    (-32, 116),
    (-37, 175),
    (-24, -47),
    (-26, 28),
    (19, 73),
];

/// Returns latitude and longitude of a metro in degrees.
pub(super) fn coordinates(metro: &str) -> Option<(f64, f64)> {
    if metro == "Silicon Valley" {
        return Some((37.0, -122.0));
    }
    let at = METROS.iter().position(|(name, ..)| *name == metro)?;
    let (latitude, longitude) = COORDINATES[at];
    Some((f64::from(latitude), f64::from(longitude)))
}

/// Invented operators of data centres.
pub(super) const OPERATORS: [&str; 4] = ["Northgate", "Keystone", "Harbourline", "Axiom"];

/// First words of invented customers.
pub(super) const CUSTOMERS: [&str; 16] = [
    "Aster", "Bluff", "Cobalt", "Dune", "Ember", "Fathom", "Glacier", "Heron", "Indigo", "Juniper",
    "Kestrel", "Lumen", "Mistral", "Nimbus", "Onyx", "Petrel",
];

/// Second words of invented customers.
pub(super) const TRADES: [&str; 10] = [
    "Render", "Genomics", "Robotics", "Weather", "Finance", "Film", "Health", "Motors", "Games",
    "Research",
];

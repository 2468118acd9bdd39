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

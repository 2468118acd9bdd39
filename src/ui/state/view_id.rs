//! The views there are, one at a time under the header.

/// A view. Each has a digit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ViewId {
    /// Country, metro, region, on-ramps.
    #[default]
    Browse,
    /// The keys, and whether they were used.
    Keys,
    /// The activity view.
    Activity,
    /// Maintenance and outages.
    Events,
}

impl ViewId {
    /// Returns its name in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browse => "Browse",
            Self::Keys => "Keys",
            Self::Activity => "Activity",
            Self::Events => "Events",
        }
    }
}

//! Whether a service is up, beside the status of its order.

/// Whether the service is up. A record that does not say is never "down".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// Up.
    Up,
    /// Down.
    Down,
    /// Not stated, or the record contradicts itself.
    #[default]
    Unknown,
}

impl Link {
    /// Reads a record's flag.
    pub const fn from_up(up: Option<bool>) -> Self {
        match up {
            Some(true) => Self::Up,
            Some(false) => Self::Down,
            None => Self::Unknown,
        }
    }

    /// Returns the flag again; `None` where it is unknown.
    pub const fn is_up(self) -> Option<bool> {
        match self {
            Self::Up => Some(true),
            Self::Down => Some(false),
            Self::Unknown => None,
        }
    }
}

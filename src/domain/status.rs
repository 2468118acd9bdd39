//! The life-cycle status of a service.

use crate::domain::text::SafeText;

/// The provisioning status of an on-ramp, a VXC or an IX.
///
/// Source: the vendor's status life cycle; a status it has never published is stored as
/// text and counted on the safe side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Waiting for infrastructure.
    New,
    /// Drafted, not ordered.
    Design,
    /// Accepted and being provisioned.
    Deployable,
    /// Built; a Port stays here until light is seen.
    Configured,
    /// In service.
    Live,
    /// Could not be deployed.
    Failed,
    /// Termination requested; traffic may flow until its date.
    Cancelled,
    /// As `Cancelled`, because the service it belongs to is ending.
    CancelledParent,
    /// Decommissioned; listed for 30 days more.
    Decommissioned,
    /// An undocumented status, or none at all (empty text).
    Other(SafeText),
}

impl Status {
    /// Parses the vendor's word, in any case.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_uppercase().as_str() {
            "NEW" => Self::New,
            "DESIGN" => Self::Design,
            "DEPLOYABLE" => Self::Deployable,
            "CONFIGURED" => Self::Configured,
            "LIVE" => Self::Live,
            "FAILED" => Self::Failed,
            "CANCELLED" => Self::Cancelled,
            "CANCELLED_PARENT" => Self::CancelledParent,
            "DECOMMISSIONED" | "DELETED" => Self::Decommissioned,
            _ => Self::Other(SafeText::clean(word)),
        }
    }

    /// Returns the vendor's word for it, `UNKNOWN` where none was given.
    pub fn word(&self) -> &str {
        match self {
            Self::New => "NEW",
            Self::Design => "DESIGN",
            Self::Deployable => "DEPLOYABLE",
            Self::Configured => "CONFIGURED",
            Self::Live => "LIVE",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::CancelledParent => "CANCELLED_PARENT",
            Self::Decommissioned => "DECOMMISSIONED",
            Self::Other(word) if word.is_empty() => "UNKNOWN",
            Self::Other(word) => word.as_str(),
        }
    }

    /// Returns whether its committed rate still counts against the on-ramp.
    ///
    /// An undocumented status counts: headroom may be understated, never
    /// promised twice.
    pub const fn holds_capacity(&self) -> bool {
        !matches!(self, Self::New | Self::Design | Self::Failed | Self::Decommissioned)
    }

    /// Returns whether its VLAN is still taken. Only the end of a service frees it.
    pub const fn holds_vlan(&self) -> bool {
        !matches!(self, Self::Decommissioned)
    }

    /// Returns whether traffic may flow: what the vendor calls usable.
    pub const fn is_usable(&self) -> bool {
        matches!(self, Self::Configured | Self::Live)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undocumented_status_is_kept_and_counted_on_the_safe_side() {
        let odd = Status::parse("ON_HOLD");
        assert_eq!(odd.word(), "ON_HOLD");
        assert!(odd.holds_capacity() && odd.holds_vlan() && !odd.is_usable());
        assert_eq!(Status::parse("").word(), "UNKNOWN");
    }

    #[test]
    fn a_cancelled_service_carries_traffic_until_its_date() {
        assert!(Status::parse("cancelled").holds_capacity());
        assert!(!Status::Decommissioned.holds_capacity());
        assert!(!Status::Failed.holds_capacity() && Status::Failed.holds_vlan());
    }
}

//! Reasons in words.

use std::fmt;

use super::{Reason, Refusal};

impl Reason {
    /// Returns whether it is a reason against the on-ramp.
    pub const fn is_worry(&self) -> bool {
        matches!(
            self,
            Self::NoCapacity
                | Self::Oversold(_)
                | Self::Planned(_)
                | Self::Down
                | Self::Unread(_)
                | Self::RatesUnsaid(_)
                | Self::Warning(_)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headroom(room, percent) => {
                write!(f, "{room} not allocated, {percent}% with this one")
            }
            Self::NoCapacity => write!(f, "its capacity is not known"),
            Self::Oversold(percent) => write!(f, "oversold: {percent}% with this one"),
            Self::Load(percent) => write!(f, "measured load {percent}%"),
            Self::NoLoad => write!(f, "load not measured, judged by allocation"),
            Self::Vxcs(1) => write!(f, "1 VXC"),
            Self::Vxcs(n) => write!(f, "{n} VXCs"),
            Self::Outstanding(1, rate) => write!(f, "1 unused key of {rate}"),
            Self::Outstanding(n, rate) => write!(f, "{n} unused keys, {rate} together"),
            Self::Planned(says) => write!(f, "planned work: {says}"),
            Self::Down => write!(f, "its link is down"),
            Self::RatesUnsaid(n) => {
                write!(f, "at least: {n} of its circuits do not say their rate")
            }
            Self::Warning(says) => f.write_str(says),
            Self::Unread(n) => write!(f, "{n} of its circuits could not be read"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(closed) => write!(f, "{closed}"),
            Self::RateTooHigh(most) => write!(f, "takes at most {most}"),
            Self::OverCap(percent, cap) => {
                write!(f, "would be {percent}% allocated, and {cap}% is the most")
            }
            Self::NoVlan => write!(f, "circuits and unused keys take every VLAN"),
            Self::Ends(_) => write!(f, "it ends before the key does"),
            Self::Outage(says) => write!(f, "outage: {says}"),
        }
    }
}

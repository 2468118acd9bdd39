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
                write!(f, "{room} free; {percent}% allocated after this key")
            }
            Self::NoCapacity => write!(f, "its capacity is not known"),
            Self::Oversold(percent) => write!(f, "would oversell: {percent}% allocated"),
            Self::Load(percent) => write!(f, "measured load {percent}%"),
            Self::NoLoad => write!(f, "no load data; ranked by allocation"),
            Self::Vxcs(1) => write!(f, "1 circuit"),
            Self::Vxcs(n) => write!(f, "{n} circuits"),
            Self::Outstanding(1, rate) => write!(f, "1 unused key of {rate}"),
            Self::Outstanding(n, rate) => write!(f, "{n} unused keys, {rate} in total"),
            Self::Planned(says) => write!(f, "maintenance: {says}"),
            Self::Down => write!(f, "its link is down"),
            Self::RatesUnsaid(n) => {
                write!(f, "allocation is a minimum (circuits without a rate: {n})")
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
            Self::RateTooHigh(most) => write!(f, "largest circuit {most}"),
            Self::OverCap(percent, cap) => {
                write!(f, "{percent}% allocated after this key, above your cap of {cap}%")
            }
            Self::NoVlan => write!(f, "circuits and unused keys take every VLAN"),
            Self::Ends(_) => write!(f, "it ends before the key does"),
            Self::Outage(says) => write!(f, "outage: {says}"),
        }
    }
}

//! Evidence in sentences.

use crate::domain::{
    key_difference::drift_in_words,
    time::Timestamp,
    vlan::VlanTag,
    vxc::End,
    words::{count, date, relative},
};

use super::{Circuit, Evidence};

impl Evidence {
    /// Returns a sentence without its full stop, as of `now`.
    pub fn describe(&self, now: Timestamp) -> String {
        match self {
            Self::LastUsed(at) => {
                format!("Megaport reports it as used {}, on {}", relative(*at, now), date(*at))
            }
            Self::UsedSomeTime => {
                "Megaport reports it as used; the time is not readable".to_owned()
            }
            Self::OnItsVlan(circuit) => {
                let waits = if circuit.awaits_approval { ", awaiting our approval" } else { "" };
                let since = circuit
                    .created
                    .map_or_else(String::new, |at| format!(", ordered {}", relative(at, now)));
                let (name, vlan) = (&circuit.name, circuit.vlan);
                let rate = circuit
                    .rate
                    .map_or_else(|| "rate not reported".to_owned(), |rate| rate.to_string());
                let state = &circuit.state;
                format!("circuit {name} is on its VLAN {vlan}: {rate}, {state}{since}{waits}")
            }
            Self::Drifted(differences) => drift_in_words(differences),
            Self::VlanTaken(circuit) => in_the_way(circuit),
            Self::Since { count: n, newest, asked_for } => since(*n, newest, asked_for.is_some()),
            Self::NoCircuit { has_vlan: true } => "no circuit on its VLAN".to_owned(),
            Self::NoCircuit { has_vlan: false } => {
                "no new circuit that could come from this key".to_owned()
            }
            Self::Listed => "listed at Megaport".to_owned(),
            Self::NotValid => "Megaport reports it as not valid, without a reason".to_owned(),
            Self::SwitchedOff => "disabled: the customer cannot use it".to_owned(),
            Self::Ends(at) if *at > now => {
                format!("it ends {}", relative(*at, now))
            }
            Self::Ends(at) => format!(
                "it should have expired {}, but Megaport does not report it as expired",
                relative(*at, now)
            ),
            Self::Ended(at) => format!("it ended {}; no sign of use", relative(*at, now)),
            Self::SaidExpired => "Megaport reports it as expired; no sign of use".to_owned(),
            Self::Opens(at) => format!("it becomes valid {}", relative(*at, now)),
            Self::LeftTheList => "Megaport no longer lists it".to_owned(),
            Self::NotAmongTheRead(n) => {
                format!("not found in the list, but {} could not be read", count(*n, "entry"))
            }
            Self::NoOnRamp => "its on-ramp is no longer listed".to_owned(),
            Self::OnRampEnded => "its on-ramp was decommissioned by Megaport".to_owned(),
            Self::OnRampNotAmongTheRead(n) => format!(
                "its on-ramp was not found in the list, but {} could not be read",
                count(*n, "on-ramp")
            ),
            Self::OnRampsUnread => "the on-ramps have not been read yet".to_owned(),
            Self::CircuitsUnread => "some circuits of its on-ramp could not be read".to_owned(),
        }
    }
}

/// Describes a circuit that has a key's VLAN and was not created from it.
fn in_the_way(circuit: &Circuit) -> String {
    let Circuit { name, vlan, .. } = circuit;
    match circuit.our_end {
        End::A => format!("our own circuit {name} uses its VLAN {vlan} on this on-ramp"),
        End::B => format!("circuit {name} was on its VLAN {vlan} before the key was created"),
    }
}

/// Describes circuits newer than a key that belong to no known key.
fn since(count: usize, newest: &Circuit, asks_for_vlan: bool) -> String {
    let name = &newest.name;
    let on = match newest.vlan {
        VlanTag::Tagged(_) | VlanTag::Unusual(_) => format!("on VLAN {}", newest.vlan),
        VlanTag::Untagged => "untagged".to_owned(),
        VlanTag::Unstated => "without a reported VLAN".to_owned(),
    };
    let came = match count {
        1 => format!(
            "circuit {name} was ordered {on} after this key was created, from no known \
            key"
        ),
        n => format!(
            "{n} circuits were ordered after this key was created, from no known key; \
            last {name}, {on}"
        ),
    };
    if asks_for_vlan {
        format!("{came}: perhaps from this key, since Megaport may assign another VLAN")
    } else {
        format!("{came}: perhaps from this key")
    }
}

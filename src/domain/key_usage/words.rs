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
                format!("Megaport says it was used {}, on {}", relative(*at, now), date(*at))
            }
            Self::UsedSomeTime => "Megaport says that it was used; when is not readable".to_owned(),
            Self::OnItsVlan(circuit) => {
                let waits = if circuit.awaits_approval { ", waits for our approval" } else { "" };
                let since = circuit
                    .created
                    .map_or_else(String::new, |at| format!(", ordered {}", relative(at, now)));
                let (name, vlan) = (&circuit.name, circuit.vlan);
                let rate = circuit
                    .rate
                    .map_or_else(|| "rate not said".to_owned(), |rate| rate.to_string());
                let state = &circuit.state;
                format!("circuit {name} is on its VLAN {vlan}: {rate}, {state}{since}{waits}")
            }
            Self::Drifted(differences) => drift_in_words(differences),
            Self::VlanTaken(circuit) => in_the_way(circuit),
            Self::Since { count: n, newest, asked_for } => since(*n, newest, asked_for.is_some()),
            Self::NoCircuit { has_vlan: true } => "no circuit has its VLAN".to_owned(),
            Self::NoCircuit { has_vlan: false } => {
                "no circuit that could be of it came since it was made".to_owned()
            }
            Self::Listed => "in Megaport's list".to_owned(),
            Self::NotValid => "Megaport says that it is not valid, and not why".to_owned(),
            Self::SwitchedOff => "switched off: the customer cannot use it".to_owned(),
            Self::Ends(at) if *at > now => {
                format!("it ends {}", relative(*at, now))
            }
            Self::Ends(at) => format!(
                "its end was {}, but Megaport does not say that it has expired",
                relative(*at, now)
            ),
            Self::Ended(at) => format!("it ended {}, and nothing shows use", relative(*at, now)),
            Self::SaidExpired => {
                "Megaport says that it has expired, and nothing shows use".to_owned()
            }
            Self::Opens(at) => format!("its window opens {}", relative(*at, now)),
            Self::LeftTheList => "Megaport's list does not have it any more".to_owned(),
            Self::NotAmongTheRead(n) => format!(
                "not among those entries of the list that could be read; {} could not",
                count(*n, "entry")
            ),
            Self::NoOnRamp => "its on-ramp is not listed any more".to_owned(),
            Self::OnRampEnded => "its on-ramp has ended: Megaport decommissioned it".to_owned(),
            Self::OnRampNotAmongTheRead(n) => format!(
                "its on-ramp is not among those that could be read; {} could not",
                count(*n, "on-ramp")
            ),
            Self::OnRampsUnread => "the on-ramps have not been read yet".to_owned(),
            Self::CircuitsUnread => "not all circuits of its on-ramp could be read".to_owned(),
        }
    }
}

/// Describes a circuit that has a key's VLAN and was not created from it.
fn in_the_way(circuit: &Circuit) -> String {
    let Circuit { name, vlan, .. } = circuit;
    match circuit.our_end {
        End::A => format!("our own circuit {name} leaves its on-ramp on its VLAN {vlan}"),
        End::B => format!("circuit {name} was on its VLAN {vlan} before it was made"),
    }
}

/// Describes circuits newer than a key that belong to no known key.
fn since(count: usize, newest: &Circuit, asks_for_vlan: bool) -> String {
    let name = &newest.name;
    let on = match newest.vlan {
        VlanTag::Tagged(_) | VlanTag::Unusual(_) => format!("on VLAN {}", newest.vlan),
        VlanTag::Untagged => "untagged".to_owned(),
        VlanTag::Unstated => "on no stated VLAN".to_owned(),
    };
    let came = match count {
        1 => format!("circuit {name} came {on} after it, of no known key"),
        n => format!("{n} circuits came after it, of no known key; {name} last, {on}"),
    };
    if asks_for_vlan {
        format!("{came}: perhaps of this one, as Megaport may grant another VLAN")
    } else {
        format!("{came}: perhaps of this one")
    }
}

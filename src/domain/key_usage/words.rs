//! Evidence in sentences.

use crate::domain::{
    time::Timestamp,
    words::{count, date, relative},
};

use super::Evidence;

impl Evidence {
    /// A sentence without its full stop, as of `now`.
    pub fn in_words(&self, now: Timestamp) -> String {
        match self {
            Self::LastUsed(at) => {
                format!("Megaport says it was used {}, on {}", relative(*at, now), date(*at))
            }
            Self::OnItsVlan(circuit) => {
                let waits = if circuit.awaits_approval { ", waits for our approval" } else { "" };
                let since = circuit
                    .created
                    .map_or_else(String::new, |at| format!(", ordered {}", relative(at, now)));
                let (name, vlan) = (&circuit.name, circuit.vlan);
                let (rate, state) = (circuit.rate, circuit.status.word());
                format!("circuit {name} is on its VLAN {vlan}: {rate}, {state}{since}{waits}")
            }
            Self::Since(n) => format!(
                "{} came on its on-ramp since it was made, of no other key; nothing says whose",
                count(*n, "circuit")
            ),
            Self::Listed => "in Megaport's list, and no circuit has its VLAN".to_owned(),
            Self::NotValid => "Megaport says that it is not valid, and not why".to_owned(),
            Self::SwitchedOff => "switched off: the customer cannot use it".to_owned(),
            Self::Ends(at) if *at > now => {
                format!("nobody used it, and it ends {}", relative(*at, now))
            }
            Self::Ends(at) => format!("nobody used it; it ended {}", relative(*at, now)),
            Self::SaidExpired => "Megaport says that it has expired; nobody used it".to_owned(),
            Self::Opens(at) => format!("its window opens {}", relative(*at, now)),
            Self::LeftTheList => "Megaport's list does not have it any more".to_owned(),
            Self::NotAmongTheRead(n) => format!(
                "not among those entries of the list that could be read; {} could not",
                count(*n, "entry")
            ),
            Self::NoOnRamp => "its on-ramp is not listed any more".to_owned(),
            Self::CircuitsUnread => "not all circuits of its on-ramp could be read".to_owned(),
        }
    }
}

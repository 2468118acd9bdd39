//! The rules: what the evidence says of a key.

use std::time::Duration;

use crate::domain::{
    on_ramp::OnRamp,
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
    vlan::VlanTag,
    vxc::Vxc,
};

use super::{Circuit, Evidence, Reading, Remembered, SOON, Word};

/// How far the clocks of a key's record and a circuit's may lie apart.
const SLACK: Duration = Duration::from_secs(120);

/// The circuits of an on-ramp, as far as they could come of its keys.
#[derive(Debug, Clone, Default)]
pub struct Circuits<'a> {
    standing: Vec<&'a Vxc>,
    whole: bool,
    known: bool,
}

impl<'a> Circuits<'a> {
    /// Those of an on-ramp; `None` where it is not listed any more.
    pub fn of(on_ramp: Option<&'a OnRamp>) -> Self {
        let Some(on_ramp) = on_ramp else { return Self::default() };
        let mut standing: Vec<_> = on_ramp.standing_vxcs().collect();
        standing.sort_by_key(|vxc| vxc.vlan);
        Self { standing, whole: on_ramp.unread == 0, known: true }
    }

    /// The circuit on a VLAN that is not older than `made`, the oldest first.
    fn on(&self, tag: VlanTag, made: Option<Timestamp>) -> Option<&'a Vxc> {
        if !matches!(tag, VlanTag::Tagged(_) | VlanTag::Untagged) {
            return None;
        }
        let from = self.standing.partition_point(|vxc| vxc.vlan < tag);
        let of = self.standing[from..].iter().take_while(|vxc| vxc.vlan == tag);
        of.filter(|vxc| not_older(vxc, made)).min_by_key(|vxc| vxc.created).copied()
    }

    /// How many circuits came after `made`, less those on `taken` VLANs.
    fn since(&self, made: Option<Timestamp>, of_others: impl Fn(VlanTag) -> bool) -> usize {
        let Some(made) = made else { return 0 };
        let new = self.standing.iter().filter(|vxc| vxc.created.is_some_and(|at| at >= made));
        new.filter(|vxc| !of_others(vxc.vlan)).count()
    }
}

/// Whether a circuit can have come of a key that was made then.
fn not_older(vxc: &Vxc, made: Option<Timestamp>) -> bool {
    match (vxc.created, made) {
        (Some(ordered), Some(made)) => ordered + SLACK >= made,
        _ => true,
    }
}

/// How a listed key stands at `now`, by the server's clock.
///
/// `of_others` is whether a VLAN is that of another key of the on-ramp: a
/// circuit on it did not come of a multi-use key. Whether a window is over is
/// Megaport's to say; `now` only tells what ends soon.
pub fn listed(
    key: &ServiceKey,
    circuits: &Circuits<'_>,
    of_others: impl Fn(VlanTag) -> bool,
    now: Timestamp,
) -> Reading {
    if !circuits.known {
        return Reading { word: Word::Orphan, evidence: vec![Evidence::NoOnRamp] };
    }
    let mut evidence = vec![];
    let last_used = key.last_used.map(Evidence::LastUsed);
    match key.usage {
        KeyUse::Single(tag) => {
            let circuit = circuits.on(tag, key.created);
            evidence.extend(circuit.map(|vxc| Evidence::OnItsVlan(Circuit::of(vxc))));
            evidence.extend(last_used);
            if !evidence.is_empty() {
                return Reading { word: Word::Used(None), evidence };
            }
        }
        KeyUse::Multi => {
            evidence.extend(last_used);
            let since = circuits.since(key.created, of_others);
            if since > 0 {
                evidence.push(Evidence::Since(since));
            }
            // Used for certain, but by how many is a guess: at most so many.
            if key.last_used.is_some() {
                return Reading { word: Word::Used((since > 0).then_some(since)), evidence };
            }
        }
    }
    if !circuits.whole {
        evidence.push(Evidence::CircuitsUnread);
    }
    let word = unused(key, now, &mut evidence);
    let maybe = evidence.iter().any(|one| matches!(one, Evidence::Since(_)));
    let word = if maybe && word.waits() { Word::MaybeUsed } else { word };
    Reading { word, evidence }
}

/// The word for a key that nothing shows to be used.
fn unused(key: &ServiceKey, now: Timestamp, evidence: &mut Vec<Evidence>) -> Word {
    let window = key.validity.unwrap_or_default();
    let (word, why) = if !key.active {
        (Word::Inactive, Evidence::SwitchedOff)
    } else if key.expired {
        (Word::Expired, window.end.map_or(Evidence::SaidExpired, Evidence::Ends))
    } else if let Some(start) = window.start.filter(|start| *start > now && key.valid != Some(true))
    {
        (Word::Early, Evidence::Opens(start))
    } else if key.valid == Some(false) {
        (Word::Invalid, Evidence::NotValid)
    } else if let Some(end) = window.end.filter(|end| *end <= now + SOON) {
        (Word::ExpiresSoon, Evidence::Ends(end))
    } else {
        (Word::Unused, Evidence::Listed)
    };
    evidence.push(why);
    word
}

/// How a key that no list has any more stands. `unread` is how many entries of
/// the list could not be read.
pub fn gone(key: &Remembered, circuits: &Circuits<'_>, unread: usize) -> Reading {
    let left = if unread == 0 { Evidence::LeftTheList } else { Evidence::NotAmongTheRead(unread) };
    if !circuits.known {
        return Reading { word: Word::Orphan, evidence: vec![Evidence::NoOnRamp, left] };
    }
    let tag = match key.usage {
        KeyUse::Single(tag) => Some(tag),
        KeyUse::Multi => None,
    };
    let circuit = tag.and_then(|tag| circuits.on(tag, key.created));
    if let Some(vxc) = circuit {
        let evidence = vec![Evidence::OnItsVlan(Circuit::of(vxc)), left];
        return Reading { word: Word::Gone, evidence };
    }
    let doubt = (!circuits.whole).then_some(Evidence::CircuitsUnread);
    let evidence = [left].into_iter().chain(doubt).collect();
    Reading { word: Word::GoneUnexplained, evidence }
}

//! The settings for new keys: presets, ranking, and which VLAN to propose.

use serde::Deserialize;
use serde_spanned::Spanned;

use crate::domain::{
    delivery::Delivery,
    preset::{Preset, Settings, read_span},
    ranking::Rules,
    text::SafeText,
    units::{Mbps, RateFault},
    vlan::VlanId,
    vlan_policy::{Block, VlanPolicy},
};

use super::error::{LocatedError, error_here};

/// A `[[preset]]` as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    name: Spanned<String>,
    rate: Option<Spanned<Rate>>,
    valid: Option<Spanned<String>>,
    #[serde(rename = "use")]
    usage: Option<Spanned<String>>,
    active: Option<bool>,
    pre_approved: Option<bool>,
}

/// A rate as written: a number of Mbps, or text as it is typed into a form.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a rate: 500 or \"2.5g\"")]
enum Rate {
    Number(u32),
    Text(String),
}

impl Rate {
    fn read(&self) -> Result<Mbps, RateFault> {
        match self {
            Self::Number(0) => Err(RateFault::Zero),
            Self::Number(count) => Ok(Mbps::new(*count)),
            Self::Text(text) => text.parse(),
        }
    }
}

/// The `[vlan]` table as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Vlan {
    base: Option<Spanned<u16>>,
    spread: Option<Spanned<usize>>,
    highest: Option<Spanned<u16>>,
    #[serde(default)]
    reserved: Vec<Spanned<String>>,
    #[serde(default)]
    block: Vec<WrittenBlock>,
}

/// The `[ranking]` table as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Ranking {
    cap: Option<Spanned<u32>>,
    allocated: Option<Spanned<u32>>,
    measured: Option<Spanned<u32>>,
    outstanding: Option<Spanned<u32>>,
}

/// Checks the rules for ranking on-ramps.
pub(super) fn ranking(written: &Ranking) -> Result<Rules, LocatedError> {
    let usual = Rules::default();
    let weight = |written: &Option<Spanned<u32>>, usual| match written {
        Some(weight) if *weight.get_ref() > 100 => Err(error_here(weight, "expected 0 to 100")),
        Some(weight) => Ok(*weight.get_ref()),
        None => Ok(usual),
    };
    let cap = match &written.cap {
        Some(cap) if !(1..=1000).contains(cap.get_ref()) => {
            return Err(error_here(cap, "expected a percentage, 1 to 1000"));
        }
        cap => cap.as_ref().map(|cap| *cap.get_ref()),
    };
    Ok(Rules {
        cap,
        allocated: weight(&written.allocated, usual.allocated)?,
        measured: weight(&written.measured, usual.measured)?,
        outstanding: weight(&written.outstanding, usual.outstanding)?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBlock {
    customer: Spanned<String>,
    from: Spanned<u16>,
    to: Spanned<u16>,
}

/// Checks the settings as written. Without presets the built-in one remains.
pub(super) fn settings(
    presets: &[Written],
    vlan: Vlan,
    delivery: Delivery,
) -> Result<Settings, LocatedError> {
    let mut settings = Settings { vlans: policy(vlan)?, delivery, ..Settings::default() };
    let presets: Vec<_> = presets.iter().map(preset).collect::<Result<_, _>>()?;
    if !presets.is_empty() {
        settings.presets = presets;
    }
    Ok(settings)
}

fn preset(written: &Written) -> Result<Preset, LocatedError> {
    let name = SafeText::clean(written.name.get_ref().trim()).to_string();
    if name.is_empty() || name.chars().count() > 24 {
        return Err(error_here(&written.name, "expected a name of 1 to 24 characters"));
    }
    let usual = Preset::default();
    let rate = match &written.rate {
        None => usual.rate,
        Some(rate) => rate
            .get_ref()
            .read()
            .map_err(|fault| error_here(rate, &format!("expected a rate: {fault}")))?,
    };
    let lifetime = match &written.valid {
        None => usual.lifetime,
        // `open-ended` is the word of the first edition.
        Some(text) if ["never", "open-ended"].contains(&text.get_ref().as_str()) => None,
        Some(text) => Some(
            read_span(text.get_ref())
                .ok_or_else(|| error_here(text, "expected a span like 36h, 30d or 6w, or never"))?,
        ),
    };
    let single = match &written.usage {
        None => usual.single,
        Some(word) => match word.get_ref().as_str() {
            "single" => true,
            "multi" => false,
            _ => return Err(error_here(word, "expected single or multi")),
        },
    };
    let active = written.active.unwrap_or(usual.active);
    let pre_approved = written.pre_approved.unwrap_or(usual.pre_approved);
    Ok(Preset { name, rate, lifetime, single, active, pre_approved })
}

fn policy(written: Vlan) -> Result<VlanPolicy, LocatedError> {
    let mut policy = VlanPolicy::default();
    if let Some(base) = &written.base {
        policy.base = id(base)?;
    }
    if let Some(spread) = &written.spread {
        policy.spread = *spread.get_ref();
        if !(1..=VlanPolicy::MOST_SPREAD).contains(&policy.spread) {
            let says = format!("expected 1 to {}", VlanPolicy::MOST_SPREAD);
            return Err(error_here(spread, &says));
        }
    }
    if let Some(highest) = &written.highest {
        policy.highest = id(highest)?;
        if policy.highest < policy.base {
            return Err(error_here(highest, "expected a VLAN not below base"));
        }
    }
    for range in &written.reserved {
        policy.reserved.push(vlan_range(range)?);
    }
    for block in written.block {
        let customer = block.customer.get_ref().trim().to_owned();
        if customer.is_empty() {
            return Err(error_here(&block.customer, "expected the start of a customer's name"));
        }
        let (first, last) = (id(&block.from)?, id(&block.to)?);
        if last < first {
            return Err(error_here(&block.to, "expected a VLAN not below from"));
        }
        policy.blocks.push(Block { customer, first, last });
    }
    Ok(policy)
}

/// Parses `1002-1005`, or a single VLAN.
fn vlan_range(written: &Spanned<String>) -> Result<(VlanId, VlanId), LocatedError> {
    let text = written.get_ref();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse::<VlanId>(), last.trim().parse::<VlanId>()) {
        (Ok(first), Ok(last)) if first <= last => Ok((first, last)),
        _ => Err(error_here(written, "expected VLANs like 1002-1005, each 2 to 4093")),
    }
}

fn id(written: &Spanned<u16>) -> Result<VlanId, LocatedError> {
    VlanId::new(*written.get_ref()).map_err(|_| error_here(written, "expected a VLAN, 2 to 4093"))
}

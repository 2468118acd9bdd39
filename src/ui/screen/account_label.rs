//! The account label: in the header, on every dialog, in the window's title. Two
//! accounts of one environment never look alike.

use crate::{
    api::account::EnvironmentKind,
    domain::{cells::width, text::SafeText},
    ui::{model::Model, widget::text::clip},
};

/// Returns the account in `room` cells: environment, profile and company, the company
/// only if it fits. A profile that is too long keeps both of its ends, since such names
/// differ there.
pub(in crate::ui) fn label(model: &Model, room: usize) -> String {
    let session = &model.session;
    let (environment, who) = (session.environment.word(), session.who());
    let name = if who.is_empty() { environment.to_owned() } else { format!("{environment} {who}") };
    if width(&name) > room {
        let left = room.saturating_sub(width(environment) + 1);
        return format!("{environment} {}", both_ends(&who, left)).trim_end().to_owned();
    }
    // The demo has no owner.
    let is_ours =
        |name: &&SafeText| !name.is_empty() && session.environment != EnvironmentKind::Demo;
    let company = model.engine.background().company.value().filter(is_ours);
    let whole = company.map(|company| format!("{name}, {company}"));
    match whole {
        Some(whole) if width(&whole) <= room => whole,
        Some(whole) if room >= width(&name) + 10 => clip(&whole, room).into_owned(),
        _ => name,
    }
}

/// Returns the title of the window.
pub fn title(model: &Model) -> String {
    format!("onramp {}", label(model, 80))
}

/// Returns a name in `room` cells, with `…` in its middle if it is longer.
fn both_ends(name: &str, room: usize) -> String {
    let letters: Vec<_> = name.chars().collect();
    if letters.len() <= room || room < 3 {
        return letters.into_iter().take(room).collect();
    }
    let tail = room / 2;
    let head = letters[..room - 1 - tail].iter();
    let tail = letters[letters.len() - tail..].iter();
    head.chain([&'…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_both_of_its_ends() {
        assert_eq!(both_ends("acme-prod", 9), "acme-prod");
        assert_eq!(both_ends("provider-production-north-1", 12), "provi…orth-1");
        assert_ne!(both_ends("provider-production-1", 12), both_ends("provider-production-2", 12));
        assert_eq!(both_ends("acme", 2), "ac");
    }
}

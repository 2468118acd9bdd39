//! The reasons why a command sends no request for a key, or does not know its outcome.

use crate::{
    domain::key_order::{Fault, Field},
    engine::{
        not_now::NotNow,
        plan::{Check, PlannedKey, VlanCheck},
    },
    shell::exit::ExitError,
};

use super::{not_now::describe, session::exit_error};

pub(super) fn in_doubt(what: &str) -> ExitError {
    ExitError::InDoubt(format!(
        "in doubt: {what}. The key may exist: do not order it again. `onramp keys reconcile` \
         looks again, and so does the console at its next start"
    ))
}

pub(super) fn read_only() -> ExitError {
    let says = "this account is read-only: add --read-write, or set mode = \"read-write\" in its \
                profile";
    ExitError::Credentials(says.to_owned())
}

pub(super) fn not_sent(why: &NotNow) -> ExitError {
    ExitError::Failed(format!("nothing was sent: {}", describe(why)))
}

pub(super) fn not_planned() -> ExitError {
    ExitError::Failed("the key could not be planned; nothing was sent".to_owned())
}

/// Returns the exit for an order that is not legal.
pub(super) fn refused(faults: &[Fault]) -> ExitError {
    let says: Vec<_> =
        faults.iter().map(|fault| format!("{}: {fault}", option(fault.field()))).collect();
    let says = says.join("; ");
    let is_refused = |fault: &Fault| {
        matches!(
            fault,
            Fault::Closed(_)
                | Fault::RateTooHigh(_)
                | Fault::VlanTaken(_)
                | Fault::NotAlone
                | Fault::Gone
                | Fault::NoVlan
        )
    };
    if faults.iter().all(is_refused) { ExitError::Refused(says) } else { ExitError::Usage(says) }
}

/// Returns why a planned key cannot be sent, if it cannot.
pub(super) fn why_not(planned: &PlannedKey) -> Option<ExitError> {
    if planned.clear().is_some() {
        return None;
    }
    let unread = "the keys or circuits of the on-ramp could not be read completely; nothing was \
                  sent";
    Some(match (&planned.vlan, &planned.before, planned.faults.as_slice()) {
        // Megaport's answer is a fault of the order, too, without the free VLANs.
        (Check::Known(VlanCheck::Taken(free)), _, _) => {
            let free: Vec<_> = free.iter().map(ToString::to_string).collect();
            let free = free.join(", ");
            let says = format!("the VLAN is taken (checked with Megaport); free: {free}");
            ExitError::Refused(says)
        }
        (_, _, [_, ..]) => refused(&planned.faults),
        (Check::Failed(failure), _, _) | (_, Check::Failed(failure), _) => exit_error(failure),
        _ => ExitError::Failed(unread.to_owned()),
    })
}

/// Returns the option that has to change.
const fn option(field: Field) -> &'static str {
    match field {
        Field::OnRamp => "--on-ramp",
        Field::Label => "--label",
        Field::Rate => "--rate",
        Field::Customer => "--customer",
        Field::Reference => "--reference",
        Field::Usage | Field::Vlan => "--vlan",
        Field::Validity => "--valid",
    }
}

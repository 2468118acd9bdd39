//! Round-trip times from one data centre to the others, as a column.

use crate::ui::model::{command::Call, context::Context, msg::Effect};

/// Shows them from the data centre of the on-ramp under the cursor, or hides
/// them.
pub(in crate::ui) fn toggle(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.browse_mut().0.trips_from.take().is_some() {
        return vec![];
    }
    let Some(site) = context.current().map(|on_ramp| on_ramp.site.clone()) else { return vec![] };
    let Some(from) = site.id else {
        context.say("Megaport gives no location id for this data centre.");
        return vec![];
    };
    context.browse_mut().0.trips_from = Some((from, site.name));
    context.run(|engine| engine.read_round_trips(from))
}

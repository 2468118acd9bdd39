//! Round-trip times from one data centre to the others, as a column.

use crate::ui::model::{Model, command::Call, msg::Effect};

/// Shows them from the data centre of the on-ramp under the cursor, or hides
/// them.
pub(in crate::ui) fn toggle(model: &mut Model, _: Call) -> Vec<Effect> {
    if model.browse.trips_from.take().is_some() {
        return vec![];
    }
    let Some(site) = model.current().map(|on_ramp| on_ramp.site.clone()) else { return vec![] };
    let Some(from) = site.id else {
        model.notice = Some("Megaport gives no number of that data centre.".to_owned());
        return vec![];
    };
    model.browse.trips_from = Some((from, site.name));
    model.run(|engine| engine.read_round_trips(from))
}

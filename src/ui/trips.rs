//! Round-trip times from one data centre to the others, as a column.

use std::time::Duration;

use crate::{api::Request, domain::location::Month};

use super::{
    model::{Access, Model, Purpose},
    msg::Effect,
};

/// How long round-trip times are good: they are medians of a month.
const GOOD_FOR: Duration = Duration::from_secs(24 * 3600);

/// Shows them from the data centre of the on-ramp under the cursor, or hides
/// them.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    if model.browse.trips_from.take().is_some() {
        return vec![];
    }
    let Some(site) = model.current().map(|on_ramp| on_ramp.site.clone()) else { return vec![] };
    let Some(from) = site.id else {
        model.notice = Some("Megaport gives no number of that data centre.".to_owned());
        return vec![];
    };
    model.browse.trips_from = Some((from, site.name));
    let now = model.server_now();
    let known = model.feeds.trips.get(&from).is_some_and(|(_, read)| *read + GOOD_FOR > now);
    if known || model.access != Access::Open || model.awaits(Purpose::RoundTrips) {
        return vec![];
    }
    vec![model.ask(Request::RoundTrips(from, Month::before(now)), Purpose::RoundTrips).1]
}

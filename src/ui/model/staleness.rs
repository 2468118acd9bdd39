//! Whether the on-ramps on the screen may not be as it shows them.
//!
//! The banner and the block on new keys depend on one thing, the model's staleness:
//! while there is any, no new key is started.

use std::time::Duration;

use crate::domain::freshness::{self, Staleness};

use super::{Access, Model};

/// How long a start may take before a banner reports its lists as saved ones: header
/// and marks do so from the first frame on.
const QUIETLY: Duration = Duration::from_secs(3);

impl Model {
    /// Returns why the on-ramps may differ from the screen.
    pub fn doubt(&self) -> Option<Staleness> {
        let products = self.engine.products();
        // One failed attempt does not make older data stale.
        let failing = products.failure.is_some() && products.failures > 1;
        let lacking = self.engine.inventory().missing_on_ramps() > 0;
        freshness::staleness(products.read_at?.here, products.saved, failing, lacking, self.now())
    }

    /// Returns whether the banner is up.
    pub fn has_banner(&self) -> bool {
        let Some(doubt) = self.doubt().filter(|_| self.access == Access::Open) else {
            return false;
        };
        let since = self.engine.products().asked.as_ref().map(|(_, since, _)| *since);
        let is_new = since.is_some_and(|since| self.now().since(since) < QUIETLY);
        let starts =
            doubt == Staleness::Saved && self.engine.products().failure.is_none() && is_new;
        !starts
    }
}

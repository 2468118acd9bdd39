//! The retry budget, which all requests share.
//!
//! When the server is overloaded, repeating everything three times quadruples the load.
//! Beyond a small burst, one retry is earned by ten requests.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The price of one retry, in requests.
const REQUESTS_PER_RETRY: u32 = 10;

/// The remaining budget for retries.
pub(super) struct RetryBudget {
    saved: AtomicU32,
    most: u32,
}

impl RetryBudget {
    /// Returns a budget of `burst` retries.
    pub(super) fn new(burst: u32) -> Self {
        let most = burst.saturating_mul(REQUESTS_PER_RETRY);
        Self { saved: AtomicU32::new(most), most }
    }

    /// Counts a request.
    pub(super) fn count_request(&self) {
        let earn = |saved: u32| Some(saved.saturating_add(1).min(self.most));
        let _before = self.saved.fetch_update(Relaxed, Relaxed, earn);
    }

    /// Takes a retry, if there is one.
    pub(super) fn take_retry(&self) -> bool {
        self.saved
            .fetch_update(Relaxed, Relaxed, |saved| saved.checked_sub(REQUESTS_PER_RETRY))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_burst_ten_requests_pay_for_one_repetition() {
        let budget = RetryBudget::new(2);
        assert!(budget.take_retry() && budget.take_retry() && !budget.take_retry());
        (0..9).for_each(|_| budget.count_request());
        assert!(!budget.take_retry());
        budget.count_request();
        assert!(budget.take_retry() && !budget.take_retry());
    }

    #[test]
    fn quiet_times_save_no_more_than_the_burst() {
        let budget = RetryBudget::new(1);
        (0..1000).for_each(|_| budget.count_request());
        assert!(budget.take_retry() && !budget.take_retry());
    }
}

//! A request that a command sends: its confirmation, the wait for its outcome, and the
//! report of it.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    api::{Cause, Mode},
    domain::{
        fingerprint::Fingerprint,
        intent::IntentId,
        issuance::Doubt,
        key_difference::{self, Difference},
        service_key::{KeyUse, ServiceKey},
        words::date_time,
    },
    engine::{
        attempt::{Attempt, AttemptStage},
        question::Confirmed,
    },
    shell::{console::signals, exit::ExitError, stdio},
};

use super::{
    engine_session::EngineSession,
    key_refusal::{in_doubt, not_planned, not_sent},
};

/// How long a request that was sent is waited for after a signal or the time limit.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);

impl EngineSession {
    /// Confirms the plan by the flag of the command; returns the request that is sent.
    pub(super) fn confirm_plan(&mut self) -> Result<IntentId, ExitError> {
        self.set_aside_earlier();
        let plan = self.engine.plan().ok_or_else(not_planned)?;
        let intent = plan.sides().first().map(|planned| planned.intent);
        let intent = intent.ok_or_else(not_planned)?;
        let yes = Confirmed::by_flag(plan.asked());
        let outcome = self.engine.confirm(&yes).map_err(|why| not_sent(&why))?;
        self.perform(outcome);
        // The plan stays where it has to be checked again.
        let is_sent = self.engine.plan().is_none() && self.engine.attempt(intent).is_some();
        if is_sent { Ok(intent) } else { Err(not_planned()) }
    }

    /// Waits until the outcome of a request is known, or cannot become known by waiting.
    pub(super) async fn wait_for_outcome(&mut self, id: IntentId) {
        self.wait_until(|engine| engine.attempt(id).is_none_or(is_over)).await;
        // A list may lag: a refusal counts once the reads after it are over, too.
        self.wait_until(|engine| {
            let is_refused = engine.attempt(id).is_some_and(Attempt::is_refused);
            !is_refused || engine.looked_for_until(id).is_none()
        })
        .await;
    }

    /// Reports the outcome of a request, whatever has ended the wait for it; returns the
    /// key that was created.
    pub(super) async fn report_outcome(
        &mut self,
        id: IntentId,
        ended: Result<(), ExitError>,
    ) -> Result<ServiceKey, ExitError> {
        if ended.is_err() {
            // What is not sent yet is not wanted any more; what is, has a reply to come.
            let is_unsent = |one: &Attempt| {
                matches!(one.stage, AttemptStage::Waiting | AttemptStage::Writing(_))
            };
            if self.engine.attempt(id).is_some_and(is_unsent) {
                let withdrawn = self.engine.set_mode(Mode::ReadOnly, "the command has ended");
                self.perform(withdrawn);
            }
            let settled =
                self.wait_until(|engine| engine.attempt(id).is_none_or(|one| !is_out(&one.stage)));
            tokio::select! {
                () = settled => {}
                () = sleep(REPLY_TIMEOUT) => {}
                _ = signals::first_signal() => {}
            }
        }
        self.report_known(id, ended)
    }

    /// Reports what is known of a request, and settles it where nothing is left to
    /// decide.
    pub(super) fn report_known(
        &mut self,
        id: IntentId,
        ended: Result<(), ExitError>,
    ) -> Result<ServiceKey, ExitError> {
        let Some(attempt) = self.engine.attempt(id) else {
            return ended.and_then(|()| Err(in_doubt("the request")));
        };
        let order = &attempt.standing.intent.order;
        let what = format!("{} on {}", order.label(), attempt.standing.intent.on_ramp_name);
        match attempt.stage.clone() {
            AttemptStage::Made(key) => self.print_created(id, *key),
            AttemptStage::NotMade(failure) => {
                // The second key of a pair may still be ordered.
                if !attempt.may_be_sent() {
                    let closed = self.engine.close_not_created(id);
                    self.perform(closed);
                }
                if failure.doubt == Doubt::NotSent {
                    ended?;
                }
                let says = format!("nothing was created: {}", failure.in_full());
                Err(match failure.cause {
                    Cause::Credentials | Cause::Forbidden => ExitError::Credentials(says),
                    Cause::Refused => ExitError::Refused(says),
                    _ => ExitError::Failed(says),
                })
            }
            AttemptStage::Several(keys) => Err(ExitError::TwoKeys(format!(
                "{} keys exist for one order, {what}: disable the one that is not delivered",
                keys.len()
            ))),
            AttemptStage::Vanished => Err(ExitError::Incomplete(format!(
                "{what} was created and is no longer listed; its circuit may be in use"
            ))),
            AttemptStage::Waiting | AttemptStage::Writing(_) => {
                ended.and_then(|()| Err(not_planned()))
            }
            AttemptStage::Sending | AttemptStage::Looking { .. } | AttemptStage::Maybe(_) => {
                Err(in_doubt(&what))
            }
        }
    }

    /// Prints the created key, without the key itself.
    fn print_created(&mut self, id: IntentId, key: ServiceKey) -> Result<ServiceKey, ExitError> {
        let differs =
            self.engine.attempt(id).map(|one| key_difference::between(&one.standing.intent, &key));
        // Its window begins now, which may be a moment ahead of Megaport's clock.
        let is_real = |one: &&Difference| !matches!(one, Difference::NotValid);
        for one in differs.iter().flatten().filter(is_real) {
            let says = one.against_order();
            stdio::print_stderr(&format!("onramp: differs from the order: {says}\n"));
        }
        // Read-only, nothing is recorded: the request stays for another session.
        if self.engine.mode() == Mode::ReadWrite {
            let seen = self.engine.acknowledge(id);
            self.perform(seen);
        }
        let end = key.validity.and_then(|window| window.end);
        let end =
            end.map_or_else(|| "no expiry".to_owned(), |end| format!("until {}", date_time(end)));
        let rate = key.rate.map_or_else(|| "no rate limit".to_owned(), |rate| rate.to_string());
        let usage = match key.usage {
            KeyUse::Multi => "multi-use".to_owned(),
            KeyUse::Single(vlan) => format!("VLAN {vlan}"),
        };
        let print = Fingerprint::of_key(&key.id);
        let says = format!(
            "created  {print}  {}  {}  {usage}  {rate}  {end}\n",
            key.label, key.on_ramp_name
        );
        stdio::print_stdout(&says).map_err(|ending| {
            ExitError::Incomplete(format!("the key {print} was created; {ending}"))
        })?;
        Ok(key)
    }
}

/// Returns whether waiting cannot tell more: the outcome is known, a user has to decide,
/// or every planned read of the search is over.
pub(super) fn is_over(attempt: &Attempt) -> bool {
    match &attempt.stage {
        AttemptStage::Writing(_) | AttemptStage::Sending => false,
        AttemptStage::Looking { .. } => attempt.search.is_planned_out() && !attempt.search.asking,
        _ => true,
    }
}

/// Returns whether a request is being recorded, or was sent and has no reply yet.
const fn is_out(stage: &AttemptStage) -> bool {
    matches!(stage, AttemptStage::Writing(_) | AttemptStage::Sending)
}

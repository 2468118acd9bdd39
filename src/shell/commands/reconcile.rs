//! `onramp keys reconcile`: searches for the keys of unfinished requests, and carries out
//! what a person has decided about one.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    api::Mode,
    domain::{
        fingerprint::Fingerprint, intent::IntentId, region::RegionMap, service_key::ServiceKey,
        text::SafeText,
    },
    engine::{
        Engine,
        attempt::{Attempt, AttemptStage},
        not_now::NotNow,
        plan::Plan,
    },
    shell::{
        account::{self, AccountSelection, Variables, choose_account, config::Config},
        exit::ExitError,
        stdio,
    },
};

use super::{
    engine_session::{EngineSession, limited},
    key_outcome::is_over,
    key_refusal::{in_doubt, not_planned, not_sent, read_only, why_not},
    not_now::describe,
};

/// The decision about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// None: its key is searched, and nothing is sent.
    Search,
    /// It is sent once more.
    Resend,
    /// This key, by its fingerprint, is its key.
    Adopt(String),
    /// It is closed for good, for this reason.
    Close(String),
}

/// The requests to reconcile, and how.
#[derive(Debug, Clone)]
pub struct ReconcileOptions {
    /// Labels, with or without their tag, or tags; empty for every unfinished request.
    pub names: Vec<String>,
    /// The decision.
    pub decision: Decision,
    /// Whether outcomes are recorded, and a request may be sent, though the profile is
    /// read-only.
    pub read_write: bool,
    /// The time limit.
    pub timeout: Duration,
}

/// Reconciles unfinished requests; ends with the worst outcome.
pub async fn reconcile_keys(
    wanted: &AccountSelection,
    options: &ReconcileOptions,
) -> Result<(), ExitError> {
    let config = Config::load()?;
    let choice = choose_account(wanted, &Variables::read()?, &config)?;
    let account = account::open_account(&choice).await?;
    let mode = if options.read_write { Mode::ReadWrite } else { account.mode };
    if mode == Mode::ReadOnly {
        if options.decision != Decision::Search {
            return Err(read_only());
        }
        stdio::print_stderr("onramp: note: read-only, so no outcome is recorded\n");
    }
    let deadline = Instant::now() + options.timeout;
    let regions = RegionMap::default();
    let session = limited(deadline, EngineSession::open(account, config.settings, regions, mode));
    let mut session = session.await?;
    reconcile(&mut session, options, deadline).await
}

async fn reconcile(
    session: &mut EngineSession,
    options: &ReconcileOptions,
    deadline: Instant,
) -> Result<(), ExitError> {
    session.set_aside_earlier();
    let ids = select(session, &options.names)?;
    let journal = check_journal(session);
    if let ([], Decision::Search) = (ids.as_slice(), &options.decision) {
        journal?;
        stdio::print_stderr("onramp: no request is unfinished\n");
        return Ok(());
    }
    let searched = limited(deadline, async {
        let is_settled = |engine: &Engine| {
            let over = |id: &IntentId| engine.attempt(*id).is_none_or(is_over);
            ids.iter().all(over) && !engine.is_waiting()
        };
        session.wait_until(is_settled).await;
        Ok(())
    });
    // What the reads have found until then is reported in any case.
    let searched = searched.await;
    match (&options.decision, ids.as_slice()) {
        (Decision::Search, ids) => {
            let mut worst = journal;
            for id in ids {
                worst = worse(worst, report(session, *id));
            }
            worst
        }
        (decision, [id]) => {
            searched.map_err(|_| still_in_doubt())?;
            match decision {
                Decision::Adopt(print) => adopt(session, *id, print).await,
                Decision::Close(reason) => close(session, *id, reason).await,
                _ => resend(session, *id, deadline).await,
            }
        }
        (_, _) => Err(ExitError::Usage("name one request, by its label or its tag".to_owned())),
    }
}

/// Returns the exit for a journal that may hide unfinished requests, or that knows of two
/// keys for one order.
fn check_journal(session: &EngineSession) -> Result<(), ExitError> {
    let journal = session.engine.journal();
    if let Some(two) = journal.second.first() {
        let print = Fingerprint::of_key(&two.key.id);
        return Err(ExitError::TwoKeys(format!(
            "two keys exist for one order, {}: {} and {print}; disable the one that is not \
             delivered",
            two.label, two.settled
        )));
    }
    if !journal.is_read || !journal.lost.is_empty() {
        let says = "part of the journal could not be read: more requests may be unfinished";
        return Err(ExitError::InDoubt(says.to_owned()));
    }
    journal.trouble().map_or(Ok(()), |why| Err(ExitError::Failed(why)))
}

/// Returns the unfinished requests of these names; without names, all.
fn select(session: &EngineSession, names: &[String]) -> Result<Vec<IntentId>, ExitError> {
    let attempts = session.engine.attempts();
    let is_named = |one: &Attempt, name: &str| {
        let order = &one.standing.intent.order;
        order.label().as_str() == name
            || order.typed_label() == name
            || one.standing.intent.tag().to_string().trim_start_matches('#')
                == name.trim_start_matches('#')
    };
    for name in names {
        if !attempts.iter().any(|one| is_named(one, name)) {
            let name = SafeText::clean(name);
            return Err(ExitError::Refused(format!("no unfinished request is called {name}")));
        }
    }
    let is_wanted =
        |one: &&Attempt| names.is_empty() || names.iter().any(|name| is_named(one, name));
    Ok(attempts.iter().filter(is_wanted).map(|one| one.standing.intent.id).collect())
}

/// Prints the state of a request after the search, and settles it where the lists prove
/// it.
fn report(session: &mut EngineSession, id: IntentId) -> Result<(), ExitError> {
    let Some(attempt) = session.engine.attempt(id) else { return Ok(()) };
    let intent = &attempt.standing.intent;
    let what = format!("{}  {}", intent.order.label(), intent.on_ramp_name);
    if let Some(running) = &attempt.elsewhere {
        stdio::print_stdout(&format!("running    {what}\n"))?;
        return Err(ExitError::InDoubt(format!("{what}: {running}")));
    }
    let (may_be_sent, stage) = (attempt.may_be_sent(), attempt.stage.clone());
    match stage {
        AttemptStage::Looking { .. } => {
            stdio::print_stdout(&format!("in doubt   {what}\n"))?;
            let more =
                if may_be_sent { ": no list has it, and --resend may send it again" } else { "" };
            Err(in_doubt(&format!("{what}{more}")))
        }
        AttemptStage::Waiting => {
            stdio::print_stdout(&format!("not sent   {what}\n"))?;
            Err(ExitError::Failed(format!(
                "{what} was recorded and never sent: --resend sends it, --close closes it"
            )))
        }
        AttemptStage::Maybe(keys) => {
            stdio::print_stdout(&format!("candidates {what}  {}\n", fingerprints(&keys)))?;
            Err(in_doubt(&format!("{what}: --adopt takes one of the candidates")))
        }
        AttemptStage::Made(_)
        | AttemptStage::NotMade(_)
        | AttemptStage::Several(_)
        | AttemptStage::Vanished
        | AttemptStage::Writing(_)
        | AttemptStage::Sending => session.report_known(id, Ok(())).map(drop),
    }
}

fn fingerprints(keys: &[ServiceKey]) -> String {
    let all: Vec<_> = keys.iter().map(|key| Fingerprint::of_key(&key.id).to_string()).collect();
    all.join("  ")
}

/// Sends a request once more, where the search allows it.
async fn resend(
    session: &mut EngineSession,
    id: IntentId,
    deadline: Instant,
) -> Result<(), ExitError> {
    let planned = session.engine.plan_again(id).map_err(|why| match why {
        NotNow::NotClear => match report(session, id) {
            Ok(()) => ExitError::Refused("it is settled: nothing was sent".to_owned()),
            Err(ending) => ending,
        },
        NotNow::Waits(_) | NotNow::Elsewhere(_) | NotNow::FirstOfPairOpen(_) => {
            ExitError::InDoubt(format!("nothing was sent: {}", describe(&why)))
        }
        why => not_sent(&why),
    })?;
    session.perform(planned);
    let checked = limited(deadline, async {
        let is_checked = |plan: &Plan| !plan.is_checking() && !plan.waits();
        session.wait_until(|engine| engine.plan().is_none_or(is_checked)).await;
        Ok(())
    });
    checked.await.map_err(|_| still_in_doubt())?;
    let plan = session.engine.plan().ok_or_else(not_planned)?;
    let planned = plan.sides().first().ok_or_else(not_planned)?;
    if let Some(why) = why_not(planned) {
        // The earlier request is in doubt all the same.
        return Err(ExitError::InDoubt(format!("nothing was sent: {why}")));
    }
    let id = session.confirm_plan()?;
    let ended = limited(deadline, async {
        session.wait_for_outcome(id).await;
        Ok(())
    });
    let ended = ended.await;
    session.report_outcome(id, ended).await.map(drop)
}

fn still_in_doubt() -> ExitError {
    ExitError::InDoubt("the time is over, and nothing was sent; the key may exist".to_owned())
}

/// Takes one of the found keys as that of a request.
async fn adopt(session: &mut EngineSession, id: IntentId, print: &str) -> Result<(), ExitError> {
    let keys = match session.engine.attempt(id).map(|one| &one.stage) {
        Some(AttemptStage::Maybe(keys) | AttemptStage::Several(keys)) => keys.clone(),
        _ => vec![],
    };
    let named = |key: &ServiceKey| Fingerprint::of_key(&key.id).to_string() == print;
    let Some(key) = keys.into_iter().find(named) else {
        let says = format!("no candidate has the fingerprint {}", SafeText::clean(print));
        return Err(ExitError::Refused(says));
    };
    let adopted = session.engine.adopt(id, key);
    session.perform(adopted);
    session.report_outcome(id, Ok(())).await.map(drop)
}

/// Closes a request for good.
async fn close(session: &mut EngineSession, id: IntentId, reason: &str) -> Result<(), ExitError> {
    let attempt = session.engine.attempt(id).ok_or_else(not_planned)?;
    let label = attempt.standing.intent.order.label().clone();
    if matches!(attempt.stage, AttemptStage::Made(_) | AttemptStage::NotMade(_)) {
        return session.report_outcome(id, Ok(())).await.map(drop);
    }
    if !attempt.may_be_closed() {
        return Err(in_doubt(&format!("{label} cannot be closed: the search is not over")));
    }
    let closed = session.engine.close(id, SafeText::clean(reason).as_str());
    session.perform(closed);
    stdio::print_stdout(&format!("closed     {label}\n"))
}

/// Returns the worse of two outcomes, and prints the other.
fn worse(one: Result<(), ExitError>, other: Result<(), ExitError>) -> Result<(), ExitError> {
    let rank = |ended: &Result<(), ExitError>| match ended {
        Ok(()) => 0,
        Err(ending) => [1, 6, 3, 4, 7, 9]
            .iter()
            .position(|code| *code == ending.code())
            .map_or(usize::MAX, |at| at + 1),
    };
    let (worst, rest) = if rank(&other) > rank(&one) { (other, one) } else { (one, other) };
    if let Err(ending) = rest {
        stdio::print_stderr(&format!("onramp: {ending}\n"));
    }
    worst
}

//! `onramp keys create`: one key, as careful as a user at the screen.
//!
//! The engine plans, checks, records, sends once and searches; this chooses what is
//! ordered, confirms by the flag, and reports the outcome by the exit code.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    api::{Cause, Mode},
    domain::{
        audit::{Act, KeyMark},
        fingerprint::Fingerprint,
        id::OnRampId,
        intent::{ForWhom, IntentId},
        key_difference::{self, Difference},
        key_order::{Choice, Draft, Fault, KeyOrder, Lifetime, OrderUse},
        lifetime::parse_lifetime,
        service_key::{KeyUse, ServiceKey},
        units::Mbps,
        vlan::{VlanId, VlanSet},
        words::date_time,
    },
    engine::{
        attempt::{Attempt, AttemptStage},
        plan::{Check, Plan, VlanCheck},
        question::Confirmed,
    },
    shell::{
        account::{
            self, AccountSelection, Variables, choose_account,
            config::{self, Config},
        },
        console::signals,
        exit::ExitError,
        stdio,
        store::{audit::AuditAccount, regions},
    },
};

use super::{
    audit_once,
    choose_on_ramp::{PlaceOption, choose_on_ramp},
    engine_session::EngineSession,
    key_file::KeyFile,
    key_refusal::{in_doubt, not_planned, not_sent, refused, why_not},
    key_review::review,
};

/// How long a request that was sent is waited for after a signal or the time limit.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many VLANs are tried before anything is sent, where the proposed ones are
/// taken meanwhile.
const VLANS_TRIED: usize = 8;

/// The VLAN of a key to create.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VlanOption {
    /// The one that the policy proposes.
    Auto,
    /// This one.
    Number(VlanId),
    /// None: the circuit takes the whole on-ramp.
    Untagged,
    /// None, and the key is multi-use: Megaport assigns one to each circuit.
    MultiUse,
}

/// Whether a key is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// No: it is planned and shown.
    DryRun,
    /// Yes, if the profile allows changes.
    Yes,
    /// Yes, whatever the profile states.
    YesReadWrite,
}

/// A key to create, and how.
#[derive(Debug, Clone)]
pub struct CreateOptions {
    /// Its on-ramp, or where to choose one.
    pub place: PlaceOption,
    /// Its label, without the tag.
    pub label: String,
    /// The largest circuit.
    pub rate: Mbps,
    /// Its VLAN.
    pub vlan: VlanOption,
    /// How long it is valid, as typed; `None` is the first preset's.
    pub valid: Option<String>,
    /// Whether it can be used immediately.
    pub active: bool,
    /// Whether circuits start without our approval.
    pub pre_approved: bool,
    /// For whom; not sent.
    pub customer: String,
    /// Whether it is created.
    pub confirmation: Confirmation,
    /// The new file for the key.
    pub key_file: Option<PathBuf>,
    /// The time limit.
    pub timeout: Duration,
}

/// Creates a key, or shows what would be sent.
pub async fn create_key(
    wanted: &AccountSelection,
    map: Option<&Path>,
    options: &CreateOptions,
) -> Result<(), ExitError> {
    let config = Config::load()?;
    let map = regions::load(map, config::region_files)?;
    let choice = choose_account(wanted, &Variables::read()?, &config)?;
    let account = account::open_account(&choice).await?;
    if options.confirmation == Confirmation::Yes && account.mode == Mode::ReadOnly {
        let says = "this account is read-only: add --read-write, or set mode = \"read-write\" in \
                    its profile";
        return Err(ExitError::Credentials(says.to_owned()));
    }
    let id = &account.config.credentials.client_id;
    let audit = (AuditAccount::for_session(&account.session, id, false), account.audit);
    let is_confirmed = options.confirmation != Confirmation::DryRun;
    let mode = if is_confirmed { Mode::ReadWrite } else { Mode::ReadOnly };
    let key_file = options.key_file.clone().filter(|_| is_confirmed);
    let key_file = key_file.map(KeyFile::create).transpose()?;
    let deadline = Instant::now() + options.timeout;
    let session = limited(deadline, EngineSession::open(account, config.settings, map, mode));
    let session = session.await?;
    let mut create = Create { session, options, intent: None };
    let ended = limited(deadline, create.run()).await;
    let outcome = create.outcome(ended).await;
    let now = create.session.engine.server_now();
    create.session.end("left");
    let Some(key) = outcome? else { return Ok(()) };
    let Some(file) = key_file else { return Ok(()) };
    let act = Act::HandedOver {
        keys: vec![KeyMark::new(&key)],
        how: "as a key file, in clear text".into(),
        to: file.name().as_str().into(),
    };
    let delivered = match audit_once::record_act(audit.0, audit.1, now, act).await {
        Ok(()) => file.write(&key),
        Err(ending) => Err(ending.to_string()),
    };
    delivered.map_err(|why| {
        ExitError::Incomplete(format!("the key was created and is not in the file: {why}"))
    })
}

/// Ends what takes too long, or what a signal ends.
async fn limited<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, ExitError>>,
) -> Result<T, ExitError> {
    tokio::select! {
        done = work => done,
        () = sleep_until(deadline) => {
            Err(ExitError::TimedOut("the time limit is over; nothing was created".to_owned()))
        }
        number = signals::first_signal() => Err(ExitError::Signal(number)),
    }
}

/// A key that is being created.
struct Create<'o> {
    session: EngineSession,
    options: &'o CreateOptions,
    /// The request, once it was confirmed.
    intent: Option<IntentId>,
}

impl Create<'_> {
    /// Plans the key, and creates it where that is confirmed; returns once the outcome
    /// is known, or cannot become known by waiting.
    async fn run(&mut self) -> Result<(), ExitError> {
        let options = self.options;
        if let Some(why) = self.unsettled() {
            return Err(why);
        }
        let on_ramp = choose_on_ramp(&self.session, &options.place, options.rate)?;
        self.plan(&on_ramp).await?;
        let Some(plan) = self.session.engine.plan() else { return Err(not_planned()) };
        let planned = plan.sides().first().ok_or_else(not_planned)?;
        if options.confirmation == Confirmation::DryRun {
            let request = self.session.client().map(|client| client.dry_run(&planned.order));
            let says = review(planned, &options.customer, request.as_ref());
            let says = format!("{}\n{says}", self.session.session.whose());
            return stdio::print_stdout(&says);
        }
        for warning in &planned.warnings {
            stdio::print_stderr(&format!("onramp: note: {warning}\n"));
        }
        let intent = planned.intent;
        self.session.set_aside_earlier();
        let Some(plan) = self.session.engine.plan() else { return Err(not_planned()) };
        let yes = Confirmed::by_flag(plan.asked());
        let outcome = self.session.engine.confirm(&yes).map_err(|why| not_sent(&why))?;
        self.intent = self.session.engine.attempt(intent).map(|_| intent);
        self.session.perform(outcome);
        if self.intent.is_none() {
            return Err(not_planned());
        }
        self.session.wait_until(|engine| engine.attempt(intent).is_none_or(is_over)).await;
        // A list may lag: a refusal counts once the reads after it are over, too.
        self.session
            .wait_until(|engine| {
                let is_refused = engine.attempt(intent).is_some_and(Attempt::is_refused);
                !is_refused || engine.looked_for_until(intent).is_none()
            })
            .await;
        Ok(())
    }

    /// Returns why nothing is sent while an earlier request of this label is in doubt, or
    /// its key was not seen: this may be the same order.
    fn unsettled(&self) -> Option<ExitError> {
        let is_same = |one: &&Attempt| {
            one.may_exist() && one.standing.intent.order.typed_label() == self.options.label.trim()
        };
        let earlier = self.session.engine.attempts().iter().find(is_same)?;
        let label = earlier.standing.intent.order.label();
        Some(ExitError::InDoubt(format!(
            "nothing was sent: the earlier request {label} has the same label, and its key may \
             exist. Settle it in the console first"
        )))
    }

    /// Plans the key until its checks allow it. Where a proposed VLAN is taken meanwhile, or
    /// Megaport reports it as taken, the next one is planned: nothing was sent yet.
    async fn plan(&mut self, on_ramp: &OnRampId) -> Result<(), ExitError> {
        let for_whom = ForWhom { customer: self.options.customer.clone(), ..ForWhom::default() };
        if let Some(fault) = for_whom.faults().next() {
            return Err(refused(&[fault]));
        }
        let mut tried = VlanSet::default();
        for _ in 0..VLANS_TRIED {
            let order = self.order(on_ramp, &tried)?;
            let planned = self.session.engine.plan_keys(vec![order], for_whom.clone());
            let planned = planned.map_err(|why| not_sent(&why))?;
            self.session.perform(planned);
            let is_checked = |plan: &Plan| !plan.is_checking() && !plan.waits();
            self.session.wait_until(|engine| engine.plan().is_none_or(is_checked)).await;
            let Some(plan) = self.session.engine.plan() else { return Err(not_planned()) };
            let Some(planned) = plan.sides().first() else { return Err(not_planned()) };
            let Some(why) = why_not(planned) else { return Ok(()) };
            let is_taken = matches!(planned.vlan, Check::Known(VlanCheck::Taken(_)))
                || planned.faults.iter().any(|fault| matches!(fault, Fault::VlanTaken(_)));
            match planned.order.usage() {
                OrderUse::Single(vlan) if is_taken && self.options.vlan == VlanOption::Auto => {
                    tried.insert(vlan);
                }
                _ => return Err(why),
            }
        }
        Err(ExitError::Refused(format!("{VLANS_TRIED} VLANs were tried, and all are taken")))
    }

    /// Returns the order, if it is legal now. A proposed VLAN is none of those that were
    /// tried.
    fn order(&self, id: &OnRampId, tried: &VlanSet) -> Result<KeyOrder, ExitError> {
        let (options, engine) = (self.options, &self.session.engine);
        let inventory = engine.inventory();
        let (Some(on_ramp), Some(vlans)) = (inventory.on_ramp(id), engine.vlans(id)) else {
            return Err(not_planned());
        };
        let preset = self.session.settings.presets.first();
        let lifetime = match &options.valid {
            Some(word) if word == "never" => Lifetime::OpenEnded,
            Some(word) => parse_lifetime(word, engine.server_now()),
            None => {
                preset.and_then(|preset| preset.lifetime).map_or(Lifetime::OpenEnded, Lifetime::For)
            }
        };
        let (usage, vlan) = match options.vlan {
            VlanOption::MultiUse => (Choice::Multi, None),
            VlanOption::Untagged => (Choice::Untagged, None),
            VlanOption::Number(vlan) => (Choice::Tagged, Some(vlan)),
            VlanOption::Auto => {
                if !vlans.is_certain() && !on_ramp.kind.answers_vlans() {
                    return Err(ExitError::Refused(
                        "no VLAN can be chosen: some circuits or keys could not be read, and \
                         Megaport cannot be asked here; name one with --vlan"
                            .to_owned(),
                    ));
                }
                let policy = &self.session.settings.vlans;
                let mut taken = vlans.taken().clone();
                tried.iter().for_each(|vlan| taken.insert(vlan));
                let free = policy.propose(&taken, &options.customer, fastrand::u64(..));
                let Some(vlan) = free else {
                    return Err(ExitError::Refused("no VLAN is free on this on-ramp".to_owned()));
                };
                (Choice::Tagged, Some(vlan))
            }
        };
        let draft = Draft {
            label: options.label.clone(),
            usage,
            vlan,
            rate: Ok(options.rate),
            lifetime,
            active: options.active,
            pre_approved: options.pre_approved,
        };
        draft.check(on_ramp, &vlans, engine.server_now()).map_err(|faults| refused(&faults))
    }

    /// Ends it: what became of the request decides, whatever has ended the wait. The key
    /// that was created, if one was.
    async fn outcome(
        &mut self,
        ended: Result<(), ExitError>,
    ) -> Result<Option<ServiceKey>, ExitError> {
        let Some(id) = self.intent else { return ended.map(|()| None) };
        if ended.is_err() {
            // What is not sent yet is not wanted any more; what is, has a reply to come.
            let withdrawn = self.session.engine.set_mode(Mode::ReadOnly, "the command has ended");
            self.session.perform(withdrawn);
            let settled = self
                .session
                .wait_until(|engine| engine.attempt(id).is_none_or(|one| !is_out(&one.stage)));
            tokio::select! {
                () = settled => {}
                () = sleep(REPLY_TIMEOUT) => {}
                _ = signals::first_signal() => {}
            }
        }
        let Some(attempt) = self.session.engine.attempt(id) else {
            return ended.and_then(|()| Err(in_doubt("the request")));
        };
        let order = &attempt.standing.intent.order;
        let what = format!("{} on {}", order.label(), attempt.standing.intent.on_ramp_name);
        match attempt.stage.clone() {
            AttemptStage::Made(key) => self.created(id, *key).map(Some),
            AttemptStage::NotMade(failure) => {
                let closed = self.session.engine.close_not_created(id);
                self.session.perform(closed);
                ended?;
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
            AttemptStage::Waiting | AttemptStage::Writing(_) => ended.map(|()| None),
            AttemptStage::Sending | AttemptStage::Looking { .. } | AttemptStage::Maybe(_) => {
                Err(in_doubt(&what))
            }
        }
    }

    /// Prints the created key, without the key itself.
    fn created(&mut self, id: IntentId, key: ServiceKey) -> Result<ServiceKey, ExitError> {
        let differs = self
            .session
            .engine
            .attempt(id)
            .map(|one| key_difference::between(&one.standing.intent, &key));
        // Its window begins now, which may be a moment ahead of Megaport's clock.
        let is_real = |one: &&Difference| !matches!(one, Difference::NotValid);
        for one in differs.iter().flatten().filter(is_real) {
            let says = one.against_order();
            stdio::print_stderr(&format!("onramp: differs from the order: {says}\n"));
        }
        if !std::io::stdin().is_terminal() {
            stdio::print_stderr("onramp: note: running this command again orders another key\n");
        }
        let seen = self.session.engine.acknowledge(id);
        self.session.perform(seen);
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
fn is_over(attempt: &Attempt) -> bool {
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

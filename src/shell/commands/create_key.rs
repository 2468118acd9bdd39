//! `onramp keys create`: one key, as careful as a user at the screen.
//!
//! The engine plans, checks, records, sends once and searches; this chooses what is
//! ordered, confirms by the flag, and reports the outcome by the exit code.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    api::Mode,
    domain::{
        audit::{Act, KeyMark},
        id::OnRampId,
        intent::{ForWhom, IntentId},
        key_order::{Choice, Draft, Fault, KeyOrder, Lifetime, OrderUse},
        lifetime::parse_lifetime,
        units::Mbps,
        vlan::{VlanId, VlanSet},
    },
    engine::{
        attempt::Attempt,
        plan::{Check, Plan, VlanCheck},
    },
    shell::{
        account::{
            self, AccountSelection, Variables, choose_account,
            config::{self, Config},
        },
        exit::ExitError,
        stdio,
        store::{audit::AuditAccount, regions},
    },
};

use super::{
    audit_once,
    choose_on_ramp::{PlaceOption, choose_on_ramp},
    engine_session::{EngineSession, limited},
    key_file::KeyFile,
    key_refusal::{not_planned, not_sent, read_only, refused, why_not},
    key_review::review,
};

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
        return Err(read_only());
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
    let outcome = match create.intent {
        Some(intent) => create.session.report_outcome(intent, ended).await.map(Some),
        None => ended.map(|()| None),
    };
    let now = create.session.engine.server_now();
    drop(create);
    let Some(key) = outcome? else { return Ok(()) };
    if !std::io::stdin().is_terminal() {
        stdio::print_stderr("onramp: note: running this command again orders another key\n");
    }
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
        let intent = self.session.confirm_plan()?;
        self.intent = Some(intent);
        self.session.wait_for_outcome(intent).await;
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
             exist. Settle it with `onramp keys reconcile`, or in the console"
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
}

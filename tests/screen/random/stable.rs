//! The text of an effect, and of a frame, that golden traces are made of.
//!
//! It states the nature of an effect: a word of its own and the values that leave the
//! console. It uses no `Debug` output and no name of a Rust type, so that a renamed
//! type or a moved module does not change it, and a changed value does.

use onramp::{
    api::{
        KeyChange, Mode, Request, Write,
        account::{Ask, Profile, Target},
        clipboard::Clipboard,
    },
    domain::{
        alteration::{Alteration, ChangeStep, Subject},
        audit::{Act, Value},
        export::{self, FileFormat},
        fingerprint::Fingerprint,
        id::KeyId,
        intent::Intent,
        key_order::{KeyOrder, OrderUse},
        ledger::{JournalStep, Record},
        on_ramp::OnRamp,
        region::{Edit, Selector},
        service_key::{KeyUse, Validity},
        snapshot::Snapshot,
        time::Timestamp,
    },
    engine::effect::Effect as EngineEffect,
    ui::model::msg::Effect,
};
use ratatui::{
    buffer::{Buffer, Cell},
    style::Color,
};
use secrecy::ExposeSecret as _;

/// The 64-bit FNV-1a hash, which is the same on every host and in every
/// edition of the standard library.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    pub(super) const START: Self = Self(0xcbf2_9ce4_8422_2325);

    /// Adds a text, and its end.
    pub(super) fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Returns half as many bits: enough to detect a change.
    pub(super) const fn short(self) -> u64 {
        ((self.0 >> 32) ^ self.0) & 0xffff_ffff
    }

    /// Returns the hash of one text.
    pub(super) fn of_text(text: &str) -> u64 {
        let mut hash = Self::START;
        hash.add(text);
        hash.short()
    }
}

/// Returns an effect as text.
pub(super) fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Engine(EngineEffect::Ask(id, request)) => {
            format!("ask {id} {}", self::request(request))
        }
        Effect::Engine(EngineEffect::Write(id, write, at)) => {
            format!("write {id} {} {}", moment(*at), self::write(write))
        }
        Effect::Engine(EngineEffect::Send(id)) => format!("send {id}"),
        Effect::Engine(EngineEffect::Withdraw(id)) => format!("withdraw {id}"),
        Effect::Engine(EngineEffect::Record(record)) => format!("record {}", self::record(record)),
        Effect::Engine(EngineEffect::Audit(at, act)) => {
            format!("audit {} {}", moment(*at), act_text(act))
        }
        Effect::Engine(EngineEffect::AcceptDamage) => "accept-damage".to_owned(),
        Effect::Engine(EngineEffect::SetMode(mode)) => format!("set-mode {}", self::mode(*mode)),
        Effect::ReadAudit(id) => format!("read-audit {id}"),
        Effect::ReadLog => "read-log".to_owned(),
        Effect::HandOver(at, text) => format!("shift-report {} {}", moment(*at), quoted(text)),
        Effect::Export(at, name, table, form) => {
            let form = match form {
                FileFormat::Csv => "csv",
                FileFormat::Json => "json",
            };
            format!("export {} {name} {form} {}", moment(*at), self::table(table))
        }
        Effect::Map(id, file, edit) => format!("map {id} file={file} {}", self::edit(edit)),
        Effect::Unmap(id) => format!("unmap {id}"),
        Effect::Rehearse(orders) => {
            let orders: Vec<_> = orders.iter().map(order).collect();
            format!("dry-run {}", orders.join(" + "))
        }
        Effect::Notify(says) => format!("notify {}", quoted(says)),
        Effect::Clipboard(id, Clipboard::Copy(text)) => {
            format!("copy {id} text={:08x}", Hash::of_text(text.inside().expose_secret()))
        }
        Effect::Clipboard(id, Clipboard::Clear) => format!("clear-clipboard {id}"),
        Effect::Account(id, ask) => format!("account {id} {}", account(ask)),
        Effect::AskAttached => "ask-attached".to_owned(),
        Effect::Recall(id) => format!("recall {id}"),
        Effect::Save(snapshot) => format!("save {}", self::snapshot(snapshot)),
        Effect::CancelOpening => "cancel-opening".to_owned(),
        Effect::CloseAccount => "close-account".to_owned(),
        Effect::Redraw => "redraw".to_owned(),
        Effect::Suspend => "suspend".to_owned(),
        Effect::Quit => "quit".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("“{}”", text.replace('\n', "\\n"))
}

fn moment(at: Timestamp) -> i64 {
    at.as_millis()
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ReadOnly => "read-only",
        Mode::ReadWrite => "read-write",
    }
}

/// Returns a key, by its fingerprint: a whole one has no place in a trace.
fn key(id: &KeyId) -> String {
    Fingerprint::of_key(id).to_string()
}

fn or_dash(value: Option<String>) -> String {
    value.unwrap_or_else(|| "-".to_owned())
}

fn request(request: &Request) -> String {
    match request {
        Request::Products => "products".to_owned(),
        Request::OnRamp(id) => format!("on-ramp {id}"),
        Request::Keys => "keys".to_owned(),
        Request::KeysOf(id) => format!("keys-of {id}"),
        Request::Key(id) => format!("key {}", key(id)),
        Request::ValidateKey(id) => format!("validate-key {}", key(id)),
        Request::CheckVlan(id, vlan) => format!("check-vlan {id} {vlan}"),
        Request::Traffic(id, kind) => format!("traffic {id} {kind}"),
        Request::PortHealth(id) => format!("port-health {id}"),
        Request::Events => "events".to_owned(),
        Request::Locations => "locations".to_owned(),
        Request::Company => "company".to_owned(),
        Request::RoundTrips(from, month) => {
            format!("round-trips {from} {}-{}", month.year, month.month)
        }
    }
}

fn write(write: &Write) -> String {
    match write {
        Write::CreateKey { intent, attempt } => {
            format!("create attempt={attempt} {}", self::intent(intent))
        }
        Write::UpdateKey(change, alteration) => {
            format!("update {} {}", self::change(change), self::alteration(alteration))
        }
        Write::Decide { circuit, approve, change } => {
            let answer = if *approve { "approve" } else { "reject" };
            format!("{answer} {circuit} {}", alteration(change))
        }
    }
}

fn window(window: Option<Validity>) -> String {
    let end = |at: Option<Timestamp>| or_dash(at.map(|at| moment(at).to_string()));
    or_dash(window.map(|window| format!("{}..{}", end(window.start), end(window.end))))
}

fn change(change: &KeyChange) -> String {
    let KeyChange { key: of, active, label, rate, usage, validity, pre_approved } = change;
    let vlan = usage.map(|usage| match usage {
        KeyUse::Single(tag) => tag.to_string(),
        KeyUse::Multi => "multi".to_owned(),
    });
    format!(
        "key={} active={} label={} rate={} vlan={} window={} pre-approved={}",
        key(of),
        or_dash(active.map(|yes| yes.to_string())),
        or_dash(label.as_ref().map(|label| quoted(label.as_str()))),
        or_dash(rate.map(|rate| rate.get().to_string())),
        or_dash(vlan),
        validity.map_or_else(|| "as-it-is".to_owned(), window),
        or_dash(pre_approved.map(|yes| yes.to_string())),
    )
}

fn alteration(change: &Alteration) -> String {
    let subject = match &change.subject {
        Subject::Key(print) => format!("key {print}"),
        Subject::Circuit(id, on_ramp) => format!("circuit {id} on {on_ramp}"),
    };
    let (name, what) = (quoted(change.name.as_str()), quoted(change.what.as_str()));
    format!("change {} of {subject} name={name} what={what}", change.id)
}

fn order(order: &KeyOrder) -> String {
    let usage = match order.usage() {
        OrderUse::Single(vlan) => vlan.get().to_string(),
        OrderUse::Untagged => "untagged".to_owned(),
        OrderUse::Multi => "multi".to_owned(),
    };
    format!(
        "on-ramp={} label={} use={usage} rate={} window={} active={} pre-approved={}",
        order.on_ramp(),
        quoted(order.label().as_str()),
        order.rate().get(),
        window(order.validity()),
        order.active(),
        order.pre_approved(),
    )
}

fn intent(intent: &Intent) -> String {
    let before: Vec<_> = intent.before.iter().map(ToString::to_string).collect();
    let part = intent.part.map(|part| format!("{:x}:{}/{}", part.order, part.number, part.of));
    format!(
        "intent {} realm={}@{} {} name={} zone={} for={} reference={} before={} at={} part={}",
        intent.id,
        intent.realm.environment,
        intent.realm.host,
        order(&intent.order),
        quoted(intent.on_ramp_name.as_str()),
        intent.zone.word(),
        quoted(&intent.for_whom.customer),
        quoted(&intent.for_whom.reference),
        before.join(","),
        moment(intent.prepared_at),
        or_dash(part),
    )
}

fn record(record: &Record) -> String {
    let step = match &record.step {
        JournalStep::Prepared(intent) => format!("prepared {}", self::intent(intent)),
        JournalStep::Sending => "sending".to_owned(),
        JournalStep::Created(print) => format!("created {print}"),
        JournalStep::Refused => "refused".to_owned(),
        JournalStep::NotSent => "not-sent".to_owned(),
        JournalStep::Unknown => "unknown".to_owned(),
        JournalStep::Acknowledged => "acknowledged".to_owned(),
        JournalStep::Closed(why) => format!("closed {}", quoted(why.as_str())),
        JournalStep::Change(ChangeStep::Begun(change)) => {
            format!("changing {}", alteration(change))
        }
        JournalStep::Change(ChangeStep::Done) => "changed".to_owned(),
        JournalStep::Change(ChangeStep::NotDone) => "not-changed".to_owned(),
        JournalStep::Change(ChangeStep::Seen) => "change-seen".to_owned(),
    };
    let attempt = or_dash(record.attempt.map(|attempt| attempt.to_string()));
    let author = record.author.map(|author| format!("{}:{}", author.session, author.sender_ended));
    let (id, at, author) = (record.intent, moment(record.at), or_dash(author));
    format!("{id} at={at} attempt={attempt} author={author} {step}")
}

/// Returns the audit line of an act.
fn act_text(act: &Act) -> String {
    let value = |value: Value| match value {
        Value::Text(text) => quoted(&text),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::At(at) => moment(at).to_string(),
    };
    let facts = act.facts().into_iter().map(|(name, its)| format!(" {name}={}", value(its)));
    format!("{}{}", act.word(), facts.collect::<String>())
}

fn table(table: &export::Table) -> String {
    let value = |value: &export::Value| match value {
        export::Value::Nothing => "-".to_owned(),
        export::Value::Is(yes) => yes.to_string(),
        export::Value::Number(number) => number.to_string(),
        export::Value::Text(text) => quoted(text),
        export::Value::Texts(texts) => texts.iter().map(|text| quoted(text)).collect(),
    };
    let row = |row: &Vec<export::Value>| row.iter().map(value).collect::<Vec<_>>().join(",");
    let rows: Vec<_> = table.rows.iter().map(row).collect();
    format!("{}: {}", table.columns.join(","), rows.join("; "))
}

fn edit(edit: &Edit) -> String {
    let all =
        |places: &[Selector]| places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match edit {
        Edit::Assign { places, region } => {
            format!("assign {} to {}", all(places), quoted(region.as_str()))
        }
        Edit::Bar { places } => format!("bar {}", all(places)),
        Edit::Drop { places } => format!("drop {}", all(places)),
        Edit::Rename { from, to } => {
            format!("rename {} to {}", quoted(from.as_str()), quoted(to.as_str()))
        }
        Edit::Remove { region } => format!("remove {}", quoted(region.as_str())),
    }
}

fn account(ask: &Ask) -> String {
    let profile = |profile: &Profile| format!("{} {}", profile.name, profile.store.word());
    match ask {
        Ask::Accounts => "list".to_owned(),
        Ask::Probe(store) => format!("probe {}", store.word()),
        Ask::Open(Target::Variables) => "open variables".to_owned(),
        Ask::Open(Target::Profile(name)) => format!("open profile {name}"),
        Ask::Open(Target::Demo) => "open demo".to_owned(),
        Ask::SignIn(its, secret) => {
            format!("sign-in {} with-secret={}", profile(its), secret.is_some())
        }
    }
}

fn snapshot(snapshot: &Snapshot) -> String {
    let on_ramp = |on_ramp: &OnRamp| {
        let circuits: Vec<_> = on_ramp.vxcs.iter().map(|vxc| vxc.id.to_string()).collect();
        format!("{}({})", on_ramp.id, circuits.join(","))
    };
    let on_ramps: Vec<_> = snapshot.on_ramps.iter().map(on_ramp).collect();
    let part = |count: usize, at: Timestamp| format!("{count}@{}", moment(at));
    let locations = snapshot.locations.as_ref().map(|(all, at)| part(all.len(), *at));
    let events = snapshot.events.as_ref().map(|(all, at)| part(all.len(), *at));
    format!(
        "on-ramps={} at={} locations={} events={}",
        on_ramps.join(" "),
        moment(snapshot.read_at),
        or_dash(locations),
        or_dash(events),
    )
}

/// Returns the contents of a screen, one line of text for each row, each followed by
/// the styles of that row; the text cursor last.
pub(super) fn frame(buffer: &Buffer, cursor: Option<(u16, u16)>) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    let mut lines = Vec::with_capacity(buffer.content.len() / width * 2 + 1);
    for row in buffer.content.chunks(width) {
        lines.push(row.iter().map(Cell::symbol).collect::<String>());
        lines.push(styles(row));
    }
    let at = or_dash(cursor.map(|(x, y)| format!("{x},{y}")));
    lines.push(format!("cursor {at}"));
    lines
}

/// Returns the styles of a row, each with its start.
fn styles(row: &[Cell]) -> String {
    let mut styles = vec![];
    let mut last = None;
    for (x, cell) in row.iter().enumerate() {
        let style = (cell.fg, cell.bg, cell.modifier);
        if last != Some(style) {
            last = Some(style);
            let (front, back) = (colour(cell.fg), colour(cell.bg));
            styles.push(format!("{x}:{front}/{back}/{:x}", cell.modifier.bits()));
        }
    }
    styles.join(" ")
}

fn colour(colour: Color) -> String {
    let number = match colour {
        Color::Reset => return "-".to_owned(),
        Color::Rgb(r, g, b) => return format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Indexed(index) => return format!("i{index}"),
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    format!("{number}")
}

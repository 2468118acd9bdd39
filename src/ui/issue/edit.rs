//! Changing a key on the form for new ones: the differences are reviewed and sent by
//! the commands of `ui/change`.

use crate::{
    api::KeyChange,
    domain::{
        key_order::{Choice, Lifetime},
        service_key::{KeyUse, ServiceKey, Validity},
        tag::Tag,
        text::SafeText,
        vlan::VlanTag,
        vlan_map::VlanMap,
    },
    ui::{
        model::{
            Model,
            context::Context,
            interface::{ChangeKind, Open},
            msg::Effect,
        },
        widget::text::typed_date_time,
    },
};

use super::{
    commands,
    form::{Field, NewKey},
    lifetime,
};

/// Opens the form with the present values of `key`. A key that was used, or whose
/// on-ramp is gone, can only be disabled.
pub(in crate::ui) fn open(context: &mut Context<'_>, key: ServiceKey) {
    let Some(on_ramp) = context.engine.inventory().on_ramp(&key.on_ramp) else {
        context.say("Its on-ramp is no longer listed.");
        return;
    };
    let mut form = NewKey::new(on_ramp, &context.settings.presets, None);
    form.usage = match key.usage {
        KeyUse::Single(tag) if tag.id().is_some() => Choice::Tagged,
        KeyUse::Single(_) => Choice::Untagged,
        KeyUse::Multi => Choice::Multi,
    };
    form.set(Field::Label, untagged(&key).to_owned());
    form.set(Field::Rate, key.rate.map_or_else(String::new, |rate| rate.get().to_string()));
    if let KeyUse::Single(tag) = key.usage {
        form.set(Field::Vlan, tag.id().map_or_else(String::new, |id| id.to_string()));
    }
    (form.active, form.pre_approved) = (key.active, key.pre_approved == Some(true));
    match key.validity.and_then(|window| window.end) {
        Some(_) => {
            form.lifetime = lifetime::TYPED;
            form.set(Field::Until, end_of(&key));
        }
        None => form.lifetime = lifetime::choice(None).0,
    }
    form.editing = Some(Box::new(key));
    context.modals_mut().push(form);
}

/// Returns its label without the tag at its end, which is not for typing.
fn untagged(key: &ServiceKey) -> &str {
    let label = key.label.as_str();
    let tag = Tag::in_label(label).last().map(|tag| tag.to_string());
    tag.and_then(|tag| label.strip_suffix(&tag)).map_or(label, str::trim_end)
}

/// Returns the end of its window as the form takes it: `2026-12-22 14:02`.
fn end_of(key: &ServiceKey) -> String {
    let end = key.validity.and_then(|window| window.end);
    end.map_or_else(String::new, typed_date_time)
}

/// Returns the taken VLANs of the form's on-ramp, without the key that is being
/// changed.
pub(in crate::ui) fn vlans(model: &Model, form: &NewKey) -> Option<VlanMap> {
    let mut map = model.engine.vlans(&form.on_ramp)?;
    if let Some(KeyUse::Single(tag)) = form.editing.as_ref().map(|key| key.usage)
        && let Some(id) = tag.id()
    {
        map.release(id);
    }
    Some(map)
}

/// Returns whether the form keeps the VLAN of the key that it changes.
pub(in crate::ui) fn has_its_own_vlan(form: &NewKey) -> bool {
    let Some(KeyUse::Single(tag)) = form.editing.as_ref().map(|key| key.usage) else {
        return false;
    };
    tag.id() == form.vlan()
}

/// Reviews what differs, or goes to what is wrong.
pub(in crate::ui) fn review(context: &mut Context<'_>) -> Vec<Effect> {
    let Some(form) = context.modals.on_top::<NewKey>() else { return vec![] };
    let Some(key) = form.editing.as_deref().cloned() else { return vec![] };
    let faults = commands::form_faults(context, form);
    let change = change_of(&key, form, context);
    if !faults.is_empty() {
        return context.change_top(|form: &mut NewKey| form.go_to_fault(&faults));
    }
    if change.is_empty() {
        context.say("Nothing changed.");
        return vec![];
    }
    context.modals_mut().pop();
    context.open(Open::Changes(ChangeKind::Edit, vec![(key, change)]))
}

/// Returns the difference between the form and the key.
fn change_of(key: &ServiceKey, form: &NewKey, model: &Model) -> KeyChange {
    let typed = form.label();
    let tag = key.label.as_str().strip_prefix(untagged(key)).unwrap_or_default().trim();
    let label = SafeText::clean(format!("{typed} {tag}").trim());
    let (rate, vlan) = (form.rate().ok(), form.vlan());
    let had = match key.usage {
        KeyUse::Single(tag) => tag.id(),
        KeyUse::Multi => None,
    };
    KeyChange {
        active: (form.active != key.active).then_some(form.active),
        label: (label != key.label).then_some(label),
        rate: rate.filter(|_| rate != key.rate),
        usage: vlan
            .filter(|_| form.usage == Choice::Tagged && vlan != had)
            .map(|vlan| KeyUse::Single(VlanTag::Tagged(vlan))),
        validity: window(key, form, model),
        pre_approved: (form.pre_approved != (key.pre_approved == Some(true)))
            .then_some(form.pre_approved),
        ..KeyChange::new(key.id.clone())
    }
}

/// Returns the new window, if the form has another one.
#[expect(clippy::option_option, reason = "no change, or a window that may be none")]
fn window(key: &ServiceKey, form: &NewKey, model: &Model) -> Option<Option<Validity>> {
    let now = model.server_now();
    let untouched = form.lifetime == lifetime::TYPED && form.text(Field::Until) == end_of(key);
    let start = key.validity.and_then(|window| window.start);
    match form.lifetime(now) {
        _ if untouched => None,
        Lifetime::For(life) => {
            Some(Some(Validity { start: start.or(Some(now)), end: Some(now + life) }))
        }
        Lifetime::OpenEnded if key.validity.and_then(|window| window.end).is_none() => None,
        Lifetime::OpenEnded => Some(start.map(|start| Validity { start: Some(start), end: None })),
        Lifetime::Unreadable => None,
    }
}

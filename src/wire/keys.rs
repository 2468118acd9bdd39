//! `/v2/service/key`: keys as the vendor lists them and hands them out.

use serde::{Deserialize, Deserializer, de::MapAccess};

use crate::{
    domain::{
        id::{KeyId, OnRampId},
        key_order::KeyOrder,
        service_key::{KeyUse, ServiceKey, Validity},
        vlan::VlanTag,
    },
    wire::{
        List, WireError,
        envelope::{self, Envelope},
        key_body::Editable,
        lenient::{Lenient, deserialize_lenient as lenient},
        list::{Entry, read_list},
        numbers::{Flag, WholeNumber},
        record::record,
        text_of,
        words::{Name, Text},
    },
};

record! {
    /// The redemption window of a key.
    WindowRecord {
        start: WholeNumber = "start",
        end: WholeNumber = "end",
    }
}

record! {
    /// The on-ramp that some replies carry inside the key. Of it, only the
    /// identity is read: the rest is other customers' business.
    TargetRecord {
        uid: Text<'a> = "productUid",
    }
}

record! {
    /// A key.
    KeyRecord {
        key: Text<'a> = "key",
        on_ramp: Text<'a> = "productUid",
        target: TargetRecord<'a> = "productDto",
        on_ramp_name: Text<'a> = "productName",
        label: Text<'a> = "description",
        single: Flag = "singleUse",
        vlan: WholeNumber = "vlan",
        rate: WholeNumber = "maxSpeed",
        active: Flag = "active",
        pre_approved: Flag = "preApproved",
        window: WindowRecord<'a> = "validFor",
        expired: Flag = "expired",
        valid: Flag = "valid",
        created: WholeNumber = "createDate",
        last_used: WholeNumber = "lastUsed",
        promo_code: Text<'a> = "promoCode",
    }
}

/// Reads a list of keys.
pub fn read_keys(body: &[u8]) -> Result<List<ServiceKey>, WireError> {
    let list = read_list(&text_of(body), |record: KeyRecord<'_>| match record.read() {
        Ok(key) => Entry::Read(key),
        Err(why) => Entry::Unread(why),
    })?;
    // Which of two contradicting entries is right is unknown: the first is shown, and
    // the rest counted.
    Ok(list.without_repeats("key", |key| key.id.clone(), |_, _| {}))
}

/// Reads the look-up of `wanted`, a key or its first characters: an object, a list with
/// it, `null` or nothing. Returns `None` where there is no such key.
pub fn read_key(body: &[u8], wanted: &KeyId) -> Result<Option<ServiceKey>, WireError> {
    let text = text_of(body);
    Ok(find_key(&text, wanted)?.map(|(key, _)| key))
}

/// As [`read_key`], with everything an update has to send again, to the letter.
pub fn read_editable(body: &[u8], wanted: &KeyId) -> Result<Option<Editable>, WireError> {
    let text = text_of(body);
    Ok(find_key(&text, wanted)?.map(|(key, record)| {
        let owned = |text: Text<'_>| text.0.map(std::borrow::Cow::into_owned);
        Editable { key, description: owned(record.label), promo_code: owned(record.promo_code) }
    }))
}

/// Reads the verdict on a key: whether it can be redeemed now.
pub fn read_verdict(body: &[u8]) -> Result<bool, WireError> {
    envelope::read_flag(&text_of(body))
}

/// Reads the reply to `order`, as far as it arrived.
///
/// The key counts as created when the bytes hold a complete JSON document with exactly
/// one UUID as `data.key`, whatever else is wrong with it: values that the reply omits
/// or garbles are taken from the order. Two different keys are no answer, and prose is
/// never searched for one.
pub fn read_created(body: &[u8], order: &KeyOrder) -> Result<ServiceKey, WireError> {
    let text = text_of(body);
    let envelope = Envelope::read(&text)?;
    let mut keys: Vec<String> = Vec::new();
    for data in &envelope.data {
        keys.extend(serde_json::from_str::<KeyTexts>(data.get())?.0);
    }
    keys.dedup();
    let [key] = keys.as_slice() else {
        return Err(WireError::Shape("it does not contain exactly one key"));
    };
    let id = parse_key_id(key).ok_or(WireError::Shape("its key is not a UUID"))?;
    let value = envelope.value().unwrap_or_default();
    let record: KeyRecord<'_> = serde_json::from_str(value).unwrap_or_default();
    Ok(record.read_for(id, order))
}

type Found<'a> = Option<(ServiceKey, KeyRecord<'a>)>;

fn find_key<'a>(text: &'a str, wanted: &KeyId) -> Result<Found<'a>, WireError> {
    let Some(value) = Envelope::read(text)?.value_or_none()? else {
        return Ok(None);
    };
    if !value.starts_with('[') {
        let record: KeyRecord<'_> = serde_json::from_str(value)?;
        let key = record.read().map_err(WireError::Shape)?;
        return Ok(is_wanted(&key, wanted).then_some((key, record)));
    }
    let records: Vec<KeyRecord<'_>> = serde_json::from_str(value)?;
    let some = !records.is_empty();
    let mut read = records.into_iter().filter_map(|record| Some((record.read().ok()?, record)));
    match read.find(|(key, _)| is_wanted(key, wanted)) {
        None if some => Err(WireError::Shape("it names other keys")),
        found => Ok(found),
    }
}

fn is_wanted(key: &ServiceKey, wanted: &KeyId) -> bool {
    let (key, wanted) = (key.id.reveal(), wanted.reveal());
    key.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
}

/// Returns a UUID by its shape. Its digits are not held to be hexadecimal: the vendor's
/// own fixtures are not.
fn parse_key_id(text: &str) -> Option<KeyId> {
    let dashes = |(i, b): (usize, u8)| (b == b'-') == matches!(i, 8 | 13 | 18 | 23);
    let shaped = text.len() == 36 && text.bytes().enumerate().all(dashes);
    KeyId::new(text).ok().filter(|_| shaped)
}

impl KeyRecord<'_> {
    fn read(&self) -> Result<ServiceKey, &'static str> {
        let id = match self.key.raw() {
            "" => return Err("no key"),
            key => KeyId::new(key).map_err(|_| "a key that is not an identifier")?,
        };
        let on_ramp = self.on_ramp().ok_or("no readable on-ramp")?;
        if [self.vlan, self.rate, self.window.start, self.window.end].contains(&WholeNumber::Odd) {
            return Err("a VLAN, speed or date that is not a number");
        }
        Ok(self.build(id, on_ramp, self.usage(), self.active.0 != Some(false)))
    }

    /// Reads the reply to `order`, in which anything may be missing.
    fn read_for(&self, id: KeyId, order: &KeyOrder) -> ServiceKey {
        let on_ramp = self.on_ramp().unwrap_or_else(|| order.on_ramp().clone());
        let silent = self.single.0.is_none() && self.vlan.number().is_none();
        let usage = if silent { order.usage().into() } else { self.usage() };
        self.build(id, on_ramp, usage, self.active.0.unwrap_or(order.active()))
    }

    fn build(&self, id: KeyId, on_ramp: OnRampId, usage: KeyUse, active: bool) -> ServiceKey {
        let window = Validity { start: self.window.start.moment(), end: self.window.end.moment() };
        let promo_code = self.promo_code.clean();
        ServiceKey {
            id,
            on_ramp,
            on_ramp_name: self.on_ramp_name.clean(),
            label: self.label.clean(),
            usage,
            rate: self.rate.rate(),
            active,
            pre_approved: self.pre_approved.0,
            validity: (window != Validity::default()).then_some(window),
            expired: self.expired.0 == Some(true),
            valid: self.valid.0,
            created: self.created.moment(),
            last_used: self.last_used.moment(),
            used_some_time: self.last_used == WholeNumber::Odd,
            promo_code: (!promo_code.is_empty()).then_some(promo_code),
        }
    }

    fn on_ramp(&self) -> Option<OnRampId> {
        [&self.on_ramp, &self.target.uid].into_iter().find_map(|uid| OnRampId::new(uid.raw()).ok())
    }

    /// Single-use or multi-use. Where the record does not say, a key with a
    /// VLAN is single-use, since multi-use keys carry none.
    fn usage(&self) -> KeyUse {
        if self.single.0.unwrap_or(self.vlan.non_zero().is_some()) {
            KeyUse::Single(VlanTag::from_wire(self.vlan.number()))
        } else {
            KeyUse::Multi
        }
    }
}

/// Every `key` of an object, or of the objects in a list.
#[derive(Default)]
struct KeyTexts(Vec<String>);

impl<'de> Lenient<'de> for KeyTexts {
    fn absent() -> Self {
        Self::default()
    }

    fn object<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut keys = Vec::new();
        while let Some(name) = members.next_key::<Name<'de>>()? {
            if name.0 == "key" {
                keys.push(members.next_value::<Text<'de>>()?.raw().to_owned());
            } else {
                members.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(Self(keys))
    }
}

impl<'de> Deserialize<'de> for KeyTexts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        lenient(from)
    }
}

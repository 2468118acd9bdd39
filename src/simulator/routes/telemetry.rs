//! 6: `GET /v2/product/{type}/{uid}/telemetry` (reference section 6).

use serde_json::{Value, json};

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    load::{LoadProfile, pseudo_random},
    places,
    state::State,
    world::Kind,
};

/// Measured every five minutes.
const STEP_MS: i64 = 300_000;
const DAY_MS: i64 = 86_400_000;
/// Longer spans are reported by the hour; the vendor's behaviour is not known.
const FIVE_MINUTE_STEPS_MS: i64 = 2 * DAY_MS;

/// Returns the load of the service, without the envelope.
pub(super) fn list_telemetry(
    state: &State,
    call: &Call,
    company: usize,
    (kind, uid): (&str, &str),
    now: i64,
) -> Result<Answer, Refusal> {
    let store = &state.store;
    let found = store.find_service_by_id_or_uid(uid).filter(|index| {
        let right = match store.services[*index].kind {
            Kind::Port => "megaport",
            Kind::Mcr => "mcr2",
            Kind::Mve => "mve",
        };
        state.switches.telemetry && kind == right
    });
    let index = found.ok_or_else(|| super::products::product_not_found(uid))?;
    let service = &store.services[index];
    if service.company != company {
        return Err(Refusal::forbidden("The service belongs to another company"));
    }
    let (from, to) = requested_period(call, now)?;
    let metrics: Vec<String> =
        call.parameters("type").iter().map(|metric| metric.to_uppercase()).collect();
    if metrics.is_empty() {
        return Err(Refusal::invalid("type is required"));
    }
    let step = if to - from > FIVE_MINUTE_STEPS_MS { 3_600_000 } else { STEP_MS };
    let newest = to.min(now - state.switches.telemetry_delay_ms);
    let first = from + (step - from.rem_euclid(step)) % step;
    let next = |at: &i64| Some(at + step);
    let moments: Vec<i64> =
        std::iter::successors(Some(first), next).take_while(|at| *at <= newest).collect();
    let series = |metric: &str, name: &str, unit: [&str; 2], value: &dyn Fn(i64) -> f64| {
        let samples: Vec<Value> = moments.iter().map(|at| json!([at, value(*at)])).collect();
        let (metric, name) = if state.switches.telemetry_in_other_case {
            (metric.to_lowercase(), name.to_uppercase())
        } else {
            (metric.to_owned(), name.to_owned())
        };
        json!({"type": metric, "subtype": name, "samples": samples,
               "unit": {"name": unit[0], "fullName": unit[1]}})
    };
    let profile = load_profile(state, index);
    let is_port = service.kind == Kind::Port;
    let light = |base: f64, at: i64| {
        ((base + pseudo_random(service.id, at / STEP_MS) / 5.0) * 100.0).round() / 100.0
    };
    let mut data = Vec::new();
    for metric in &metrics {
        match metric.as_str() {
            "BITS" => {
                let unit = ["Mbps", "Megabits per second"];
                data.push(series(metric, "In", unit, &|at| profile.traffic_at(at).0));
                data.push(series(metric, "Out", unit, &|at| profile.traffic_at(at).1));
                if service.document.value()["portSpeed"].is_number() {
                    data.push(series(metric, "Configured Speed", unit, &|_| profile.speed));
                }
            }
            "ERRORS" => {
                let unit = ["errors/s", "Errors per second"];
                data.push(series(metric, "In", unit, &|_| 0.0));
                data.push(series(metric, "Out", unit, &|_| 0.0));
            }
            "OPTICAL" if is_port => {
                let unit = ["dBm", "Decibel-milliwatts"];
                data.push(series(metric, "Tx Power", unit, &|at| light(-2.4, at)));
                data.push(series(metric, "Rx Power", unit, &|at| light(-5.6, at)));
            }
            "OPTICAL" => {}
            other => return Err(Refusal::invalid(format!("Unknown telemetry type {other}"))),
        }
    }
    Ok(Answer::bare(
        200,
        &json!({"serviceUid": service.uid, "type": metrics[0],
                "timeFrame": {"from": from, "to": to}, "data": data}),
    ))
}

/// Returns the span that is asked for: `days`, or `from` with `to`.
fn requested_period(call: &Call, now: i64) -> Result<(i64, i64), Refusal> {
    let number = |name: &str| call.parameter(name).map(|text| text.parse::<i64>().ok());
    match (number("days"), number("from"), number("to")) {
        (Some(Some(days @ 1..=180)), None, None) => Ok((now - days * DAY_MS, now)),
        (None, Some(Some(from)), Some(Some(to))) if from < to && to - from <= 180 * DAY_MS => {
            Ok((from, to))
        }
        _ => Err(Refusal::invalid("Either days, from 1 to 180, or from and to are required")),
    }
}

/// Returns the load profile of a service.
fn load_profile(state: &State, index: usize) -> LoadProfile {
    let store = &state.store;
    let service = &store.services[index];
    let circuits = service.circuits.iter().map(|circuit| &store.circuits[*circuit]);
    let rates = circuits.filter(|circuit| circuit.holds);
    let committed: f64 =
        rates.filter_map(|circuit| circuit.document.value()["rateLimit"].as_f64()).sum();
    // A LAG spreads the circuits of its primary over its members.
    let group = &service.document.value()["aggregationId"];
    let is_one = |other: &&crate::simulator::store::Service| {
        other.document.value()["aggregationId"] == *group
    };
    let members = store.services.iter().filter(is_one).count();
    let members = if group.is_number() { u32::try_from(members).unwrap_or(1).max(1) } else { 1 };
    let metro = store.sites.get(&service.site).map_or("", |site| &site.metro);
    LoadProfile {
        id: service.id,
        committed: committed / f64::from(members),
        speed: service.document.value()["portSpeed"].as_f64().unwrap_or(10_000.0),
        longitude: places::coordinates(metro).map_or(0.0, |(_, longitude)| longitude),
    }
}

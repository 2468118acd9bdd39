//! Checks of a world beyond JSON: every name it refers to must exist.

use std::collections::BTreeSet;

use super::{End, Event, World};

/// An error in a world, and the text to find in its file.
pub(super) struct Complaint {
    needle: String,
    expected: String,
}

impl Complaint {
    fn new(needle: &impl ToString, expected: impl Into<String>) -> Self {
        Self { needle: needle.to_string(), expected: expected.into() }
    }

    /// Returns line and column of the last occurrence of its text in the file, from 1,
    /// and the expectation.
    pub(super) fn located(self, text: &str) -> (usize, usize, String) {
        let before = text.rfind(&self.needle).map_or("", |at| &text[..at]);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1, self.expected)
    }
}

/// Returns the first error in `world`.
pub(super) fn find_complaint(world: &World) -> Option<Complaint> {
    if world.companies.is_empty() {
        return Some(Complaint::new(&"companies", "expected at least one company, the provider"));
    }
    let backwards = |event: &&Event| event.end.resolve(0) <= event.start.resolve(0);
    if let Some(event) = world.events.iter().find(backwards) {
        return Some(Complaint::new(&event.id, "expected an event that ends after it starts"));
    }
    let companies: BTreeSet<u64> = world.companies.iter().map(|company| company.id).collect();
    let sites: BTreeSet<u64> = world.sites.iter().map(|site| site.id).collect();
    let mut uids = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let named = world.services.iter().map(|service| (&service.uid, service.id));
    for (uid, id) in named.chain(world.vxcs.iter().map(|vxc| (&vxc.uid, vxc.id))) {
        if !uids.insert(uid.as_str()) {
            return Some(Complaint::new(
                &uid,
                format!("{uid} appears twice; expected unique uids"),
            ));
        }
        if !ids.insert(id) {
            return Some(Complaint::new(
                &id,
                format!("id {id} appears twice; expected unique ids"),
            ));
        }
    }
    let services: BTreeSet<&str> =
        world.services.iter().map(|service| service.uid.as_str()).collect();
    for service in &world.services {
        if !companies.contains(&service.company) {
            let text = format!("company {}: expected the id of a company", service.company);
            return Some(Complaint::new(&service.company, text));
        }
        if !sites.contains(&service.site) {
            let text = format!("site {}: expected the id of a site", service.site);
            return Some(Complaint::new(&service.site, text));
        }
    }
    let mut ends = world.vxcs.iter().flat_map(|vxc| [&vxc.a, &vxc.b]);
    if let Some(wrong) = ends.find_map(|end| end_complaint(end, &services, &sites)) {
        return Some(wrong);
    }
    key_complaint(world, &services)
}

fn end_complaint(end: &End, services: &BTreeSet<&str>, sites: &BTreeSet<u64>) -> Option<Complaint> {
    if services.contains(end.uid.as_str()) {
        return None;
    }
    match (&end.owner, &end.name, end.site) {
        (Some(_), Some(_), Some(site)) if sites.contains(&site) => None,
        (Some(_), Some(_), Some(site)) => {
            Some(Complaint::new(&site, format!("site {site}: expected the id of a site")))
        }
        _ => Some(Complaint::new(
            &end.uid,
            format!("end {}: expected the uid of a service, or owner, name and site", end.uid),
        )),
    }
}

fn key_complaint(world: &World, services: &BTreeSet<&str>) -> Option<Complaint> {
    let mut keys = BTreeSet::new();
    world.keys.iter().find_map(|key| {
        if !services.contains(key.service.as_str()) {
            let text = format!("service {}: expected the uid of a service", key.service);
            return Some(Complaint::new(&key.service, text));
        }
        let text = format!("key {} appears twice; expected unique keys", key.key);
        (!keys.insert(key.key.as_str())).then(|| Complaint::new(&key.key, text))
    })
}

#[cfg(test)]
mod tests {
    use crate::simulator::World;

    fn complaint(text: &str) -> String {
        World::from_json(text, "w.json").map_or_else(|error| error.to_string(), |_| "fine".into())
    }

    #[test]
    fn invalid_world_is_reported_with_line_column_and_expectation() {
        assert_eq!(
            complaint("{\n \"companies\": [{\"id\": \"x\"}]}"),
            "w.json:2:25: expected a whole number, found string \"x\""
        );
        assert_eq!(
            complaint(
                r#"{"companies": [{"id": 1, "uid": "c", "name": "C"}], "sites": [],
                    "services": [{"uid": "s", "id": 2, "name": "S", "kind": "MVE", "company": 1,
                                  "site": 77, "created": "-1d"}]}"#
            ),
            "w.json:3:43: site 77: expected the id of a site"
        );
        assert!(
            complaint(r#"{"companies": [], "sites": [], "services": []}"#).contains("provider")
        );
    }
}

//! The store: every document, its owner and how to find it.
//!
//! It stores and indexes; the rules are in the files that use it.

mod key;
mod service;

use std::collections::BTreeMap;

use axum::body::Bytes;
use fastrand::Rng;
use serde_json::Value;

use crate::simulator::{
    answer::{self, with_member},
    documents::{self, Document, EndFacts},
    key_json,
    tokens::random_text,
    world::{Company, End, Site, World},
};

pub(super) use key::KeyRecord;
pub(super) use service::Service;

/// Everything that exists.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) accounts: Vec<Account>,
    pub(super) sites: BTreeMap<u64, Site>,
    pub(super) services: Vec<Service>,
    pub(super) circuits: Vec<Circuit>,
    pub(super) keys: Vec<KeyRecord>,
    service_by_uid: BTreeMap<String, usize>,
    service_by_id: BTreeMap<u64, usize>,
    circuit_by_uid: BTreeMap<String, usize>,
    key_by_text: BTreeMap<String, usize>,
    ix_by_uid: BTreeMap<String, usize>,
    products: BTreeMap<usize, Bytes>,
    last_id: u64,
}

/// A company and its API key.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) company: Company,
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

/// A VXC, with the facts that rules ask for most.
#[derive(Debug)]
pub(super) struct Circuit {
    pub(super) uid: String,
    /// Service (if it is one of ours) and VLAN of the A-End and the B-End.
    pub(super) ends: [(Option<usize>, Option<i64>); 2],
    /// Whether it holds capacity and VLANs (reference 2.7).
    pub(super) holds: bool,
    pub(super) document: Document,
}

impl Store {
    /// Writes every document of `world`, for a simulator started at `start`.
    pub(super) fn new(world: World, start: i64, rng: &mut Rng) -> Self {
        let mut store = Self {
            accounts: Vec::new(),
            sites: world.sites.into_iter().map(|site| (site.id, site)).collect(),
            services: Vec::with_capacity(world.services.len()),
            circuits: Vec::with_capacity(world.vxcs.len()),
            keys: Vec::with_capacity(world.keys.len()),
            service_by_uid: BTreeMap::new(),
            service_by_id: BTreeMap::new(),
            circuit_by_uid: BTreeMap::new(),
            key_by_text: BTreeMap::new(),
            ix_by_uid: BTreeMap::new(),
            products: BTreeMap::new(),
            last_id: 0,
        };
        for company in world.companies {
            let (client_id, client_secret) = (random_text(rng, 26), random_text(rng, 51));
            store.accounts.push(Account { company, client_id, client_secret });
        }
        for plan in &world.services {
            store.add_service(plan, start);
        }
        for plan in &world.vxcs {
            let document = {
                let (Some(a), Some(b)) = (store.end_facts(&plan.a), store.end_facts(&plan.b))
                else {
                    continue;
                };
                documents::vxc_json(plan, &a, &b, start)
            };
            let ends = [&plan.a, &plan.b].map(|end| store.find_service(&end.uid));
            store.add_circuit(&document, ends);
            store.last_id = store.last_id.max(plan.id);
        }
        for plan in world.keys {
            let Some(service) = store.find_service(&plan.service) else { continue };
            let company = store.services[service].company;
            let members = key_json::members_from_plan(
                &plan,
                &store.services[service],
                &store.accounts[company].company,
                start,
            );
            let key = plan.key;
            let listed_from = start;
            let (used, before) = (false, None);
            store.add_key(KeyRecord { key, company, service, members, listed_from, used, before });
        }
        store
    }

    fn add_service(&mut self, plan: &super::world::Service, start: i64) {
        let company = self.accounts.iter().position(|a| a.company.id == plan.company);
        let (Some(company), Some(site)) = (company, self.sites.get(&plan.site)) else { return };
        let document = documents::service_json(plan, &self.accounts[company].company, site, start);
        let index = self.services.len();
        self.services.push(Service {
            uid: plan.uid.clone(),
            id: plan.id,
            name: plan.name.clone(),
            kind: plan.kind,
            company,
            site: plan.site,
            document: Document::new(&document),
            circuits: Vec::new(),
            keys: Vec::new(),
        });
        self.service_by_uid.insert(plan.uid.clone(), index);
        self.service_by_id.insert(plan.id, index);
        self.ix_by_uid.extend(plan.ixs.iter().map(|ix| (ix.uid.clone(), index)));
        self.last_id = self.last_id.max(plan.id);
    }

    /// Returns the facts of a document about `end`.
    pub(super) fn end_facts<'a>(&'a self, end: &'a End) -> Option<EndFacts<'a>> {
        if let Some(service) = self.find_service(&end.uid) {
            let service = &self.services[service];
            return Some(EndFacts {
                owner_uid: &self.accounts[service.company].company.uid,
                uid: &service.uid,
                name: &service.name,
                site: self.sites.get(&service.site)?,
                vlan: end.vlan,
            });
        }
        Some(EndFacts {
            owner_uid: end.owner.as_deref()?,
            uid: &end.uid,
            name: end.name.as_deref()?,
            site: self.sites.get(&end.site?)?,
            vlan: end.vlan,
        })
    }

    /// Returns the service with this UID.
    pub(super) fn find_service(&self, uid: &str) -> Option<usize> {
        self.service_by_uid.get(uid).copied()
    }

    /// Returns the service with this UID or number (reference 0.2).
    pub(super) fn find_service_by_id_or_uid(&self, id_or_uid: &str) -> Option<usize> {
        self.find_service(id_or_uid)
            .or_else(|| self.service_by_id.get(&id_or_uid.parse().ok()?).copied())
    }

    /// Returns the VXC with this UID.
    pub(super) fn find_circuit(&self, uid: &str) -> Option<usize> {
        self.circuit_by_uid.get(uid).copied()
    }

    /// Returns the service that carries the IX with this UID.
    pub(super) fn service_of_ix(&self, uid: &str) -> Option<usize> {
        self.ix_by_uid.get(uid).copied()
    }

    /// Finds the key with this text, or with these first eight hex digits (reference
    /// 4.2).
    pub(super) fn find_key(&self, text: &str) -> Option<usize> {
        if text.len() != 8 {
            return self.key_by_text.get(text).copied();
        }
        let (key, index) = self.key_by_text.range(text.to_owned()..).next()?;
        key.starts_with(text).then_some(*index)
    }

    /// Returns a number no service or VXC has.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Adds a key.
    pub(super) fn add_key(&mut self, record: KeyRecord) -> usize {
        let index = self.keys.len();
        self.key_by_text.insert(record.key.clone(), index);
        self.services[record.service].keys.push(index);
        self.keys.push(record);
        index
    }

    /// Adds a VXC between `services` (A-End, B-End).
    pub(super) fn add_circuit(&mut self, document: &Value, services: [Option<usize>; 2]) -> usize {
        let index = self.circuits.len();
        let circuit = Circuit::new(document, services);
        self.circuit_by_uid.insert(circuit.uid.clone(), index);
        self.circuits.push(circuit);
        let [a, b] = services;
        for service in [a, b.filter(|_| a != b)].into_iter().flatten() {
            self.services[service].circuits.push(index);
        }
        self.products.clear();
        index
    }

    /// Changes a VXC's document.
    pub(super) fn change_circuit(&mut self, index: usize, change: impl FnOnce(&mut Value)) {
        let circuit = &mut self.circuits[index];
        let mut document = circuit.document.value();
        change(&mut document);
        *circuit = Circuit::new(&document, circuit.ends.map(|(service, _)| service));
        self.products.clear();
    }

    /// Changes the document of a service.
    pub(super) fn change_service(&mut self, index: usize, change: impl FnOnce(&mut Value)) {
        let service = &mut self.services[index];
        let mut document = service.document.value();
        change(&mut document);
        service.document = Document::new(&document);
        self.products.clear();
    }

    /// Moves a key to another service.
    pub(super) fn move_key(&mut self, index: usize, service: usize) {
        let before = std::mem::replace(&mut self.keys[index].service, service);
        self.services[before].keys.retain(|key| *key != index);
        self.services[service].keys.push(index);
        let product = key_json::product(&self.services[service]);
        key_json::merge_members(&mut self.keys[index].members, product);
    }

    /// Returns a key with its `productDto`, as writes answer.
    pub(super) fn key_with_product(&self, index: usize, now: i64) -> String {
        self.with_product(index, &self.keys[index].current_json(now))
    }

    /// Returns the key as lookups answer it.
    pub(super) fn read_with_product(&self, index: usize, now: i64) -> String {
        self.with_product(index, &self.keys[index].listed_json(now))
    }

    fn with_product(&self, index: usize, face: &Value) -> String {
        let product = self.service_text(self.keys[index].service);
        with_member(&face.to_string(), "productDto", &product)
    }

    /// Returns a service with its VXCs, as text.
    pub(super) fn service_text(&self, index: usize) -> String {
        let mut text = String::with_capacity(self.service_length(index));
        self.write_service(index, &mut text);
        text
    }

    /// Estimates slightly more than the length of a service's text: large worlds are
    /// written in one go.
    fn service_length(&self, index: usize) -> usize {
        let service = &self.services[index];
        let circuits = service.circuits.iter();
        let nested: usize = circuits.map(|c| self.circuits[*c].document.text().len() + 1).sum();
        service.document.text().len() + nested + 32
    }

    fn write_service(&self, index: usize, out: &mut String) {
        let service = &self.services[index];
        let text = service.document.text();
        out.push_str(text.strip_suffix('}').unwrap_or(text));
        out.push_str(r#","associatedVxcs":["#);
        for (n, circuit) in service.circuits.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            out.push_str(self.circuits[*circuit].document.text());
        }
        out.push_str("]}");
    }

    /// Returns the whole answer to `GET /v2/products`; cached until something changes.
    pub(super) fn products_body(&mut self, company: usize) -> Bytes {
        if let Some(body) = self.products.get(&company) {
            return body.clone();
        }
        let owned: Vec<usize> =
            (0..self.services.len()).filter(|i| self.services[*i].company == company).collect();
        let body = Bytes::from(self.products_text(&owned));
        self.products.insert(company, body.clone());
        body
    }

    /// Returns the answer to `GET /v2/products` with these services only.
    pub(super) fn products_text(&self, services: &[usize]) -> String {
        let mut text = answer::envelope_start(&format!("Found {} Products", services.len()));
        text.reserve(
            services.iter().map(|index| self.service_length(*index) + 1).sum::<usize>() + 2,
        );
        for (n, index) in services.iter().enumerate() {
            text.push(if n == 0 { '[' } else { ',' });
            self.write_service(*index, &mut text);
        }
        text.push_str(if services.is_empty() { "[]}" } else { "]}" });
        text
    }
}

impl Circuit {
    fn new(document: &Value, services: [Option<usize>; 2]) -> Self {
        let [a, b] = services;
        let status = document["provisioningStatus"].as_str().unwrap_or_default();
        Self {
            uid: document["productUid"].as_str().unwrap_or_default().to_owned(),
            ends: [(a, document["aEnd"]["vlan"].as_i64()), (b, document["bEnd"]["vlan"].as_i64())],
            holds: matches!(
                status,
                "DEPLOYABLE" | "CONFIGURED" | "LIVE" | "CANCELLED" | "CANCELLED_PARENT"
            ),
            document: Document::new(document),
        }
    }
}

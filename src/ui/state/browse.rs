//! The browse view's state: three drill-down panes and the on-ramp table.
//!
//! Selections are names and ids, never positions: a refresh may add rows
//! above the cursor and the cursor stays on its on-ramp. Lists are worked out
//! when data, sort, filter or selection change, not per frame.

use std::collections::BTreeSet;

use tui_input::Input;

use crate::domain::{
    country::Country,
    geography::{Geography, Metro, Scope},
    id::OnRampId,
    inventory::Inventory,
    on_ramp_columns::OnRampRow,
    place::LocationId,
    text::SafeText,
};

use super::{filter_query, sort::Sort};

/// The part of the browse view that takes the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Pane {
    /// Countries.
    #[default]
    Country,
    /// Metros within the country.
    Metro,
    /// The provider's regions within the metro.
    Region,
    /// The on-ramp table.
    OnRamps,
}

impl Pane {
    /// The drill-down panes, outermost first.
    pub const DRILL: [Self; 3] = [Self::Country, Self::Metro, Self::Region];

    /// Returns the pane one step in, the table at the end.
    #[must_use]
    pub const fn inner(self) -> Self {
        match self {
            Self::Country => Self::Metro,
            Self::Metro => Self::Region,
            Self::Region | Self::OnRamps => Self::OnRamps,
        }
    }

    /// Returns the pane one step out, the countries at the end.
    #[must_use]
    pub const fn outer(self) -> Self {
        match self {
            Self::Country | Self::Metro => Self::Country,
            Self::Region => Self::Metro,
            Self::OnRamps => Self::Region,
        }
    }
}

/// The `/` filter of the table.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The text typed so far.
    pub input: Input,
    /// Whether it is being typed now.
    pub typing: bool,
}

/// The browse view.
#[derive(Debug, Clone, Default)]
pub struct Browse {
    /// The pane that takes the keys.
    pub focus: Pane,
    /// The scope selected in the panes.
    pub scope: Scope,
    /// The on-ramp under the cursor.
    pub on_ramp: Option<OnRampId>,
    /// The table's order.
    pub sort: Sort,
    /// The table's filter.
    pub filter: Filter,
    /// The on-ramps that are marked, to be mapped together.
    pub marks: BTreeSet<OnRampId>,
    /// Whether the panes are away: one flat list of all on-ramps.
    pub flat: bool,
    /// The data centre that round-trip times are shown from, and its name.
    pub trips_from: Option<(LocationId, SafeText)>,
    /// The first row the table shows.
    pub offset: usize,
    countries: Vec<(Option<Country>, usize)>,
    metros: Vec<(Metro, usize)>,
    regions: Vec<(Option<SafeText>, usize)>,
    order: Vec<usize>,
    haystacks: Vec<Box<str>>,
    rows: Vec<usize>,
    cursor: usize,
}

impl Browse {
    /// Applies a new inventory; selections that still exist stay.
    pub fn apply_inventory(&mut self, inventory: &Inventory, geography: &Geography) {
        let on_ramps = inventory.on_ramps();
        self.haystacks = on_ramps
            .iter()
            .enumerate()
            .map(|(i, o)| {
                filter_query::text(&OnRampRow {
                    on_ramp: o,
                    summary: inventory.summary(i),
                    region: (geography.region_of(i), geography.area_of(i)),
                    doubt: "",
                })
            })
            .collect();
        self.marks.retain(|id| inventory.place(id).is_some());
        self.countries = geography.countries();
        if self.scope.country.as_ref().is_some_and(|c| !has(&self.countries, c)) {
            self.scope = Scope::default();
        }
        self.metros = geography.metros(&self.scope);
        if self.scope.metro.as_ref().is_some_and(|m| !has(&self.metros, m)) {
            (self.scope.metro, self.scope.region) = (None, None);
        }
        self.regions = geography.regions(&self.scope);
        if self.scope.region.as_ref().is_some_and(|r| !has(&self.regions, r)) {
            self.scope.region = None;
        }
        self.arrange(inventory, geography);
    }

    /// Sorts again, after the sort or the figures changed.
    pub fn arrange(&mut self, inventory: &Inventory, geography: &Geography) {
        self.order = self.sort.order(inventory);
        self.narrow(inventory, geography);
    }

    /// Works out the rows again, after the scope or the filter changed.
    pub fn narrow(&mut self, inventory: &Inventory, geography: &Geography) {
        let in_scope = geography.filter(&self.scope);
        let words: Vec<_> = self
            .filter
            .input
            .value()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let matches =
            |row: usize| words.iter().all(|word| filter_query::fits(&self.haystacks[row], word));
        let order = self.order.iter().copied();
        self.rows = order.filter(|&row| in_scope(row) && matches(row)).collect();
        self.follow(inventory);
    }

    /// Goes to the on-ramps of a place, from any cursor position.
    pub fn go_to(&mut self, scope: Scope, inventory: &Inventory, geography: &Geography) {
        (self.scope, self.focus, self.offset, self.cursor) = (scope, Pane::OnRamps, 0, 0);
        (self.filter, self.on_ramp) = (Filter::default(), None);
        self.apply_inventory(inventory, geography);
    }

    /// Puts the cursor on the selected on-ramp, or selects what is under the
    /// cursor where that on-ramp is gone.
    fn follow(&mut self, inventory: &Inventory) {
        let place = self.on_ramp.as_ref().and_then(|id| inventory.place(id));
        if let Some(cursor) = place.and_then(|p| self.rows.iter().position(|&row| row == p)) {
            self.cursor = cursor;
            return;
        }
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        self.select(inventory);
    }

    fn select(&mut self, inventory: &Inventory) {
        let row = self.rows.get(self.cursor);
        self.on_ramp = row.map(|&row| inventory.on_ramps()[row].id.clone());
    }

    /// Marks the on-ramp under the cursor, or takes its mark away.
    pub fn mark(&mut self) {
        if let Some(id) = &self.on_ramp
            && !self.marks.remove(id)
        {
            self.marks.insert(id.clone());
        }
    }

    /// Marks every on-ramp that is shown, or none.
    pub fn mark_all(&mut self, inventory: &Inventory) {
        let on_ramps = inventory.on_ramps();
        let all: Vec<_> = self.rows.iter().map(|&row| on_ramps[row].id.clone()).collect();
        if all.iter().all(|id| self.marks.contains(id)) {
            self.marks.retain(|id| !all.contains(id));
        } else {
            self.marks.extend(all);
        }
    }

    /// Puts the table's cursor on a row, the last one at most.
    pub fn go_to_row(&mut self, row: usize, inventory: &Inventory) {
        self.cursor = row.min(self.rows.len().saturating_sub(1));
        self.select(inventory);
    }

    /// Puts the cursor of the drill-down pane with the focus on an entry, 0 being
    /// "All", and narrows what is inside it.
    pub fn go_to_entry(&mut self, to: usize, inventory: &Inventory, geography: &Geography) {
        match self.focus {
            Pane::Country => {
                let country = to.checked_sub(1).map(|i| self.countries[i].0.clone());
                self.scope = Scope { country, ..Scope::default() };
                self.metros = geography.metros(&self.scope);
            }
            Pane::Metro => {
                self.scope.metro = to.checked_sub(1).map(|i| self.metros[i].0.clone());
                self.scope.region = None;
            }
            Pane::Region => {
                self.scope.region = to.checked_sub(1).map(|i| self.regions[i].0.clone());
            }
            Pane::OnRamps => return,
        }
        if self.focus != Pane::Region {
            self.regions = geography.regions(&self.scope);
        }
        self.offset = 0;
        self.narrow(inventory, geography);
    }

    /// Returns the cursor's place in a drill-down pane; 0 is "All".
    pub fn pane_cursor(&self, pane: Pane) -> usize {
        match pane {
            Pane::Country => place(&self.countries, self.scope.country.as_ref()),
            Pane::Metro => place(&self.metros, self.scope.metro.as_ref()),
            Pane::Region => place(&self.regions, self.scope.region.as_ref()),
            Pane::OnRamps => self.cursor,
        }
    }

    /// Returns the number of entries of a pane, "All" not counted.
    pub const fn entries(&self, pane: Pane) -> usize {
        match pane {
            Pane::Country => self.countries.len(),
            Pane::Metro => self.metros.len(),
            Pane::Region => self.regions.len(),
            Pane::OnRamps => self.rows.len(),
        }
    }

    /// Returns the name and count of an entry of a drill-down pane; 0 is "All".
    pub fn entry(&self, pane: Pane, index: usize) -> (String, usize) {
        let total = |counts: &mut dyn Iterator<Item = usize>| counts.sum();
        let Some(i) = index.checked_sub(1) else {
            let all = match pane {
                Pane::Country => total(&mut self.countries.iter().map(|c| c.1)),
                Pane::Metro => total(&mut self.metros.iter().map(|m| m.1)),
                Pane::Region => total(&mut self.regions.iter().map(|r| r.1)),
                Pane::OnRamps => self.rows.len(),
            };
            return ("All".to_owned(), all);
        };
        match pane {
            Pane::Country => (country_name(self.countries[i].0.as_ref()), self.countries[i].1),
            Pane::Metro => (self.metro_name(&self.metros[i].0), self.metros[i].1),
            Pane::Region => (region_name(self.regions[i].0.as_ref()), self.regions[i].1),
            Pane::OnRamps => (String::new(), 0),
        }
    }

    /// Returns a metro's name, with its country where another shown metro has it too.
    pub fn metro_name(&self, metro: &Metro) -> String {
        if metro.name.is_empty() {
            return "(no metro)".to_owned();
        }
        let namesakes = self.metros.iter().filter(|(m, _)| m.name == metro.name).count();
        match &metro.country {
            Some(country) if namesakes > 1 => format!("{}, {}", metro.name, country.name()),
            _ => metro.name.to_string(),
        }
    }

    /// Returns the path from the whole world to the table: `USA > Los Angeles`.
    pub fn path(&self) -> String {
        let country = self.scope.country.as_ref().map(|c| country_name(c.as_ref()));
        let metro = self.scope.metro.as_ref().map(|m| self.metro_name(m));
        let region = self.scope.region.as_ref().map(|r| region_name(r.as_ref()));
        let steps: Vec<_> = [country, metro, region].into_iter().flatten().collect();
        if steps.is_empty() { "All on-ramps".to_owned() } else { steps.join(" > ") }
    }

    /// Returns the inventory's indices of the table's rows, in their order.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Returns the number of on-ramps in the scope before the filter.
    pub fn in_scope(&self) -> usize {
        self.entry(Pane::Region, self.pane_cursor(Pane::Region)).1
    }
}

fn has<T: PartialEq>(entries: &[(T, usize)], wanted: &T) -> bool {
    entries.iter().any(|(entry, _)| entry == wanted)
}

fn place<T: PartialEq>(entries: &[(T, usize)], wanted: Option<&T>) -> usize {
    wanted.and_then(|w| entries.iter().position(|(entry, _)| entry == w)).map_or(0, |i| i + 1)
}

fn country_name(country: Option<&Country>) -> String {
    country.map_or("(no country)", Country::name).to_owned()
}

fn region_name(region: Option<&SafeText>) -> String {
    region.map_or("(unmapped)", SafeText::as_str).to_owned()
}

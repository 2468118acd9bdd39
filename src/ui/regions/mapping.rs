//! The region of a place: the choices, and the effect of each.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    api::RequestId,
    domain::{
        geography::Scope,
        on_ramp::OnRamp,
        place::Site,
        region::{Edit, Home, Level, RegionMap, Selector, UNMAPPED, path},
        text::SafeText,
    },
    ui::{
        model::{
            Model,
            modal::{CursorCell, Modal},
        },
        state::position::Position,
        widget::{fuzzy, text::count},
    },
};

use super::{commands, mapping_view};

/// The dialog.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The place to map.
    pub subject: Subject,
    /// The index of its width.
    pub width: usize,
    /// The index of the edited file.
    pub layer: usize,
    /// The typed text: letters of a region's name, or a new name.
    pub input: Input,
    /// The choice under the cursor; none before something was typed, or one
    /// was gone to: Enter alone moves nothing.
    pub cursor: Option<usize>,
    /// The edit that is being written, and what to say once it is.
    pub saving: Option<(RequestId, Edit, String)>,
}

/// The subject of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Places, from the narrowest to the widest.
    Places(Vec<Width>),
    /// A region itself.
    Region(SafeText),
}

/// Places of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Width {
    /// The places; at least one.
    pub places: Vec<Selector>,
    /// Its description.
    pub says: String,
}

/// The possible choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The places belong to this region.
    Region(SafeText),
    /// A new region of this name.
    New(SafeText),
    /// They belong to no region.
    Unmapped,
    /// The region gets this name.
    Rename(SafeText),
    /// The region goes.
    Remove,
}

/// The effect of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The edit.
    pub edit: Edit,
    /// The on-ramps that move, by their index: from where to where.
    pub moves: Vec<(usize, SafeText, SafeText)>,
    /// The number of on-ramps of the places that stay elsewhere because of a stronger
    /// claim.
    pub stays: usize,
    /// Whether the file has it already.
    pub idle: bool,
}

impl Width {
    /// Returns the places of `on_ramps`, at every width at which they have any.
    pub fn mappings_of<'a>(on_ramps: impl IntoIterator<Item = &'a OnRamp>) -> Vec<Self> {
        let mut kinds: [Vec<(Selector, String)>; 3] = Default::default();
        for on_ramp in on_ramps {
            for place in Selector::for_site(&on_ramp.site) {
                let (kind, says) = match &place {
                    Selector::Location(id) => (0, format!("{id} {}", on_ramp.site.name)),
                    Selector::Metro(name) => (1, name.to_string()),
                    Selector::Country(country) => (2, country.name().to_owned()),
                };
                if !kinds[kind].iter().any(|(known, _)| known.is_same_as(&place)) {
                    kinds[kind].push((place, says));
                }
            }
        }
        kinds.into_iter().filter_map(Self::new).collect()
    }

    /// Creates a width of these places with their names, if there are any.
    pub fn new(named: Vec<(Selector, String)>) -> Option<Self> {
        let level = named.first()?.0.level();
        let what = match level {
            Level::Location => "location",
            Level::Metro => "metro",
            Level::Country => "country",
        };
        let (places, words): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        let one = if places.len() == 1 { what.to_owned() } else { count(places.len(), what) + ":" };
        Some(Self { says: format!("{one} {}", words.join(", ")), places })
    }
}

impl Mapping {
    /// Returns the places that are mapped; none where it is a region.
    pub fn places(&self) -> &[Selector] {
        match &self.subject {
            Subject::Places(widths) => widths.get(self.width).map_or(&[], |width| &width.places),
            Subject::Region(_) => &[],
        }
    }

    /// Describes the subject.
    pub fn says(&self) -> String {
        match &self.subject {
            Subject::Places(widths) => {
                widths.get(self.width).map_or_else(String::new, |width| width.says.clone())
            }
            Subject::Region(name) => name.to_string(),
        }
    }

    /// Returns every possible choice, the best first.
    pub fn choices(&self, model: &Model) -> Vec<Choice> {
        let typed = SafeText::clean(self.input.value().trim());
        if let Subject::Region(_) = self.subject {
            let named = (!typed.is_empty()).then_some(Choice::Rename(typed));
            return named.into_iter().chain([Choice::Remove]).collect();
        }
        let regions = model.regions.regions();
        let found = fuzzy::find(regions, |region| region.name.as_str(), typed.as_str());
        let mut all: Vec<_> =
            found.into_iter().map(|at| Choice::Region(regions[at].name.clone())).collect();
        if !fuzzy::find(&[UNMAPPED], |name| name, typed.as_str()).is_empty() {
            all.push(Choice::Unmapped);
        }
        let same = |name: &SafeText| name.as_str().to_lowercase() == typed.as_str().to_lowercase();
        if !typed.is_empty() && !regions.iter().any(|region| same(&region.name)) {
            all.push(Choice::New(typed.clone()));
        }
        all
    }

    /// Returns the choice under the cursor.
    pub fn chosen(&self, model: &Model) -> Option<Choice> {
        self.choices(model).into_iter().nth(self.cursor?)
    }

    /// Returns the effect of the choice under the cursor, or why it is not possible.
    pub fn preview(&self, model: &Model) -> Option<Result<Preview, String>> {
        let choice = self.chosen(model)?;
        let map = &model.regions;
        let places = self.places().to_vec();
        let sites = || model.engine.inventory().on_ramps().iter().map(|on_ramp| &on_ramp.site);
        let edit = match (choice, &self.subject) {
            (Choice::Region(region) | Choice::New(region), _) => Edit::Assign { places, region },
            (Choice::Unmapped, _) => map.unmapping(self.layer, &places, sites()),
            // That is its name before another one is typed.
            (Choice::Rename(to), Subject::Region(from)) if to == *from => return None,
            (Choice::Rename(to), Subject::Region(from)) => Edit::Rename { from: from.clone(), to },
            (Choice::Remove, Subject::Region(name)) => Edit::Remove { region: name.clone() },
            (Choice::Rename(_) | Choice::Remove, Subject::Places(_)) => return None,
        };
        Some(map.edited(self.layer, &edit).map_err(|why| why.to_string()).map(|after| {
            let mut preview = Preview { moves: vec![], stays: 0, idle: after == **map, edit };
            for (at, site) in sites().enumerate() {
                preview.note_move(at, site, map, &after);
            }
            preview
        }))
    }
}

impl Preview {
    /// Notes what becomes of one on-ramp.
    fn note_move(&mut self, at: usize, site: &Site, before: &RegionMap, after: &RegionMap) {
        let (from, to) = (before.home(site), after.home(site));
        let names = (name(before, &from), name(after, &to));
        if !self.edit.places().iter().any(|place| place.has(site)) {
            if names.0 != names.1 {
                self.moves.push((at, names.0, names.1));
            }
            return;
        }
        let arrived = match (&self.edit, &to) {
            (Edit::Assign { region, .. }, Home::Region(to, _)) => {
                after.regions()[*to].name == *region
            }
            (Edit::Assign { .. }, _) | (_, Home::Region(..)) => false,
            _ => true,
        };
        if names.0 != names.1 {
            self.moves.push((at, names.0, names.1));
        } else if !arrived {
            self.stays += 1;
        }
    }
}

fn name(map: &RegionMap, home: &Home) -> SafeText {
    match home {
        Home::Region(at, area) => path(&map.regions()[*at].name, area.as_ref()),
        Home::Barred | Home::Tied(_) | Home::Unclaimed => UNMAPPED.into(),
    }
}

/// Returns the number of a region's on-ramps.
pub(in crate::ui) fn held(model: &Model, region: Option<&SafeText>) -> usize {
    let all = model.geography.regions(&Scope::default());
    all.iter().find(|(name, _)| name.as_ref() == region).map_or(0, |(_, count)| *count)
}

impl Modal for Mapping {
    fn scope(&self) -> &'static crate::ui::model::command::Scope {
        &commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        Some(mapping_view::draw(model, self, buffer))
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.input.handle(request);
        self.cursor = (!self.input.value().trim().is_empty()).then_some(0);
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let choices = self.choices(model).len();
        let last = choices.checked_sub(1)?;
        Some(Position { at: self.cursor, last, page: choices, from_end: false })
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = Some(at);
    }
}

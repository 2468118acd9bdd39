//! A key dictated on the telephone, one group at a time.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    domain::{service_key::ServiceKey, spoken},
    ui::{
        model::{
            Model,
            command::{Call, Scope, command},
            context::Context,
            modal::{CLOSE, CursorCell, Modal},
            msg::Effect,
        },
        screen::frame,
        state::key::{
            Code::{Backspace, Down, Enter, Esc, Left, Right, Tab, Up},
            char, plain,
        },
        widget::{text::capital, theme::Role},
    },
};

use super::read_back::ReadBack;

/// The progress of the dictation.
#[derive(Debug, Clone)]
pub struct Dictation {
    keys: Vec<ServiceKey>,
    which: usize,
    /// The group that is being read, from 0.
    pub group: usize,
}

impl Dictation {
    /// Returns the first group of the first key.
    pub const fn new(keys: Vec<ServiceKey>) -> Self {
        Self { keys, which: 0, group: 0 }
    }

    /// Returns the key that is being read.
    pub fn key(&self) -> Option<&ServiceKey> {
        self.keys.get(self.which)
    }

    /// Goes to the next group, or back to the one before.
    pub fn step(&mut self, forward: bool) {
        let last = self.groups().len().saturating_sub(1);
        let by = if forward { 1 } else { -1 };
        self.group = self.group.saturating_add_signed(by).min(last);
    }

    /// Goes to the other key, where there is one.
    pub fn other(&mut self) {
        (self.which, self.group) = ((self.which + 1) % self.keys.len().max(1), 0);
    }

    /// Returns whether the last group is on the screen.
    pub fn is_through(&self) -> bool {
        self.group + 1 >= self.groups().len()
    }

    /// Returns whether there is another key to read.
    pub const fn has_another(&self) -> bool {
        self.keys.len() > 1
    }

    fn groups(&self) -> Vec<spoken::Group> {
        self.key().map(|key| spoken::groups(key.id.reveal())).unwrap_or_default()
    }
}

/// Draws it: all groups, the later ones only as dots, so that the user does not read
/// ahead.
pub(in crate::ui) fn draw(model: &Model, aloud: &Dictation, buffer: &mut Buffer) {
    let theme = model.theme;
    let title = if aloud.has_another() {
        format!("Read aloud: key {} of {}", aloud.which + 1, aloud.keys.len())
    } else {
        "Read aloud".to_owned()
    };
    let area = frame::open(model, &title, frame::SIZE, Role::Accent, buffer);
    let mut lines = vec![];
    if let Some(key) = aloud.key() {
        let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
        let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
        let place = format!("{zone}  {}", on_ramp.map_or(&key.on_ramp_name, |o| &o.name));
        lines.push(Line::from(Span::styled(place, theme.style(Role::Quiet))));
    }
    lines.push(Line::default());
    let groups = aloud.groups();
    let all = groups.len();
    for (at, group) in groups.into_iter().enumerate() {
        let now = at == aloud.group;
        let mark = if now { "▸ " } else { "  " };
        if at > aloud.group {
            let dots = "·".repeat(group.text.len());
            lines.push(Line::from(Span::styled(format!("{mark}{dots}"), theme.style(Role::Quiet))));
            continue;
        }
        let words = group.words.iter().map(|word| capital(word)).collect::<Vec<_>>().join("   ");
        let (text, role) =
            if now { (Role::Accent, Role::Strong) } else { (Role::Quiet, Role::Quiet) };
        lines.push(Line::from(vec![
            Span::styled(
                format!("{mark}{}", crate::ui::widget::text::pad(&group.text, 8)),
                theme.style(text),
            ),
            Span::styled(words, theme.style(role)),
        ]));
    }
    lines.push(Line::default());
    let says = if aloud.is_through() {
        model.keyed(
            "That was the last group. {key:key.read-back}: check what the customer reads back.",
        )
    } else {
        let next = model.keyed("{key:group.next} = next group");
        format!("Group {} of {all}. {next}", aloud.group + 1)
    };
    lines.extend(frame::sentence(theme, Role::Plain, &says, area.width));
    frame::lines(&lines, area, buffer);
}

impl Modal for Dictation {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self, buffer);
        None
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("read-aloud", "Read aloud", &[&[
    command("group.next", "Read the next group.", |context, _| read_group(context, true)).hint("next group").bind(&[char(' '), plain(Right), char('j'), plain(Down)]),
    command("group.previous", "Back to the previous group.", |context, _| read_group(context, false)).hint("previous").bind(&[plain(Backspace), plain(Left), char('k'), plain(Up)]),
    command("key.other", "Read the other key of the pair.", |context, _| context.change_top(Dictation::other)).hint("other key").when(has_another_key).bind(&[plain(Tab), char('1'), char('2')]),
    command("key.read-back", "Type what the customer reads back; differences show at once.", open_read_back).hint("read back").bind(&[char('b')]),
    CLOSE.doc("Back to the card.").hint("back").bind(&[plain(Esc), plain(Enter), char('q')]),
]]);

fn has_another_key(model: &Model) -> bool {
    model.modals.on_top().is_some_and(Dictation::has_another)
}

/// Moves to the next group, or back to the one before. A key that was read to its end
/// counts as delivered.
fn read_group(context: &mut Context<'_>, forward: bool) -> Vec<Effect> {
    let Some(aloud) = context.modals_mut().on_top_mut::<Dictation>() else { return vec![] };
    aloud.step(forward);
    let through = aloud.key().filter(|_| aloud.is_through()).map(|key| key.id.clone());
    context.mark_delivered(&through);
    vec![]
}

fn open_read_back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if let Some(key) = context.modals.on_top().and_then(Dictation::key).cloned() {
        context.modals_mut().push(ReadBack::new(key));
    }
    vec![]
}

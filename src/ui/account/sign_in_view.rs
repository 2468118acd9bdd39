//! Draws the sign-in form.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};
use tui_input::Input;

use crate::{
    api::Mode,
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{clip, span, wrap},
            text_box,
            theme::Role,
        },
    },
};

use super::sign_in::{Field, Keep, SignIn, SignInTarget};

/// The column where the values start.
const VALUE: u16 = 14;

/// Returns the cells of a text value: its error is shown beside it.
const fn wide(row: Rect) -> u16 {
    if row.width >= 70 { 40 } else { 26 }
}

/// A line of the form.
enum Part {
    Field(Field),
    Choice(Keep),
    Gap,
    Note(&'static str),
}

const NOTES: [&str; 2] = [
    "Create an API key in the Megaport Portal: Tools, API Key Generator. It works only in the \
     environment it was created in; its role is Company Admin or Read Only.",
    "The embedded simulator: no API key, no network; nothing you create in it is real.",
];

/// Draws the form; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, form: &SignIn, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let title = match &form.edits {
        Some(name) => format!("Sign in as {name}"),
        None => "Sign in to Megaport".to_owned(),
    };
    let area = frame::open_at(model, &title, (78, 22), form.environment(), Role::Accent, buffer);
    let foot = foot(model, form, area);
    let above = area.height.saturating_sub(u16::try_from(foot.len()).unwrap_or(area.height));
    let faults = form.shown_faults();
    let mut cursor = None;
    let mut y = area.y;
    for part in parts(form, area, above) {
        let row = Rect { y, height: 1, ..area };
        y += 1;
        match part {
            Part::Gap => {}
            Part::Note(text) => {
                let lines = frame::sentence(model.theme, Role::Quiet, text, area.width);
                let tall = u16::try_from(lines.len()).unwrap_or(1);
                frame::lines(&lines, Rect { height: tall, ..row }, buffer);
                y += tall - 1;
            }
            Part::Choice(keep) => draw_choice(model, form, keep, row, buffer),
            Part::Field(field) => {
                let at = draw_field(model, form, field, row, buffer);
                if form.focus == field && form.trying.is_none() {
                    cursor = at;
                }
                if let Some((_, says)) = faults.iter().find(|(wrong, _)| *wrong == field) {
                    let x = row.x + VALUE + wide(row) + 1;
                    let room = usize::from(row.right().saturating_sub(x));
                    let says = clip(says, room);
                    buffer.set_stringn(x, row.y, says, room, model.theme.style(Role::Bad));
                }
            }
        }
    }
    frame::lines(&foot, Rect { y: area.y + above, height: area.height - above, ..area }, buffer);
    cursor
}

/// Returns the parts of the form that fit: fields always, the stores one by one if they
/// fit, then gaps and notes.
fn parts(form: &SignIn, area: Rect, room: u16) -> Vec<Part> {
    let note = if form.at == SignInTarget::Demo { NOTES[1] } else { NOTES[0] };
    let tall = wrap(note, usize::from(area.width)).len();
    let build = |listed: bool, spaced: bool, noted: bool| {
        let mut parts = vec![];
        for field in form.fields() {
            if spaced && matches!(field, Field::Keep | Field::Mode) {
                parts.push(Part::Gap);
            }
            parts.push(Part::Field(field));
            if listed && field == Field::Keep {
                parts.extend(Keep::ALL.map(Part::Choice));
            }
        }
        if noted {
            parts.push(Part::Gap);
            parts.push(Part::Note(note));
        }
        parts
    };
    let fits = |(listed, spaced, noted): &(bool, bool, bool)| {
        let extra = if *noted { tall - 1 } else { 0 };
        build(*listed, *spaced, *noted).len() + extra <= usize::from(room)
    };
    let wishes = [
        (true, true, true),
        (true, false, true),
        (true, true, false),
        (true, false, false),
        (false, false, true),
        (false, false, false),
    ];
    let (listed, spaced, noted) = wishes.into_iter().find(fits).unwrap_or_default();
    build(listed, spaced, noted)
}

fn draw_field(
    model: &Model,
    form: &SignIn,
    field: Field,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = model.theme;
    let focused = form.focus == field;
    let mark = if focused { "▸ " } else { "  " };
    let role = if focused { Role::Accent } else { Role::Quiet };
    let name = format!("{mark}{}", name(field));
    buffer.set_stringn(row.x, row.y, name, usize::from(VALUE), theme.style(role));
    let (at, wide) = ((row.x + VALUE, row.y), wide(row));
    let beside = |says: &str, buffer: &mut Buffer| {
        let x = at.0 + wide + 1;
        let room = usize::from(row.right().saturating_sub(x));
        buffer.set_stringn(x, at.1, clip(says, room), room, theme.style(Role::Quiet));
    };
    if let Some(input) = form.input(field) {
        let shown = match field {
            Field::ApiUrl | Field::TokenUrl => shown_address(input, focused),
            _ => input.clone(),
        };
        return Some(text_box::draw(theme, &shown, at, wide, buffer));
    }
    let pick = |yes| frame::pick(theme, yes);
    let says = match field {
        Field::At => {
            let choice = |at: SignInTarget| format!("{} {}", pick(at == form.at), at.word());
            let offered = SignInTarget::ALL.contains(&form.at);
            let more = (!offered).then_some(form.at);
            SignInTarget::ALL.into_iter().chain(more).map(choice).collect::<Vec<_>>().join("  ")
        }
        Field::Mode => {
            let choice = |mode: Mode, word| format!("{} {word}", pick(mode == form.mode));
            let (read, write) =
                (choice(Mode::ReadOnly, "read-only"), choice(Mode::ReadWrite, "read-write"));
            format!("{read}  {write}")
        }
        Field::Secret if form.secret.is_empty() && form.kept => {
            let cursor = text_box::draw_secret(theme, 0, at, wide, buffer);
            beside("empty: keep the stored one", buffer);
            return Some(cursor);
        }
        Field::Secret => {
            let cursor = text_box::draw_secret(theme, form.secret.len(), at, wide, buffer);
            if form.secret.is_empty() && !form.tried {
                beside("never shown", buffer);
            }
            return Some(cursor);
        }
        _ => format!("‹ {} ›", store(form.keep)),
    };
    let room = usize::from(row.width - VALUE);
    let role = if focused { Role::Strong } else { Role::Plain };
    buffer.set_stringn(at.0, at.1, clip(&says, room), room, theme.style(role));
    None
}

/// Returns an address as it is shown: while it is typed without a user and a password,
/// later as its host and port. Invalid addresses are not shown then.
fn shown_address(input: &Input, is_typed: bool) -> Input {
    let text = input.value();
    let hidden = match text.rfind('@') {
        None if has_a_password(text) => text.len(),
        end => end.unwrap_or(0),
    };
    let shown = match () {
        () if text.trim().is_empty() => text.to_owned(),
        // As many stars as characters: the cursor stays where it is.
        () if is_typed => {
            text[..hidden].chars().map(|_| '*').chain(text[hidden..].chars()).collect()
        }
        () => host_and_port(text.trim()).unwrap_or_else(|| "not an address".to_owned()),
    };
    Input::new(shown).with_cursor(input.cursor())
}

/// Returns whether the text after a host is no port: it is then a password.
fn has_a_password(text: &str) -> bool {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    let port = host.rsplit(']').next().and_then(|rest| rest.split_once(':'));
    port.is_some_and(|(_, port)| {
        port.split('/').next().is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Returns the scheme, host and port of an address, and whether more follows.
fn host_and_port(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let is = !has_a_password(address)
        && matches!(scheme, "https" | "http")
        && !host.is_empty()
        && host.chars().all(plain);
    let more = if path.len() > 1 { "/..." } else { "" };
    (is && !path.contains(['?', '#'])).then(|| format!("{scheme}://{host}{more}"))
}

const fn name(field: Field) -> &'static str {
    match field {
        Field::At => "Environment",
        Field::ApiUrl => "API URL",
        Field::TokenUrl => "Token URL",
        Field::Name => "Profile",
        Field::ClientId => "Client id",
        Field::Secret => "Secret",
        Field::Keep => "Secret in",
        Field::Command => "Command",
        Field::Mode => "Mode",
    }
}

const fn store(keep: Keep) -> &'static str {
    match keep {
        Keep::Session => "this session only",
        Keep::Keyring => "desktop keyring",
        Keep::Kernel => "kernel keyring",
        Keep::Command => "a command",
        Keep::Environment => "the environment",
    }
}

/// Draws one store for the secret, with its effect, or the reason why it cannot be
/// used.
fn draw_choice(model: &Model, form: &SignIn, keep: Keep, row: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let meaning = match keep {
        Keep::Session => "in memory; asked for at each start",
        Keep::Keyring => "encrypted by this desktop",
        Keep::Kernel => "on this host until it restarts",
        Keep::Command => "printed by your own program: op, pass, vault",
        Keep::Environment => "MEGAPORT_SECRET_KEY, which you set",
    };
    let (role, says) = match form.stores.get(&keep) {
        Some(Err(why)) => (Role::Warn, why.to_string()),
        Some(Ok(())) => (Role::Quiet, format!("{meaning} (works here)")),
        None => (Role::Quiet, meaning.to_owned()),
    };
    let chosen = keep == form.keep;
    let name = format!("{} {}", frame::pick(theme, chosen), store(keep));
    let strong = if chosen { Role::Strong } else { Role::Plain };
    buffer.set_stringn(row.x + 4, row.y, name, 22, theme.style(strong));
    let x = row.x + 27;
    let room = usize::from(row.right().saturating_sub(x));
    buffer.set_stringn(x, row.y, clip(&says, room), room, theme.style(role));
}

/// Returns the last lines: the work in progress, else its result.
fn foot(model: &Model, form: &SignIn, area: Rect) -> Vec<Line<'static>> {
    let theme = model.theme;
    if form.trying.is_some() {
        let spent = span(model.now().since(form.since));
        let says = format!("Testing this API key at {}: {spent}. Esc stops.", form.environment());
        return frame::sentence(theme, Role::Warn, &says, area.width);
    }
    let lines = match &form.remark {
        Some(remark) => frame::sentence(theme, Role::Bad, remark.as_str(), area.width),
        None => return vec![],
    };
    lines.into_iter().take(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, is_typed: bool) -> String {
        shown_address(&Input::new(text.to_owned()), is_typed).value().to_owned()
    }

    #[test]
    fn an_address_shows_its_host_and_port_and_never_a_password() {
        for (text, typed, later) in [
            ("", "", ""),
            ("https://a.example:80", "https://a.example:80", "https://a.example:80"),
            ("https://a.example/", "https://a.example/", "https://a.example"),
            ("https://[::1]:8/x/y", "https://[::1]:8/x/y", "https://[::1]:8/..."),
            ("https://u:canary@a.example", "****************@a.example", "not an address"),
            ("https://u:can@ary@a", "*****************@a", "not an address"),
            ("https://u:can", "*************", "not an address"),
            ("canary", "canary", "not an address"),
            ("https://a.example/x?canary", "https://a.example/x?canary", "not an address"),
        ] {
            assert_eq!(shown(text, true), typed);
            assert_eq!(shown(text, false), later, "{text}");
        }
    }
}

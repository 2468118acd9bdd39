//! The texts that customers get: templates, filled with a card's facts.
//!
//! A provider may write them, so errors are contained: an undefined variable is an
//! error and not a blank, and rendering has a step limit.

use minijinja::{Environment, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig};

use crate::{domain::text::SafeText, ui::model::Model};

use super::{facts, key_card::Card};

/// The step limit of a template; the longest built-in one takes a few hundred.
const FUEL: u64 = 20_000;

/// The size limit of a rendered template, in bytes.
const MOST: usize = 16 * 1024;

/// Returns the text for the customer that the card shows, filled in; why there is none.
/// `whole` is whether the keys are whole.
pub(in crate::ui) fn fill(model: &Model, card: &Card, whole: bool) -> Result<String, String> {
    let templates = &model.settings.delivery.templates;
    let template = templates.get(card.template).or_else(|| templates.first());
    let template = template.ok_or_else(|| "no message is configured".to_owned())?;
    let body = template.body.as_ref().map_err(|why| format!("{}: {why}", template.name))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("code", code);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| error.to_string())?);
    let filled = environment
        .render_named_str(&template.name, body, facts::facts(model, card, whole))
        .map_err(|error| describe(&template.name, &error))?;
    if filled.len() > MOST {
        return Err(format!("{}: its result is longer than 16 kB", template.name));
    }
    Ok(with_warning(card, &tidy(&filled)))
}

/// The text, with a first line about a half pair or a disabled key where its author
/// did not write one.
fn with_warning(card: &Card, text: &str) -> String {
    let mut warnings = vec![];
    if card.pair.as_ref().is_some_and(|pair| !pair.whole)
        && !says(text, &["half pair", "first of two keys"])
    {
        warnings.push(
            "Please note: this is the first of two keys. The second key has not been \
                created yet."
                .to_owned(),
        );
    }
    let off: Vec<_> = card.keys.iter().filter(|face| !face.key.active).collect();
    if !off.is_empty() && !says(text, &["disabled"]) {
        let names: Vec<_> = off.iter().map(|face| face.key.id.masked()).collect();
        warnings.push(format!(
            "Please note that the following cannot be used, because it has \
            been disabled: {}.",
            names.join(", ")
        ));
    }
    warnings.push(text.to_owned());
    warnings.join("\n")
}

/// Whether `text` has one of these words, in capitals or not.
fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Without blanks at line ends, control characters, and empty lines in a row.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = vec![];
    for line in text.lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        // Word by word, since a cleaned text has an end and a paragraph none.
        let words =
            line[indent..].trim_end().split(' ').map(|word| SafeText::clean(word).to_string());
        let line = format!("{}{}", &line[..indent], words.collect::<Vec<_>>().join(" "));
        let line = line.trim_end().to_owned();
        if line.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        lines.push(line);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// Describes the error in a template, for its author.
fn describe(name: &str, error: &minijinja::Error) -> String {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => "it runs too long".to_owned(),
        kind => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
    };
    match error.line() {
        Some(line) => format!("{name}, line {line}: {what}"),
        None => format!("{name}: {what}"),
    }
}

/// Returns a Markdown code span that `text` cannot end: with a longer fence than any
/// run of backticks in it.
fn code(text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    let text = text.replace('|', "\\|");
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_can_not_be_ended_by_what_is_in_it() {
        assert_eq!(code("Acme"), "`Acme`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(code("a|b"), "`a\\|b`");
    }

    #[test]
    fn empty_lines_do_not_pile_up() {
        assert_eq!(tidy("\n\na  \n\n\n    b\n\n"), "a\n\n    b");
    }
}

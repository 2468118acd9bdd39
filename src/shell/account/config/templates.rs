//! The `[messages]` table, and the user's own message templates in the directory
//! `messages` beside `config.toml`. Both were called hand-off in the first edition: the
//! old names are still read.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_spanned::Spanned;

use crate::{
    domain::{
        delivery::{Delivery, MessageTemplate},
        text::SafeText,
    },
    shell::{stdio::error_text, store::permissions},
};

use super::error::{LocatedError, error_here};

/// The largest text that is read, in bytes.
const TEXT_MAX_BYTES: u64 = 16 * 1024;

/// The most texts that are read.
const TEMPLATES_MAX: usize = 16;

/// The `[messages]` table as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    company: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
    first: Option<Spanned<String>>,
}

/// What was written, checked, with the messages in `directories`: of one name the
/// last one counts.
pub(super) fn read_delivery(
    written: Written,
    directories: &[PathBuf],
) -> Result<Delivery, LocatedError> {
    let mut delivery = Delivery::default();
    for template in directories.iter().flat_map(|directory| read_directory(directory)) {
        delivery.set_template(template);
    }
    if let Some(company) = &written.company {
        delivery.company = SafeText::clean(company.get_ref().trim()).to_string();
    }
    if let Some(zone) = written.time_zone {
        if jiff::tz::TimeZone::get(zone.get_ref()).is_err() {
            return Err(error_here(&zone, "expected a time zone like America/Los_Angeles"));
        }
        delivery.zone = Some(zone.into_inner());
    }
    if let Some(first) = &written.first
        && !delivery.set_first_template(Delivery::current_name(first.get_ref()))
    {
        return Err(error_here(
            first,
            "expected the name of a message: phone, email, chat, ticket or your own",
        ));
    }
    Ok(delivery)
}

/// The texts in a directory, by name: `email.txt` or `email.md` is `email`. One
/// that cannot be read says why on the card, where its text would be.
fn read_directory(directory: &Path) -> Vec<MessageTemplate> {
    let Ok(entries) = fs::read_dir(directory) else { return vec![] };
    let paths = entries.flatten().map(|entry| entry.path());
    let is_text =
        |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "txt" || end == "md");
    let mut paths: Vec<_> = paths.filter(is_text).collect();
    paths.sort();
    paths.truncate(TEMPLATES_MAX);
    let template = |path: std::path::PathBuf| {
        let name = SafeText::clean(&path.file_stem()?.to_string_lossy()).to_string();
        let name = Delivery::current_name(&name).to_owned();
        Some(MessageTemplate { name, body: read_template(&path) })
    };
    paths.into_iter().filter_map(template).collect()
}

/// Templates for customers must not be writable by others.
fn read_template(path: &Path) -> Result<String, String> {
    permissions::check(path).map_err(|why| format!("it is not used: {why}"))?;
    let unread = |error: std::io::Error| format!("it could not be read: {}", error_text(&error));
    // Checked before it is opened: opening a pipe would wait for its writer.
    if !path.metadata().map_err(unread)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    let file = fs::File::open(path).map_err(unread)?;
    let mut text = String::new();
    file.take(TEXT_MAX_BYTES + 1).read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > TEXT_MAX_BYTES {
        return Err("it is larger than 16 kB".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_ones_own_are_read_by_name_and_a_bad_one_says_why() {
        let home = tempfile::tempdir().expect("a directory");
        let put =
            |name: &str, text: &str| fs::write(home.path().join(name), text).expect("written");
        put("mail.txt", "our own");
        put("zeal.md", "**more**");
        put("notes.bak", "not a text");
        put("long.txt", &"x".repeat(20_000));
        let all = read_delivery(Written::default(), &[home.path().to_owned()]).expect("read");
        let body = |name: &str| {
            let found = all.templates.iter().find(|template| template.name == name);
            found.map(|template| template.body.as_deref().map_err(String::as_str))
        };
        assert_eq!(body("email"), Some(Ok("our own")), "by its name of the first edition");
        assert_eq!(body("zeal"), Some(Ok("**more**")));
        assert_eq!(body("long"), Some(Err("it is larger than 16 kB")));
        assert_eq!(body("notes"), None);
        assert!(body("phone").is_some_and(|phone| phone.is_ok()), "the built-in ones stay");
    }
}

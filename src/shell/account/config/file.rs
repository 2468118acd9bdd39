//! The text of `config.toml`: read with positions, written with its comments preserved.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_spanned::Spanned;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::{
    api::Mode,
    client::Environment,
    domain::preset::Settings,
    shell::{
        account::credentials::Command,
        exit::ExitError,
        source_location,
        store::{audit, log::Level},
    },
};

use super::{
    content::Config,
    error::{LocatedError, error_here},
    keys,
    profile::{Api, Profile, Store, is_client_id, is_name},
    templates,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    default: Option<Spanned<String>>,
    #[serde(default)]
    profile: Vec<Written>,
    #[serde(default)]
    preset: Vec<keys::Written>,
    #[serde(default)]
    vlan: keys::Vlan,
    #[serde(default)]
    ranking: keys::Ranking,
    #[serde(default, alias = "hand_off")]
    messages: templates::Written,
    clipboard: Option<ClipboardTable>,
    log: Option<Log>,
    regions: Option<Regions>,
    #[serde(default)]
    audit: Audit,
    #[serde(rename = "ca_file")]
    authority: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClipboardTable {
    command: Option<Spanned<Vec<String>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Audit {
    #[serde(default)]
    required: bool,
    #[serde(default)]
    syslog: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regions {
    path: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    level: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    environment: Option<Spanned<String>>,
    api_url: Option<Spanned<String>>,
    token_url: Option<Spanned<String>>,
    client_id: Option<Spanned<String>>,
    store: Option<Spanned<String>>,
    command: Option<Spanned<Vec<String>>>,
    mode: Option<Spanned<String>>,
    ca_file: Option<Spanned<String>>,
}

/// Reads the text of the file at `path`; an error names file, line, column and
/// what was expected.
pub(super) fn read_config(text: String, path: &Path, file: &str) -> Result<Config, ExitError> {
    let read: Result<File, _> = toml_edit::de::from_str(&text);
    let read = read.map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        source_location::error_at(&text, file, start, &without_quoted_text(error.message()))
    })?;
    let File {
        default,
        profile,
        preset,
        vlan,
        ranking,
        messages,
        clipboard,
        log,
        regions,
        audit,
        authority,
    } = read;
    let wrong = |(at, what): LocatedError| source_location::error_at(&text, file, at, &what);
    let log = read_level(log.as_ref()).map_err(wrong)?;
    let audit = audit::AuditSetting { required: audit.required, syslog: audit.syslog };
    let copy_command = read_copy_command(clipboard).map_err(wrong)?;
    let ca_file = read_absolute_path(authority.as_ref()).map_err(wrong)?;
    let regions = regions.and_then(|regions| regions.path);
    let regions = read_absolute_path(regions.as_ref()).map_err(wrong)?;
    let (profiles, default) = read_profiles(profile, default).map_err(wrong)?;
    let own =
        ["hand-off", "messages"].map(|name| path.parent().map(|directory| directory.join(name)));
    let own: Vec<_> = own.into_iter().flatten().collect();
    let delivery = templates::read_delivery(messages, &own).map_err(wrong)?;
    let ranking = keys::ranking(&ranking).map_err(wrong)?;
    let settings = keys::settings(&preset, vlan, delivery).map_err(wrong)?;
    let settings = Settings { ranking, ..settings };
    Ok(Config { text, profiles, settings, default, copy_command, audit, log, regions, ca_file })
}

/// Returns a complaint of the reader without the texts it quotes: one may be an address
/// with a password, under a name that takes none.
fn without_quoted_text(message: &str) -> String {
    let quoted = match (message.find('"'), message.rfind('"')) {
        (Some(start), Some(end)) => format!("{}...{}", &message[..=start], &message[end..]),
        _ => message.to_owned(),
    };
    let is_address = quoted.contains("://") || quoted.contains('@');
    if is_address { "expected a known setting".to_owned() } else { quoted }
}

/// Reads a path that means the same in every working directory.
fn read_absolute_path(path: Option<&Spanned<String>>) -> Result<Option<PathBuf>, LocatedError> {
    let Some(path) = path else { return Ok(None) };
    let is = Path::new(path.get_ref()).is_absolute();
    if is {
        Ok(Some(path.get_ref().into()))
    } else {
        Err(error_here(path, "expected an absolute path"))
    }
}

/// Returns the program that copies, by its absolute path.
fn read_copy_command(written: Option<ClipboardTable>) -> Result<Option<Vec<String>>, LocatedError> {
    let Some(words) = written.and_then(|clipboard| clipboard.command) else { return Ok(None) };
    match words.get_ref().first() {
        Some(program) if Path::new(program).is_absolute() => Ok(Some(words.into_inner())),
        _ => Err(error_here(&words, "expected an absolute path, then arguments")),
    }
}

fn read_level(log: Option<&Log>) -> Result<Option<Level>, LocatedError> {
    let Some(word) = log.and_then(|log| log.level.as_ref()) else { return Ok(None) };
    let level = Level::from_word(word.get_ref());
    level.map(Some).ok_or_else(|| error_here(word, "expected off, error, warn, info or debug"))
}

fn read_profiles(
    all: Vec<Written>,
    default: Option<Spanned<String>>,
) -> Result<(Vec<Profile>, Option<String>), LocatedError> {
    let mut profiles: Vec<Profile> = vec![];
    for written in all {
        if profiles.iter().any(|profile| profile.name == *written.name.get_ref()) {
            return Err(error_here(&written.name, "expected another name: this one appears twice"));
        }
        profiles.push(read_profile(written)?);
    }
    if let Some(default) = &default
        && !profiles.iter().any(|profile| profile.name == *default.get_ref())
    {
        return Err(error_here(default, "expected the name of a profile in this file"));
    }
    Ok((profiles, default.map(Spanned::into_inner)))
}

fn read_profile(written: Written) -> Result<Profile, LocatedError> {
    let name = &written.name;
    if !is_name(name.get_ref()) {
        return Err(error_here(
            name,
            "expected a name of letters, digits, dots, dashes and underscores",
        ));
    }
    let api = read_api(&written)?;
    let store = read_store(&written)?;
    if let Some(id) = &written.client_id
        && !is_client_id(id.get_ref())
    {
        return Err(error_here(id, "expected a client id without spaces"));
    }
    if written.client_id.is_none() && store != Store::Environment {
        return Err(error_here(name, "expected client_id in this profile"));
    }
    let mode = match &written.mode {
        None => Mode::default(),
        Some(mode) => match mode.get_ref().as_str() {
            "read-only" => Mode::ReadOnly,
            "read-write" => Mode::ReadWrite,
            _ => return Err(error_here(mode, "expected read-only or read-write")),
        },
    };
    let ca_file = read_absolute_path(written.ca_file.as_ref())?;
    let client_id = written.client_id.map(Spanned::into_inner);
    Ok(Profile { name: written.name.into_inner(), api, client_id, store, mode, ca_file })
}

fn read_api(written: &Written) -> Result<Api, LocatedError> {
    let api = match (&written.environment, &written.api_url, &written.token_url) {
        (Some(word), None, None) => {
            let environment = Environment::from_label(word.get_ref())
                .ok_or_else(|| error_here(word, "expected production, staging or development"))?;
            Api::Environment(environment)
        }
        (None, Some(api), Some(token)) => {
            let (api_url, token_url) = (api.get_ref().clone(), token.get_ref().clone());
            let alone = |url: &str| Api::Urls(url.to_owned(), url.to_owned()).secret_scope();
            alone(&api_url).map_err(|error| error_here(api, &error.to_string()))?;
            alone(&token_url).map_err(|error| error_here(token, &error.to_string()))?;
            Api::Urls(api_url, token_url)
        }
        _ => {
            return Err(error_here(
                &written.name,
                "expected environment, or api_url and token_url",
            ));
        }
    };
    Ok(api)
}

fn read_store(written: &Written) -> Result<Store, LocatedError> {
    let word = written.store.as_ref().map_or("keyring", |store| store.get_ref());
    let start = written.store.as_ref().unwrap_or(&written.name);
    let store = match (word, &written.command) {
        ("command", Some(words)) => {
            Command::new(words.get_ref()).map_err(|what| error_here(words, what))?;
            return Ok(Store::Command(words.get_ref().clone()));
        }
        ("command", None) => return Err(error_here(start, "expected command beside this store")),
        ("session", _) => Store::Session,
        ("keyring", _) => Store::Keyring,
        ("kernel", _) => Store::Kernel,
        ("environment", _) => Store::Environment,
        _ => {
            return Err(error_here(
                start,
                "expected session, keyring, kernel, command or environment",
            ));
        }
    };
    match &written.command {
        Some(words) => Err(error_here(words, "expected store = \"command\" beside a command")),
        None => Ok(store),
    }
}

/// Returns the text of a file with `profile` in it, the rest as it was.
pub(super) fn with_profile(
    text: &str,
    profile: &Profile,
    as_default: bool,
) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|_| "it is not valid TOML".to_owned())?;
    if as_default {
        document["default"] = value(&profile.name);
    }
    let tables = document.entry("profile").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(tables) = tables.as_array_of_tables_mut() else {
        return Err("write its profiles as [[profile]] first".to_owned());
    };
    let is = |table: &Table| table.get("name").and_then(Item::as_str) == Some(&profile.name);
    if !tables.iter().any(is) {
        tables.push(Table::new());
    }
    let last = tables.len() - 1;
    let at = tables.iter().position(is).unwrap_or(last);
    if let Some(table) = tables.get_mut(at) {
        fill_profile(table, profile);
    }
    Ok(document.to_string())
}

fn fill_profile(table: &mut Table, profile: &Profile) {
    let mut set = |key: &str, new: Option<Item>| match (table.get_mut(key), new) {
        (Some(old), Some(Item::Value(mut new))) if old.is_value() => {
            if let Item::Value(old) = &*old {
                *new.decor_mut() = old.decor().clone();
            }
            *old = Item::Value(new);
        }
        (_, Some(new)) => {
            table.insert(key, new);
        }
        (_, None) => {
            table.remove(key);
        }
    };
    let (environment, api, token) = match &profile.api {
        Api::Environment(environment) => (Some(environment.label()), None, None),
        Api::Urls(api, token) => (None, Some(api), Some(token)),
    };
    let command = match &profile.store {
        Store::Command(words) => Some(words.iter().collect::<Array>()),
        _ => None,
    };
    set("name", Some(value(&profile.name)));
    set("environment", environment.map(value));
    set("api_url", api.map(value));
    set("token_url", token.map(value));
    set("client_id", profile.client_id.as_ref().map(value));
    set("store", Some(value(profile.store.word())));
    set("command", command.map(value));
    set("mode", Some(value(profile.mode.word())));
    let ca_file = profile.ca_file.as_ref().map(|path| path.display().to_string());
    set("ca_file", ca_file.map(value));
}

#[cfg(test)]
mod tests;

//! Refuses a secret on the command line, where every user of this host could
//! read it, before the arguments are printed in an error.

use std::{error::Error as _, ffi::OsString};

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Words that make an option look like one that takes a secret.
const SECRET_WORDS: [&str; 6] = ["secret", "password", "passwd", "passphrase", "token", "private"];

/// The options with such a word that take none.
const ALLOWED_OPTIONS: [&str; 2] = ["--secret-fd", "--token-url"];

/// Why these arguments are refused, if they are. Quotes no value.
pub(super) fn refuse_secrets(arguments: &[OsString]) -> Option<String> {
    let texts: Vec<_> = arguments.iter().map(|one| one.to_string_lossy()).collect();
    // What follows belongs to another program.
    let end = texts.iter().position(|text| text == "--command" || text == "--");
    let texts = &texts[..end.unwrap_or(texts.len())];
    for (index, text) in texts.iter().enumerate() {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text.as_ref(), texts.get(index + 1).map(AsRef::as_ref)),
        };
        if name == "--secret-fd" && value.is_none_or(|value| value.parse::<u32>().is_err()) {
            return Some("--secret-fd takes the number of an open file descriptor".to_owned());
        }
        let lower = name.to_ascii_lowercase();
        let looks_secret = SECRET_WORDS.iter().any(|word| lower.contains(word));
        if name.starts_with('-') && looks_secret && !ALLOWED_OPTIONS.contains(&name) {
            return Some(where_secrets_go());
        }
    }
    None
}

/// The message in place of a parser error that could quote a secret:
/// one that was given to `onramp login` without an option, or one in an address.
pub(super) fn replace_complaint(arguments: &[OsString], error: &Error) -> Option<String> {
    let unknown = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
    if unknown && arguments.iter().any(|one| one == "login") {
        return Some(format!("unknown argument for `onramp login`; {}", where_secrets_go()));
    }
    let quoted = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let about =
        [ContextKind::InvalidValue, ContextKind::InvalidSubcommand, ContextKind::InvalidArg];
    let option = quoted(ContextKind::InvalidArg).unwrap_or_default();
    let option = option.split([' ', '=']).next().unwrap_or_default();
    if error.kind() == ErrorKind::ValueValidation && ADDRESS_OPTIONS.contains(&option) {
        let why = error.source().map_or_else(String::new, |why| format!(": {why}"));
        return Some(format!("{option} cannot be used{why}"));
    }
    about.into_iter().filter_map(quoted).any(may_be_an_address).then(|| {
        let what = if option.starts_with("--") && !may_be_an_address(option) {
            format!("{option} does not accept its value")
        } else {
            "unknown argument".to_owned()
        };
        format!("{what}; not repeated here, since it may contain a password")
    })
}

/// The options that take an address.
const ADDRESS_OPTIONS: [&str; 2] = ["--api-url", "--token-url"];

fn may_be_an_address(text: &str) -> bool {
    text.contains("://") || text.contains('@')
}

fn where_secrets_go() -> String {
    "secrets on the command line are rejected, since other users can read them: type the secret \
     at the prompt of `onramp login`, pass it on standard input, or name a file descriptor with \
     --secret-fd"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> Option<String> {
        refuse_secrets(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn secret_like_option_is_refused_without_its_value() {
        for option in
            ["--secret", "--client-secret", "--client_secret", "--password", "--token", "-secret"]
        {
            for line in [format!("login {option}=CANARY"), format!("login {option} CANARY")] {
                let says = refused(&line).unwrap_or_else(|| panic!("{line} is taken"));
                assert!(!says.contains("CANARY") && says.contains("--secret-fd"), "{says}");
            }
        }
        let says = refused("login --secret-fd=CANARY").expect("no number");
        assert!(!says.contains("CANARY"));
    }

    #[test]
    fn what_only_sounds_like_a_secret_is_taken() {
        for line in [
            "login --secret-fd 3",
            "login --secret-fd=3",
            "--token-url https://auth.example.net",
            "login --store command --command /bin/pass --token x",
            "demo --regions /etc/secrets.toml",
        ] {
            assert_eq!(refused(line), None, "{line}");
        }
    }
}

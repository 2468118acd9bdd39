//! Refuses a secret on the command line, where every user of this host could
//! read it, before anybody prints the arguments in a complaint.

use std::ffi::OsString;

use clap::error::ErrorKind;

/// Words that make an option look like one that takes a secret.
const SECRET: [&str; 6] = ["secret", "password", "passwd", "passphrase", "token", "private"];

/// The options with such a word that take none.
const HARMLESS: [&str; 2] = ["--secret-fd", "--token-url"];

/// Why these arguments are refused, if they are. Quotes no value.
pub(super) fn refusal(arguments: &[OsString]) -> Option<String> {
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
        let looks_secret = SECRET.iter().any(|word| lower.contains(word));
        if name.starts_with('-') && looks_secret && !HARMLESS.contains(&name) {
            return Some(told());
        }
    }
    None
}

/// Whether a complaint of the parser could quote a secret that was given to
/// `onramp login` without an option.
pub(super) fn hides(arguments: &[OsString], kind: ErrorKind) -> Option<String> {
    let quotes = matches!(kind, ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
    let signs_in = arguments.iter().any(|one| one == "login");
    (quotes && signs_in)
        .then(|| format!("there is an argument that `onramp login` does not know; {}", told()))
}

fn told() -> String {
    "a secret is never given on the command line, where other users can read it: type it at the \
     prompt of `onramp login`, send it to standard input, or name a file descriptor with \
     --secret-fd"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> Option<String> {
        refusal(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn an_option_that_looks_like_a_secret_is_refused_and_its_value_not_repeated() {
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

//! Who sits at this console, as far as the system knows: one key pair is
//! shared by many, so Megaport's own log names nobody.

use serde_json::{Map, Value};

/// The person, from what the system says.
pub(super) fn who() -> Map<String, Value> {
    let mut who = Map::new();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            // A name of the environment is anybody's word: no control characters.
            let clean = crate::domain::text::SafeText::clean(&value).to_string();
            who.insert(name.to_owned(), clean.into());
        }
    };
    set("user", variable("USER").or_else(|| variable("LOGNAME")));
    set("sudo", variable("SUDO_USER"));
    // The first word is the address of the other end.
    let ssh = variable("SSH_CONNECTION");
    set("ssh", ssh.and_then(|all| all.split(' ').next().map(str::to_owned)));
    #[cfg(unix)]
    {
        let tty = rustix::termios::ttyname(rustix::stdio::stdin(), vec![]).ok();
        set("tty", tty.and_then(|name| name.into_string().ok()));
        who.insert("uid".to_owned(), rustix::process::getuid().as_raw().into());
    }
    who
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_user_is_always_known() {
        assert!(who().get("uid").is_some_and(Value::is_u64));
    }
}

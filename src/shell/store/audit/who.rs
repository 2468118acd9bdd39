//! The person at this console, as far as the system knows. One key pair is shared by
//! many, so Megaport's own log cannot show who acted.

use std::path::Path;

use crate::domain::audit::{Fact, Value, harmless};

/// Returns the user and the host, for every line of this process.
pub(super) fn author_facts() -> Vec<Fact> {
    let mut who: Vec<Fact> = vec![];
    let mut set = |name, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            who.push((name, Value::Text(harmless(&value))));
        }
    };
    let ssh = variable("SSH_CONNECTION");
    set("user", user());
    set("sudo_user", variable("SUDO_USER"));
    // The first word is the address of the other end.
    set("ssh_from", ssh.and_then(|all| all.split(' ').next().map(str::to_owned)));
    set("tty", terminal());
    set("on_host", host());
    who.extend(numbers());
    who.push(("pid", Value::Number(i64::from(std::process::id()))));
    who
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn first_line(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(Path::new(path)).ok()?;
    text.lines().next().map(str::to_owned)
}

/// Returns the name of the user: by the system's list, else by the environment.
fn user() -> Option<String> {
    listed().or_else(|| variable("USER")).or_else(|| variable("LOGNAME"))
}

#[cfg(unix)]
fn listed() -> Option<String> {
    let us = rustix::process::getuid().as_raw().to_string();
    let text = std::fs::read_to_string("/etc/passwd").ok()?;
    name_of(&text, &us).map(str::to_owned)
}

#[cfg(not(unix))]
fn listed() -> Option<String> {
    None
}

/// Returns the name that `passwd` has for this number.
#[cfg_attr(not(unix), expect(dead_code, reason = "there is no such list"))]
fn name_of<'p>(passwd: &'p str, number: &str) -> Option<&'p str> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _password, its) = (fields.next()?, fields.next()?, fields.next()?);
        (its == number).then_some(name)
    })
}

#[cfg(unix)]
fn terminal() -> Option<String> {
    let name = rustix::termios::ttyname(rustix::stdio::stdin(), vec![]).ok()?;
    name.into_string().ok()
}

#[cfg(not(unix))]
fn terminal() -> Option<String> {
    None
}

fn host() -> Option<String> {
    first_line("/proc/sys/kernel/hostname").or_else(|| variable("HOSTNAME"))
}

/// Returns the user's number, and that of the login: `su` and `sudo` do not change it.
#[cfg(unix)]
fn numbers() -> Vec<Fact> {
    let uid = rustix::process::getuid().as_raw();
    let mut numbers = vec![("uid", Value::Number(i64::from(uid)))];
    let login = first_line("/proc/self/loginuid").and_then(|text| text.parse::<u32>().ok());
    // The largest number means that there was no login.
    let login = login.filter(|login| *login != u32::MAX);
    numbers.extend(login.map(|login| ("login_uid", Value::Number(i64::from(login)))));
    numbers
}

#[cfg(not(unix))]
fn numbers() -> Vec<Fact> {
    vec![]
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_user_is_always_known() {
        let is = |(name, value): &Fact| *name == "uid" && matches!(value, Value::Number(_));
        assert!(author_facts().iter().any(is));
    }

    #[test]
    fn the_name_is_that_of_the_systems_list() {
        let list = "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/sh\n";
        assert_eq!(name_of(list, "1000"), Some("anna"));
        assert_eq!(name_of(list, "100"), None);
    }
}

//! The view that other programs of the same user have of this one.

use std::{
    fs::Permissions,
    io::{BufRead as _, BufReader},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::{Command, Stdio},
};

use crate::{
    canary,
    home::{ONRAMP, skipped},
};

/// A user who is not root: root may read everything.
const NOBODY: [&str; 3] = ["--reuid=65534", "--regid=65534", "--clear-groups"];

/// Runs a program as a plain user: the one who runs the tests, or `nobody`.
fn plainly(program: &str) -> Command {
    let is_root = std::fs::metadata("/proc/self").expect("a process").uid() == 0;
    let mut command = Command::new(if is_root { "setpriv" } else { program });
    if is_root {
        command.args(NOBODY).arg(program);
    }
    command
}

#[test]
fn programs_of_the_same_user_read_neither_memory_nor_variables() {
    if plainly("true").status().is_err() {
        return skipped("root needs setpriv to become somebody else");
    }
    let directory = tempfile::tempdir().expect("a directory");
    let program = directory.path().join("onramp");
    std::fs::copy(ONRAMP, &program).expect("copied");
    for path in [directory.path(), &program] {
        std::fs::set_permissions(path, Permissions::from_mode(0o755)).expect("opened");
    }
    let secret = canary::invent();
    let mut command = plainly(&program.display().to_string());
    command.arg("simulator").env("MEGAPORT_SECRET_KEY", &secret).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the simulator starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("ours");
    BufReader::new(out).read_line(&mut line).expect("a line: it is running");
    let mut looked = vec![];
    for name in ["environ", "maps", "mem"] {
        let path = format!("/proc/{}/{name}", child.id());
        looked.push((name, plainly("head").args(["-c", "1", &path]).output().expect("head")));
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("limits");
    child.kill().and_then(|()| child.wait()).expect("it ends");
    for (name, head) in looked {
        assert!(!head.status.success() && head.stdout.is_empty(), "{name} can be read: {head:?}");
    }
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
}

//! The kernel's keyring, where this kernel lets us.

use crate::{
    canary,
    harness::pty::Pty,
    home::{Home, skipped},
    server::Server,
};

#[test]
fn kernel_keyring_keeps_a_secret_without_a_desktop() {
    let home = Home::bare();
    let server = Server::start();
    let login = home.login(&server, &["--store", "kernel"], &server.secret);
    if login.code == Some(3) && login.errors.contains("cannot store a secret") {
        // A container may forbid it: nothing of ours is wrong then.
        skipped(&login.errors);
        return;
    }
    login.says(0, &["the kernel keyring", "until reboot"]);
    let renewed = home.login(&server, &["--store", "kernel"], &server.secret);
    renewed.says(0, &["Signed in"]);
    let mut console = Pty::start(home.pty(&[]), (100, 30));
    console.wait_for_text("8 on-ramps in 4 countries");
    console.send("q");
    assert_eq!(console.exit_code(), 0);
    let logout = home.onramp(&["logout", "--profile", "lab"], "");
    logout.says(0, &["Removed", "from the kernel keyring"]);
    let console = home.onramp(&["--profile", "lab"], "");
    console.says(3, &["no such entry"]);
    canary::nowhere(&server.secret, &home, &[&login, &renewed, &logout, &console]);
}

//! A custom certificate authority, in the whole program.

use crate::{
    harness::pty::Pty,
    home::Home,
    server::Server,
    tls::{TlsProxy, fixture},
};

/// A profile for `proxy`, with `top` above it in the file.
fn configure(home: &Home, proxy: &TlsProxy, top: &str, more: &str) {
    let directory = home.config();
    std::fs::create_dir_all(&directory).expect("made");
    let text = format!(
        "{top}\n[[profile]]\nname = \"lab\"\nstore = \"environment\"\napi_url = \"{}\"\n\
         token_url = \"{}\"\n{more}\n",
        proxy.url,
        proxy.token_url()
    );
    std::fs::write(directory.join("config.toml"), text).expect("written");
    // The umask of the user who runs this does not count.
    let config = home.path("config").display().to_string();
    home.run("chmod", &["-R", "go-w", &config], "").says(0, &[]);
}

/// Returns the authority of the tests, where only its owner can write.
fn authority(home: &Home) -> String {
    let path = home.path("home/corp.pem");
    std::fs::copy(fixture("ca.pem"), &path).expect("copied");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&path, mode).expect("closed");
    path.display().to_string()
}

#[test]
fn the_console_believes_an_authority_of_ones_own_and_says_so() {
    let mut home = Home::bare();
    let server = Server::start();
    let proxy = TlsProxy::open("good.pem", server.url.trim_start_matches("http://"));
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    configure(&home, &proxy, "", "");
    let mut without = Pty::start(home.pty(&["--profile", "lab"]), (160, 30));
    without.wait_for_text("its certificate is not signed by a CA that this host trusts");
    without.send("q");
    assert_eq!(without.exit_code(), 1);
    assert_eq!(proxy.said(), 0, "nothing was sent");

    let line = format!("ca_file = \"{}\"", authority(&home));
    for (top, more) in [(line.as_str(), ""), ("", line.as_str())] {
        configure(&home, &proxy, top, more);
        let mut console = Pty::start(home.pty(&["--profile", "lab"]), (160, 30));
        console.wait_for_text("8 on-ramps in 4 countries");
        console.wait_for_text("extra CA corp.pem");
        console.wait_for_text("] RO +CA");
        console.send("!");
        console.wait_for_text("home/corp.pem");
        console.send("q");
        console.wait_for("the views", |screen| !screen.contents().contains("home/corp.pem"));
        console.send("\x03");
        assert_eq!(console.exit_code(), 0);
        let doctor = home.onramp(&["doctor", "--profile", "lab"], "");
        doctor.says(0, &["1 certificate of ", "home/corp.pem trusted besides the system's"]);
    }
}

#[test]
fn unusable_ca_file_is_a_named_error_and_nothing_is_sent() {
    let mut home = Home::bare();
    let server = Server::start();
    let proxy = TlsProxy::open("good.pem", server.url.trim_start_matches("http://"));
    home.set("MEGAPORT_ACCESS_KEY", &server.id);
    home.set("MEGAPORT_SECRET_KEY", &server.secret);
    let path = authority(&home);
    let line = format!("ca_file = \"{path}\"");
    configure(&home, &proxy, "", &line);
    std::fs::write(&path, "not a certificate").expect("written");
    let console = home.onramp(&["--profile", "lab"], "");
    console.says(2, &["home/corp.pem cannot be used: it contains no certificate"]);
    home.onramp(&["doctor", "--profile", "lab"], "").says(1, &["home/corp.pem cannot be used"]);
    std::fs::remove_file(&path).expect("removed");
    home.onramp(&["--profile", "lab"], "").says(2, &["home/corp.pem"]);
    assert_eq!(proxy.came(), 0);
}

use std::path::Path;

use super::*;

const MAIN: &str =
    "[[profile]]\nname = \"main\"\nenvironment = \"staging\"\nclient_id = \"an-id\"\n";

fn legal(text: &str) -> Config {
    read_config(text.to_owned(), Path::new("/nowhere/config.toml"), "config.toml")
        .expect("a legal file")
}

#[test]
fn a_profile_says_where_as_whom_and_where_its_secret_is() {
    let config = legal(MAIN);
    let main = config.default_profile().expect("the only one counts");
    assert_eq!(main.api, Api::Environment(Environment::Staging));
    assert_eq!(main.client_id.as_deref(), Some("an-id"));
    assert_eq!((&main.store, main.mode), (&Store::Keyring, Mode::ReadOnly));
}

#[test]
fn corrupt_file_is_reported_with_line_column_and_expectation() {
    let cases = [
        (format!("{MAIN}store = \"plaintext\"\n"), "line 5, column 9: expected session, keyring, kernel"),
        (format!("{MAIN}secret = \"canary\"\n"), "line 5, column 1: unknown field `secret`"),
        (format!("{MAIN}mode = \"rw\"\n"), "line 5, column 8: expected read-only or read-write"),
        (format!("{MAIN}api_url = \"https://a.example\"\n"), "line 2, column 8: expected environment, or"),
        (format!("{MAIN}store = \"command\"\n"), "line 5, column 9: expected command beside"),
        (
            format!("{MAIN}store = \"command\"\ncommand = [\"pass\"]\n"),
            "line 6, column 11: expected an absolute path",
        ),
        (format!("{MAIN}command = [\"/bin/true\"]\n"), "line 5, column 11: expected store ="),
        (format!("{MAIN}{MAIN}"), "line 6, column 8: expected another name"),
        (format!("default = \"other\"\n{MAIN}"), "line 1, column 11: expected the name of a profile"),
        (MAIN.replace("main", "my main"), "line 2, column 8: expected a name of letters"),
        (MAIN.replace("staging", "moon"), "line 3, column 15: expected production, staging"),
        (MAIN.replace("an-id", "an id"), "line 4, column 13: expected a client id"),
        (MAIN.replace("client_id = \"an-id\"\n", ""), "line 2, column 8: expected client_id"),
        (
            "[[profile]]\nname = \"a\"\napi_url = \"http://a.example\"\ntoken_url = \"https://b.example\"\n".to_owned(),
            "line 3, column 11: https is required",
        ),
        (format!("{MAIN}ca_file = \"corp.pem\"\n"), "line 5, column 11: expected an absolute path"),
        (format!("ca_file = \"./corp.pem\"\n{MAIN}"), "line 1, column 11: expected an absolute path"),
        (format!("{MAIN}[log]\nlevel = \"loud\"\n"), "line 6, column 9: expected off, error, warn"),
        (format!("{MAIN}[log]\nfile = \"x\"\n"), "line 6, column 1: unknown field `file`"),
        (
            format!("{MAIN}command = \"https://u:canary@\\\"h.example\"\n"),
            "line 5, column 11: invalid type: string \"...\", expected a sequence",
        ),
        (
            format!("{MAIN}\"https://u:canary@h.example\" = 1\n"),
            "line 5, column 1: expected a known setting",
        ),
        (
            MAIN.replace("environment = \"staging\"", "api_url = \"https://u:canary@a.example\"\ntoken_url = \"https://b.example\""),
            "line 3, column 11: a URL must not carry a user name",
        ),
        ("[[profile]\n".to_owned(), "line 1, column 11: unclosed"),
    ];
    for (text, says) in cases {
        let message = read_config(text.clone(), Path::new("/nowhere/config.toml"), "config.toml")
            .expect_err("not legal")
            .to_string();
        assert!(message.starts_with(&format!("config.toml, {says}")), "{message}\nfor\n{text}");
        assert!(!message.contains("canary"), "values are not quoted: {message}");
    }
}

#[test]
fn what_is_written_is_read_again_and_comments_stay() {
    let text = format!(
        "# my accounts\n\n{MAIN}# after\n\n[[profile]]\nname = \"other\" # two\nenvironment = \"production\"\nclient_id = \"b\" # whose\n"
    );
    let changed = Profile {
        name: "other".to_owned(),
        api: Api::Urls("https://a.example".to_owned(), "https://b.example/t".to_owned()),
        client_id: Some("c".to_owned()),
        store: Store::Command(vec!["/bin/x".to_owned(), "a \"b\"".to_owned()]),
        mode: Mode::ReadWrite,
        ca_file: Some("/etc/corp.pem".into()),
    };
    let written = with_profile(&text, &changed, false).expect("written");
    for comment in ["# my accounts", "# after", "# two", "client_id = \"c\" # whose"] {
        assert!(written.contains(comment), "{comment} is lost:\n{written}");
    }
    let config = legal(&written);
    assert_eq!(config.find_profile("other"), Some(&changed));
    assert_eq!(config.profiles.len(), 2);
    assert!(config.default_profile().is_none(), "two, and none is the default");
    let back =
        Profile { store: Store::Kernel, api: Api::Environment(Environment::Production), ..changed };
    let config = legal(&with_profile(&written, &back, false).expect("written"));
    assert_eq!(
        config.find_profile("other"),
        Some(&back),
        "what does not belong to it any more is gone"
    );
}

#[test]
fn the_first_profile_becomes_the_default() {
    let profile = legal(MAIN).profiles.remove(0);
    let written = with_profile("# mine\n", &profile, true).expect("written");
    let other = Profile { name: "other".to_owned(), ..profile };
    let config = legal(&with_profile(&written, &other, false).expect("written"));
    assert_eq!(
        config.default_profile().map(|usual| usual.name.as_str()),
        Some("main"),
        "{written}"
    );
}

#[test]
fn presets_and_vlan_policy_are_read_and_errors_located() {
    let text = "[[preset]]\nname = \"burst\"\nrate = 1000\nvalid = \"36h\"\nuse = \"multi\"\n\
                [vlan]\nbase = 200\nspread = 32\nreserved = [\"1002-1005\", \"7\"]\nhighest = 3999\n\
                [[vlan.block]]\ncustomer = \"ACME\"\nfrom = 300\nto = 399\n";
    let settings = read_config(text.to_owned(), Path::new("/nowhere/config.toml"), "config.toml")
        .expect("legal")
        .settings;
    let [preset] = &settings.presets[..] else { panic!("one preset: {settings:?}") };
    assert_eq!((preset.rate.get(), preset.single, preset.active), (1000, false, true));
    assert_eq!(preset.lifetime.map(|life| life.as_secs()), Some(36 * 3600));
    assert_eq!((settings.vlans.base.get(), settings.vlans.spread), (200, 32));
    let reserved: Vec<_> =
        settings.vlans.reserved.iter().map(|(first, last)| (first.get(), last.get())).collect();
    assert_eq!((reserved, settings.vlans.highest.get()), (vec![(1002, 1005), (7, 7)], 3999));
    assert_eq!(settings.vlans.block_of("acme pty").map(|block| block.last.get()), Some(399));
    let usual = read_config(String::new(), Path::new("/nowhere/config.toml"), "config.toml")
        .expect("legal")
        .settings;
    assert_eq!(usual.presets.len(), 1, "there is always one");
    for (text, says) in [
        ("[vlan]\nreserved = [\"5-2\"]\n", "line 2, column 13: expected VLANs like"),
        ("[[preset]]\nname = \"\"\n", "line 2, column 8: expected a name"),
        ("[[preset]]\nname = \"a\"\nrate = 0\n", "line 3, column 8: expected a rate: at least 1"),
        (
            "[[preset]]\nname = \"a\"\nrate = \"1,000\"\n",
            "line 3, column 8: expected a rate: 1000 or",
        ),
        (
            "[[preset]]\nname = \"a\"\nrate = \"fast\"\n",
            "line 3, column 8: expected a rate: digits",
        ),
        ("[[preset]]\nname = \"a\"\nrate = 2.5\n", "line 3, column 8: expected a rate: 500 or"),
        ("[[preset]]\nname = \"a\"\nrate = -5\n", "line 3, column 8: expected a rate: 500 or"),
        ("[[preset]]\nname = \"a\"\nvalid = \"soon\"\n", "line 3, column 9: expected a span"),
        ("[[preset]]\nname = \"a\"\nuse = \"two\"\n", "line 3, column 7: expected single"),
        ("[vlan]\nbase = 1\n", "line 2, column 8: expected a VLAN"),
        ("[vlan]\nspread = 0\n", "line 2, column 10: expected 1 to 256"),
        ("[[vlan.block]]\ncustomer = \"A\"\nfrom = 9\nto = 8\n", "line 4, column 6: expected"),
    ] {
        let error = read_config(text.to_owned(), Path::new("/nowhere/config.toml"), "config.toml")
            .expect_err("wrong")
            .to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn the_rate_of_a_preset_may_be_written_as_it_is_typed() {
    for (written, rate) in [("\"2.5 Gbps\"", 2500), ("\"500m\"", 500), ("250", 250)] {
        let text = format!("[[preset]]\nname = \"a\"\nrate = {written}\n");
        let config = read_config(text, Path::new("/nowhere/config.toml"), "config.toml");
        let settings = config.expect("legal").settings;
        assert_eq!(settings.presets[0].rate.get(), rate, "{written}");
    }
}

#[test]
fn examples_of_the_document_are_legal() {
    let document = include_str!("../../../../../docs/configuration.md");
    for text in crate::shell::examples_for_test::blocks(document, "toml") {
        let read = read_config(text.to_owned(), Path::new("/nowhere/config.toml"), "example");
        assert!(read.is_ok(), "{:?}\n{text}", read.err());
    }
}

#[test]
fn words_of_the_first_edition_are_still_read() {
    let preset = "[[preset]]\nname = \"a\"\nvalid = \"open-ended\"\n";
    let config = legal(&format!("{preset}[hand_off]\ncompany = \"Q\"\nfirst = \"mail\"\n"));
    let delivery = &config.settings.delivery;
    assert_eq!((delivery.company.as_str(), delivery.templates[0].name.as_str()), ("Q", "email"));
    assert_eq!(config.settings.presets[0].lifetime, None);
    let now =
        legal(&format!("{}[messages]\nfirst = \"email\"\n", preset.replace("open-ended", "never")));
    assert_eq!(now.settings.presets, config.settings.presets);
}

#[test]
fn the_example_we_ship_is_legal() {
    let text = include_str!("../../../../../assets/config.example.toml");
    let config =
        read_config(text.to_owned(), Path::new("/nowhere/config.toml"), "example").expect("legal");
    assert_eq!((config.profiles.len(), config.settings.presets.len()), (1, 2));
}

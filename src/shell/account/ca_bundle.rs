//! Reads the authority that `ca_file` names, and those that variables name in place of the
//! system's. `ca_file` decides to whom the secret is sent, so no other user may be able to
//! write it.

use std::{
    ffi::OsString,
    io::Read as _,
    path::{Path, PathBuf},
};

use rustls_native_certs::load_certs_from_paths;

use crate::{
    client::Authority,
    shell::{
        exit::ExitError,
        stdio::error_text,
        store::permissions::{self, path_text},
    },
};

/// The most that is read: 4 MiB, several times the certificates of a system.
const FILE_MAX_BYTES: u64 = 4 << 20;

/// The variables that name certificates to believe in place of the system's.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Returns the authority in the file at `path`, or what is wrong with it, with its
/// name.
pub(in crate::shell) fn load_ca_file(path: &Path) -> Result<Authority, ExitError> {
    let name = path_text(path);
    let wrong = |why: String| ExitError::Usage(format!("ca_file {name} cannot be used: {why}"));
    permissions::check(path).map_err(wrong)?;
    let file = read_bounded(path).map_err(wrong)?;
    Authority::parse(name.as_str(), &file).map_err(|error| wrong(error_text(&error)))
}

/// Reads the authorities that variables name in place of the system's; `None` where
/// none is set. The TLS library takes an empty one for the name of a file, and ignores
/// an unusable file silently.
pub(in crate::shell) fn read_variables() -> Result<Option<Authority>, ExitError> {
    let (authority, troubles) = find_roots();
    // One usable authority is enough; `doctor` reports the other.
    if authority.is_none() && !troubles.is_empty() {
        return Err(ExitError::Usage(troubles.join("; ")));
    }
    Ok(authority)
}

/// Finds the authorities, with the errors of a variable's file.
pub(in crate::shell) fn find_roots() -> (Option<Authority>, Vec<String>) {
    let [file, directories] = VARIABLES.map(variable);
    if file.is_none() && directories.is_none() {
        return (None, vec![]);
    }
    let set = |path: Option<OsString>| path.filter(|path| !path.is_empty());
    let (file, directories) = (set(file), set(directories));
    if file.is_none() && directories.is_none() {
        return (system_roots(), vec![]);
    }
    let mut certificates = vec![];
    let mut troubles = vec![];
    if let Some(path) = file.map(PathBuf::from) {
        let name = path_text(&path);
        let bundle = read_bounded(&path).and_then(|file| {
            Authority::read_bundle(name.as_str(), &file).map_err(|error| error_text(&error))
        });
        match bundle {
            Ok(bundle) => certificates.extend(bundle.into_certificates()),
            Err(why) => troubles.push(format!("SSL_CERT_FILE {name} cannot be used: {why}")),
        }
    }
    for directory in directories.iter().flat_map(std::env::split_paths) {
        let found = load_certs_from_paths(None, Some(&directory)).certs;
        if found.is_empty() {
            let name = path_text(&directory);
            troubles.push(format!("SSL_CERT_DIR {name} contains no readable certificate"));
        }
        certificates.extend(found);
    }
    (Authority::from_certificates(&VARIABLES.join(", "), certificates).ok(), troubles)
}

/// Returns the certificates of this system, found without the variables that are set
/// and empty; `None` where the library below finds them itself.
fn system_roots() -> Option<Authority> {
    if cfg!(any(target_os = "macos", target_os = "windows")) {
        return None;
    }
    let found = openssl_probe::probe();
    let file = load_certs_from_paths(found.cert_file.as_deref(), None).certs;
    let directories = found.cert_dir.iter();
    let all = directories.flat_map(|one| load_certs_from_paths(None, Some(one)).certs);
    Authority::from_certificates("the system", file.into_iter().chain(all).collect()).ok()
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Returns the whole file, where it is one and not too large.
fn read_bounded(path: &Path) -> Result<Vec<u8>, String> {
    let facts = path.metadata().map_err(|error| error_text(&error))?;
    if !facts.is_file() {
        return Err("it is not a file".to_owned());
    }
    let mut file = vec![];
    let read =
        std::fs::File::open(path).and_then(|it| it.take(FILE_MAX_BYTES + 1).read_to_end(&mut file));
    read.map_err(|error| error_text(&error))?;
    if file.len() as u64 > FILE_MAX_BYTES { Err("it is over 4 MiB".to_owned()) } else { Ok(file) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn unusable_file_is_reported_with_its_name() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("corp.pem");
        let says = || load_ca_file(&path).expect_err("no authority").to_string();
        assert!(says().contains("corp.pem"), "{}", says());
        fs::create_dir(&path).expect("made");
        assert!(says().contains("corp.pem cannot be used: it is not a file"), "{}", says());
        fs::remove_dir(&path).expect("removed");
        fs::write(&path, "canary").expect("written");
        assert!(says().contains("it contains no certificate in PEM or DER form"), "{}", says());
        assert!(!says().contains("canary"), "it is not quoted");
        fs::write(&path, include_str!("../../../tests/certificates/ca.pem")).expect("written");
        assert_eq!(load_ca_file(&path).expect("an authority").count(), 1);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("opened");
        assert!(says().contains("is writable by everybody (o+w): chmod"), "{}", says());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        fs::write(&path, vec![b'x'; (4 << 20) + 1]).expect("written");
        assert!(says().contains("over 4 MiB"), "{}", says());
    }
}

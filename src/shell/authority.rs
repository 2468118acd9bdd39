//! Reads the authority that `ca_file` names. It decides whom the secret is
//! sent to, so nobody else may be able to write it.

use std::{io::Read as _, path::Path};

use crate::client::Authority;

use super::{
    exit::Ending,
    private::{self, shown},
};

/// The most that is read: 1 MiB, several times the certificates of a system.
const MOST: u64 = 1 << 20;

/// The authority in the file at `path`, or what is wrong with it, with its name.
pub(super) fn load(path: &Path) -> Result<Authority, Ending> {
    let name = shown(path);
    let wrong = |why: String| Ending::Usage(format!("ca_file {name} cannot be used: {why}"));
    private::check(path).map_err(wrong)?;
    if !path.metadata().is_ok_and(|facts| facts.is_file()) {
        return Err(wrong("it is no file".to_owned()));
    }
    let mut pem = vec![];
    let read = std::fs::File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut pem));
    read.map_err(|error| wrong(error.to_string()))?;
    if pem.len() as u64 > MOST {
        return Err(wrong("it is over 1 MiB".to_owned()));
    }
    Authority::from_pem(name.as_str(), &pem).map_err(|error| wrong(error.to_string()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[test]
    fn a_file_that_can_not_be_used_is_told_with_its_name() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("corp.pem");
        let says = || load(&path).expect_err("no authority").to_string();
        assert!(says().contains("corp.pem"), "{}", says());
        fs::create_dir(&path).expect("made");
        assert!(says().contains("corp.pem cannot be used: it is no file"), "{}", says());
        fs::remove_dir(&path).expect("removed");
        fs::write(&path, "canary").expect("written");
        assert!(says().contains("no certificate in PEM form"), "{}", says());
        assert!(!says().contains("canary"), "it is not quoted");
        fs::write(&path, include_str!("../../tests/certificates/ca.pem")).expect("written");
        assert_eq!(load(&path).expect("an authority").count(), 1);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("opened");
        assert!(says().contains("can be changed by everybody (o+w)"), "{}", says());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        fs::write(&path, vec![b'x'; (1 << 20) + 1]).expect("written");
        assert!(says().contains("over 1 MiB"), "{}", says());
    }
}

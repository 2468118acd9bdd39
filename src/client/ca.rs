//! An authority of one's own, believed beside those of the system: for networks
//! whose proxy opens TLS.

use std::fmt;

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use thiserror::Error;

use crate::domain::text::SafeText;

/// The certificates of an authority, each one read.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    name: SafeText,
    certificates: Vec<CertificateDer<'static>>,
}

/// What is wrong with a file of certificates. It does not quote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AuthorityError {
    /// It holds a private key, which does not belong there.
    #[error("it holds a private key; only certificates belong there")]
    PrivateKey,
    /// It is not in PEM form, or holds no certificate.
    #[error("it holds no certificate in PEM form")]
    Empty,
    /// One of its certificates is broken: which one, counted from 1.
    #[error("its certificate number {0} cannot be read")]
    Broken(usize),
}

impl Authority {
    /// Reads every certificate of a PEM file; `name` is what a screen shows.
    pub fn from_pem(name: &str, pem: &[u8]) -> Result<Self, AuthorityError> {
        let has = |mark: &[u8]| pem.windows(mark.len()).any(|some| some == mark);
        if has(b"PRIVATE KEY-----") {
            return Err(AuthorityError::PrivateKey);
        }
        let mut certificates = vec![];
        let mut roots = RootCertStore::empty();
        for (n, read) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let broken = AuthorityError::Broken(n + 1);
            let certificate: CertificateDer<'static> = read.map_err(|_| broken)?;
            roots.add(certificate.clone()).map_err(|_| broken)?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(AuthorityError::Empty);
        }
        Ok(Self { name: SafeText::clean(name), certificates })
    }

    /// What a screen shows.
    pub const fn name(&self) -> &SafeText {
        &self.name
    }

    /// How many certificates there are.
    pub fn count(&self) -> usize {
        self.certificates.len()
    }

    /// The same for the library below. Each was read before, so none is lost.
    pub(super) fn certificates(&self) -> Vec<reqwest::Certificate> {
        self.certificates
            .iter()
            .filter_map(|one| reqwest::Certificate::from_der(one.as_ref()).ok())
            .collect()
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({}, {})", self.name, self.certificates.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CA: &str = include_str!("../../tests/certificates/ca.pem");

    fn read(pem: &str) -> Result<usize, AuthorityError> {
        Authority::from_pem("ca.pem", pem.as_bytes()).map(|authority| authority.count())
    }

    #[test]
    fn every_certificate_of_a_file_is_read_or_the_file_is_refused() {
        assert_eq!(read(CA), Ok(1));
        assert_eq!(read(&format!("words before\n{CA}\nand between\n{CA}")), Ok(2));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = CA.replace("-----END", "----END");
        assert_eq!(read(""), Err(AuthorityError::Empty));
        assert_eq!(read("no PEM at all"), Err(AuthorityError::Empty));
        assert_eq!(read(broken), Err(AuthorityError::Broken(1)));
        assert_eq!(read(&format!("{CA}{broken}")), Err(AuthorityError::Broken(2)));
        assert_eq!(read(&format!("{CA}{cut}")), Err(AuthorityError::Broken(2)));
        let key = include_str!("../../tests/certificates/leaf.key");
        assert_eq!(read(&format!("{CA}{key}")), Err(AuthorityError::PrivateKey));
    }
}

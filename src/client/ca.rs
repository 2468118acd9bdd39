//! A custom certificate authority, trusted beside those of the system: for networks
//! whose proxy intercepts TLS.

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

/// The error in a file of certificates. It does not quote the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AuthorityError {
    /// It holds a private key, which does not belong there.
    #[error("it contains a private key; only certificates belong there")]
    PrivateKey,
    /// It holds no certificate, in PEM or in DER form.
    #[error("it contains no certificate in PEM or DER form")]
    Empty,
    /// It is text of two bytes a letter.
    #[error("it is UTF-16 text; certificates are ASCII")]
    Wide,
    /// One of its certificates is broken; its number, counted from 1.
    #[error("its certificate number {0} cannot be read")]
    Broken(usize),
}

impl Authority {
    /// Reads every certificate of a file in PEM form, or the one of a file in DER form;
    /// `name` is what a screen shows. One that cannot be read refuses the file.
    pub fn parse(name: &str, file: &[u8]) -> Result<Self, AuthorityError> {
        let read = certificates(file)?;
        let broken = read.iter().position(Option::is_none);
        let all = read.into_iter().flatten().collect();
        broken.map_or_else(
            || Self::from_certificates(name, all),
            |n| Err(AuthorityError::Broken(n + 1)),
        )
    }

    /// Reads a file with the certificates of a whole system, some of which this program
    /// need not understand.
    pub fn read_bundle(name: &str, file: &[u8]) -> Result<Self, AuthorityError> {
        Self::from_certificates(name, certificates(file)?.into_iter().flatten().collect())
    }

    /// Certificates that were read already.
    pub fn from_certificates(
        name: &str,
        certificates: Vec<CertificateDer<'static>>,
    ) -> Result<Self, AuthorityError> {
        let is_empty = certificates.is_empty();
        let authority = Self { name: SafeText::clean(name), certificates };
        if is_empty { Err(AuthorityError::Empty) } else { Ok(authority) }
    }

    /// Returns the name shown on the screen.
    pub const fn name(&self) -> &SafeText {
        &self.name
    }

    /// Returns the certificates.
    pub fn into_certificates(self) -> Vec<CertificateDer<'static>> {
        self.certificates
    }

    /// Returns the number of certificates.
    pub fn count(&self) -> usize {
        self.certificates.len()
    }

    /// Returns the certificates for the HTTP library. Each was read before, so none is
    /// lost.
    pub(super) fn certificates(&self) -> Vec<reqwest::Certificate> {
        self.certificates
            .iter()
            .filter_map(|one| reqwest::Certificate::from_der(one.as_ref()).ok())
            .collect()
    }
}

/// Returns the certificates of a file in PEM or DER form; `None` for one that cannot be
/// read.
fn certificates(file: &[u8]) -> Result<Vec<Option<CertificateDer<'static>>>, AuthorityError> {
    if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        return Err(AuthorityError::Wide);
    }
    // Editors of some systems begin a text with a mark of their own.
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let has = |mark: &[u8]| file.windows(mark.len()).any(|some| some == mark);
    if has(b"PRIVATE KEY-----") {
        return Err(AuthorityError::PrivateKey);
    }
    let mut roots = RootCertStore::empty();
    let mut fit = |one: CertificateDer<'static>| roots.add(one.clone()).ok().map(|()| one);
    let pem = CertificateDer::pem_slice_iter(file).map(|read| read.ok().and_then(&mut fit));
    let pem: Vec<_> = pem.collect();
    if !pem.is_empty() {
        return Ok(pem);
    }
    Ok(fit(CertificateDer::from(file.to_vec())).into_iter().map(Some).collect())
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
        Authority::parse("ca.pem", pem.as_bytes()).map(|authority| authority.count())
    }

    #[test]
    fn ca_file_is_read_in_every_common_form_or_its_form_is_named() {
        let read = |file: &[u8]| Authority::parse("ca", file).map(|authority| authority.count());
        assert_eq!(read(format!("\u{feff}{CA}").as_bytes()), Ok(1), "with a byte order mark");
        assert_eq!(read(CA.replace('\n', "\r\n").as_bytes()), Ok(1), "with the ends of DOS");
        let der = CertificateDer::from_pem_slice(CA.as_bytes()).expect("one");
        assert_eq!(read(&der), Ok(1), "in DER");
        assert_eq!(read(&der[..der.len() / 2]), Err(AuthorityError::Empty));
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(CA.bytes().flat_map(|b| [b, 0])).collect();
        assert_eq!(read(&wide), Err(AuthorityError::Wide));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let bundle = Authority::read_bundle("ca", format!("{broken}{CA}").as_bytes());
        assert_eq!(bundle.map(|bundle| bundle.count()), Ok(1), "of a system what is understood");
        assert_eq!(Authority::read_bundle("ca", broken.as_bytes()), Err(AuthorityError::Empty));
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

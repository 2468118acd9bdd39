//! Explains why a certificate is not trusted, and what to do about it.

use std::{error::Error, io};

use rustls::{CertificateError, pki_types::UnixTime};

use crate::domain::text::SafeText;

/// Explains why no trusted connection was established, and what to do. The TLS
/// library's own texts are not for a screen.
pub(super) fn explain_tls_error(error: &(dyn Error + 'static)) -> (String, &'static str) {
    let broken = || {
        let says = "the TLS negotiation failed".to_owned();
        (says, "Check this host's clock, and whether a proxy inspects TLS.")
    };
    find_rustls_error(error)
        .map_or_else(broken, |error| explain_certificate(error).unwrap_or_else(broken))
}

/// Explains what is wrong with the server's certificate; `None` for other errors.
fn explain_certificate(error: &rustls::Error) -> Option<(String, &'static str)> {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Revoked, UnknownIssuer,
    };
    let rustls::Error::InvalidCertificate(wrong) = error else { return None };
    Some(match wrong {
        UnknownIssuer => (
            "its certificate is not signed by a CA that this host trusts".to_owned(),
            "If a proxy of this network inspects TLS, name its CA as ca_file in config.toml. \
             Otherwise the connection may be intercepted: do not continue.",
        ),
        ExpiredContext { not_after, .. } => {
            (format!("its certificate expired on {}", date_text(*not_after)), CHECK_CLOCK)
        }
        Expired => ("its certificate has expired".to_owned(), CHECK_CLOCK),
        NotValidYetContext { not_before, .. } => {
            (format!("its certificate is valid from {}", date_text(*not_before)), CHECK_CLOCK)
        }
        NotValidYet => ("its certificate is not valid yet".to_owned(), CHECK_CLOCK),
        NotValidForNameContext { presented, .. } => (
            format!("its certificate is for another host name{}", first_names(presented)),
            CHECK_ADDRESS,
        ),
        NotValidForName => ("its certificate is for another host name".to_owned(), CHECK_ADDRESS),
        Revoked => ("its certificate was revoked".to_owned(), CHECK_ADDRESS),
        _ => return None,
    })
}

const CHECK_CLOCK: &str = "Check this host's clock; if it is right, the server is at fault.";
const CHECK_ADDRESS: &str = "Check the API address, the name server and the proxy of this host.";

/// Finds the error of the TLS library in any wrapper: one kind shows it only by
/// `get_ref`.
fn find_rustls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.and_then(|inner| find_rustls_error(inner)).or_else(|| find_rustls_error(error.source()?))
}

fn date_text(at: UnixTime) -> String {
    let at = i64::try_from(at.as_secs()).ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
    at.map_or_else(|| "a day out of range".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// Removes the variant's name: the library writes `DnsName("a.example")`.
fn strip_variant(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

/// Returns the first names of the certificate. They are the other side's words.
fn first_names(presented: &[String]) -> String {
    match presented {
        [] => String::new(),
        names => {
            let names: Vec<_> = names.iter().take(2).map(|name| strip_variant(name)).collect();
            format!(" ({})", SafeText::clean(&names.join(", ")))
        }
    }
}

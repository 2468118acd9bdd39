//! `GET /v2/employment`: the users of our company. Only its name is read.

use crate::domain::text::SafeText;

use super::{
    WireError,
    list::{Entry, read_list},
    record::record,
    text_of,
    words::Text,
};

record! {
    /// A user, of whom nothing is stored.
    EmploymentRecord {
        company: Text<'a> = "companyName",
    }
}

/// Reads the name of the company; `None` where no entry has one, or they differ.
pub fn read_company_name(body: &[u8]) -> Result<Option<SafeText>, WireError> {
    let list =
        read_list(&text_of(body), |record: EmploymentRecord<'_>| match record.company.clean() {
            name if name.is_empty() => Entry::Skipped,
            name => Entry::Read(name),
        })?;
    let mut names = list.entries.into_iter();
    let name = names.next();
    Ok(name.filter(|name| names.all(|other| other == *name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_on_which_all_agree_is_the_companys() {
        let name = |entries: &str| {
            let body = format!(r#"{{"message":"m","terms":"t","data":[{entries}]}}"#);
            read_company_name(body.as_bytes()).expect("a list").map(|name| name.to_string())
        };
        let acme = r#"{"companyName":"Acme Networks","email":"a@example.com"}"#;
        assert_eq!(name(&format!("{acme},{acme},{{}}")).as_deref(), Some("Acme Networks"));
        assert_eq!(name(&format!(r#"{acme},{{"companyName":"Other"}}"#)), None);
        assert_eq!(name(""), None);
    }
}

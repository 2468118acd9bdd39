//! Comma-separated values, by RFC 4180.

use super::{Table, Value};

/// Writes the table as CSV: a header, every field quoted, CRLF after every line.
///
/// A text that a spreadsheet could take for a formula gets a leading `'`.
pub fn csv(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns.iter().map(|name| (*name).to_owned()));
    for row in &table.rows {
        line(&mut out, row.iter().map(field));
    }
    out
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

fn field(value: &Value) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Is(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => guarded(text),
        Value::Texts(texts) => guarded(&texts.join("; ")),
    }
}

/// Returns `text`, with a leading `'` if it starts, after any blanks, as a formula
/// does: with `=`, `+`, `-`, `@`, a full-width form of these, or a control character.
fn guarded(text: &str) -> String {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let controls = text.starts_with(char::is_control);
    let behind = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    if controls || behind.starts_with(starts) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads what RFC 4180 allows, and nothing else; written for this test.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut rest) = (vec![], vec![], text);
        while !rest.is_empty() {
            rest = rest.strip_prefix('"').expect("every field is quoted");
            let mut field = String::new();
            loop {
                let end = rest.find('"').expect("every quote is closed");
                field.push_str(&rest[..end]);
                rest = &rest[end + 1..];
                let Some(more) = rest.strip_prefix('"') else { break };
                field.push('"');
                rest = more;
            }
            row.push(field);
            rest = if let Some(more) = rest.strip_prefix(',') {
                more
            } else {
                rows.push(std::mem::take(&mut row));
                rest.strip_prefix("\r\n").expect("a line ends with CRLF")
            };
        }
        rows
    }

    fn one(text: &str) -> Table {
        let row = vec![Value::Text(text.to_owned()), Value::Number(-1)];
        Table { columns: vec!["label", "vlan"], rows: vec![row] }
    }

    #[test]
    fn formula_like_fields_are_guarded_in_csv() {
        let bad = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\0=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{a0} @x",
            "\tplain",
            "\r\n",
            "=HYPERLINK(\"http://x\",\"y\")",
        ];
        for text in bad {
            let rows = read(&csv(&one(text)));
            assert_eq!(rows[1], [format!("'{text}"), "-1".to_owned()], "{text:?}");
        }
    }

    #[test]
    fn harmless_text_is_read_back_as_it_was() {
        for text in ["", "ACME-4471 #k7f3q9", "a,b", "say \"hi\"", "a\r\nb", "東京", "a=b", "–"]
        {
            let rows = read(&csv(&one(text)));
            assert_eq!(rows, [["label", "vlan"], [text, "-1"]], "{text:?}");
        }
    }

    #[test]
    fn csv_joins_several_texts_and_always_has_a_header() {
        let texts = Value::Texts(vec!["=locked".into(), "not live".into()]);
        let table = Table { columns: vec!["why"], rows: vec![vec![texts], vec![Value::Nothing]] };
        assert_eq!(csv(&table), "\"why\"\r\n\"'=locked; not live\"\r\n\"\"\r\n");
        assert_eq!(csv(&Table { columns: vec!["why"], rows: vec![] }), "\"why\"\r\n");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_whole(text in "[=+@\\-,\"\r\n\t ＝a-c]{0,12}") {
            let rows = read(&csv(&one(&text)));
            let back = rows[1][0].as_str();
            prop_assert!(back == text || back.strip_prefix('\'') == Some(&text));
            let first = back.trim_start().chars().next();
            prop_assert!(!first.is_some_and(|c| "=+-@＝".contains(c)), "{back:?}");
        }
    }
}

//! Formats a table for reading: aligned columns under a head.

use NumberFormat::{Day, Percent, Plainly, Rate};

use crate::domain::{
    cells::width,
    export::{Table, Value},
    units::Mbps,
};

/// A column that is shown: its name in the table, its head, and how its
/// numbers read.
pub(in crate::shell) type Column = (&'static str, &'static str, NumberFormat);

/// The format of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) enum NumberFormat {
    /// Unchanged.
    Plainly,
    /// As a rate.
    Rate,
    /// As a percentage.
    Percent,
    /// As a day, of a moment.
    Day,
}

/// The columns of on-ramps.
pub(in crate::shell) const ON_RAMPS: &[Column] = &[
    ("name", "ON-RAMP", Plainly),
    ("kind", "KIND", Plainly),
    ("country", "COUNTRY", Plainly),
    ("metro", "METRO", Plainly),
    ("region", "REGION", Plainly),
    ("zone", "ZONE", Plainly),
    ("speed_mbps", "SPEED", Rate),
    ("vxcs", "CIRCUITS", Plainly),
    ("allocated_percent", "ALLOC", Percent),
    ("unused_keys", "UNUSED", Plainly),
    ("free_vlans", "VLANS", Plainly),
    ("open", "NEW KEYS", Plainly),
    ("ends", "ENDS", Day),
    ("closed_because", "REASON", Plainly),
];

/// Returns the columns of keys: `whole`, or by what identifies them without revealing
/// them.
pub(in crate::shell) fn key_columns(whole: bool) -> Vec<Column> {
    let name: &[Column] = if whole {
        &[("key", "KEY", Plainly)]
    } else {
        &[("masked", "KEY", Plainly), ("fingerprint", "PRINT", Plainly)]
    };
    [&[("state", "STATE", Plainly)], name, KEYS].concat()
}

const KEYS: &[Column] = &[
    ("label", "LABEL", Plainly),
    ("on_ramp", "ON-RAMP", Plainly),
    ("zone", "ZONE", Plainly),
    ("vlan", "VLAN", Plainly),
    ("rate_mbps", "RATE", Rate),
    ("created", "CREATED", Day),
    ("valid_until", "ENDS", Day),
    ("circuit", "CIRCUIT", Plainly),
];

/// Returns the lines, with blanks between columns and none at their ends.
pub(in crate::shell) fn format_table(table: &Table, columns: &[Column]) -> String {
    let places: Vec<_> = columns
        .iter()
        .map(|(name, ..)| table.columns.iter().position(|column| column == name))
        .collect();
    let cell = |row: &[Value], at: usize| {
        let value = places[at].and_then(|place| row.get(place)).unwrap_or(&Value::Nothing);
        format_value(value, columns[at].2)
    };
    let mut all = vec![columns.iter().map(|(_, head, _)| (*head).to_owned()).collect::<Vec<_>>()];
    all.extend(table.rows.iter().map(|row| (0..columns.len()).map(|at| cell(row, at)).collect()));
    let widths: Vec<_> = (0..columns.len())
        .map(|at| all.iter().map(|row| width(&row[at])).max().unwrap_or(0))
        .collect();
    // Numbers are right-aligned.
    let right: Vec<_> = (0..columns.len())
        .map(|at| {
            let is_number = |row: &Vec<Value>| {
                matches!(places[at].and_then(|place| row.get(place)), Some(Value::Number(_)))
            };
            table.rows.iter().any(is_number)
        })
        .collect();
    let mut out = String::new();
    for row in &all {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let blanks = " ".repeat(widths[at] - width(cell));
            let gap = if at == 0 { "" } else { "  " };
            line.push_str(gap);
            let (before, after) =
                if right[at] { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
            line.extend([before, cell, after]);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn format_value(value: &Value, reads: NumberFormat) -> String {
    match (value, reads) {
        (Value::Nothing, _) => "–".to_owned(),
        (Value::Is(true), _) => "yes".to_owned(),
        (Value::Is(false), _) => "no".to_owned(),
        (Value::Number(rate), Rate) => match u32::try_from(*rate) {
            Ok(rate) => Mbps::new(rate).short(),
            Err(_) => rate.to_string(),
        },
        (Value::Number(number), Percent) => format!("{number}%"),
        (Value::Number(number), _) => number.to_string(),
        (Value::Text(moment), Day) => moment.chars().take(10).collect(),
        (Value::Text(text), _) => text.clone(),
        (Value::Texts(texts), _) if texts.is_empty() => "–".to_owned(),
        (Value::Texts(texts), _) => texts.join("; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_their_heads_whatever_the_script() {
        let columns = vec!["name", "vxcs", "speed_mbps"];
        let row = |name: &str, vxcs, speed| {
            vec![Value::Text(name.into()), Value::Number(vxcs), Value::Number(speed)]
        };
        let rows = vec![row("東京 1", 7, 10_000), row("LA", 120, 2_500)];
        let shown = [
            ("name", "NAME", Plainly),
            ("vxcs", "CIRCUITS", Plainly),
            ("speed_mbps", "SPEED", Rate),
        ];
        let says = format_table(&Table { columns, rows }, &shown);
        assert_eq!(
            says,
            "NAME    CIRCUITS  SPEED\n東京 1         7    10G\nLA           120   2.5G\n"
        );
    }
}

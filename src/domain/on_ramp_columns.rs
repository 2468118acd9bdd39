//! The columns of on-ramps: on the screen, in filters, and for other programs.
//!
//! The order is that of the export, whose fields never change their places. The screen
//! uses the same order.

use super::{
    column::{Align, Column, Grow},
    country::Country,
    export::Value,
    inventory::{Keys, Summary},
    on_ramp::OnRamp,
    place::{PlaceFrom, Zone},
    readiness::Closed,
    region::path,
    text::{SafeText, by_name},
    units::Mbps,
};

/// The data of an on-ramp in a list.
#[derive(Debug, Clone, Copy)]
pub struct OnRampRow<'a> {
    /// The on-ramp.
    pub on_ramp: &'a OnRamp,
    /// Its figures.
    pub summary: &'a Summary,
    /// The provider's region, and the area of it.
    pub region: (Option<&'a SafeText>, Option<&'a SafeText>),
    /// The mark after a figure that may have changed since.
    pub doubt: &'static str,
}

/// The meaning of a cell's colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// All is well.
    Good,
    /// Mind it.
    Warn,
    /// It is a diversity zone.
    Zone,
}

/// A cell of the on-ramp table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnRampCell {
    /// The name, which shows the cursor and the mark.
    Name(String),
    /// A text.
    Text(String, Tone),
    /// A share in percent as a bar and a figure, followed by a remark.
    Share(Option<u32>, &'static str),
    /// The load of the last day, drawn from measurements.
    Load,
    /// The round trip to another on-ramp, drawn from measurements.
    RoundTrip,
}

/// A column of on-ramps.
pub type OnRampColumn<'a> = Column<OnRampRow<'a>, OnRampCell>;

#[rustfmt::skip]
impl<'a> OnRampRow<'a> {
    /// Every column.
    pub const COLUMNS: &'a [OnRampColumn<'a>] = &[
        OnRampColumn::hidden("uid").filtered("", |r| r.on_ramp.id.to_string()).exported("uid", |r| Value::text(r.on_ramp.id.as_str())),
        OnRampColumn::shown("name", "NAME", 14, |r| OnRampCell::Name(r.on_ramp.name.to_string())).grows(Grow::Text).sorted(|a, b| by_name(a.on_ramp.name.as_str(), b.on_ramp.name.as_str())).filtered("name", |r| r.on_ramp.name.to_string()).exported("name", |r| Value::text(r.on_ramp.name.as_str())),
        OnRampColumn::shown("kind", "KIND", 5, |r| plain(r.on_ramp.kind.to_string())).dropped(1).sorted(|a, b| a.on_ramp.kind.cmp(&b.on_ramp.kind)).filtered("kind", |r| r.on_ramp.kind.to_string()).exported("kind", |r| Value::Text(r.on_ramp.kind.to_string())),
        OnRampColumn::hidden("status").exported("status", |r| Value::text(r.on_ramp.status.word())),
        OnRampColumn::shown("site", "SITE", 13, |r| plain(r.on_ramp.site.name.to_string())).grows(Grow::Text).dropped(3).sorted(|a, b| by_name(a.on_ramp.site.name.as_str(), b.on_ramp.site.name.as_str())).filtered("site", |r| r.on_ramp.site.name.to_string()).exported("site", |r| Value::text(r.on_ramp.site.name.as_str())),
        OnRampColumn::hidden("location").exported("location", |r| r.on_ramp.site.id.map_or(Value::Nothing, |id| Value::Number(id.0))),
        OnRampColumn::hidden("metro").filtered("metro", |r| r.on_ramp.site.metro.to_string()).exported("metro", |r| Value::text(r.on_ramp.site.metro.as_str())),
        OnRampColumn::hidden("country").filtered("country", |r| country(r).to_owned()).exported("country", |r| Value::text(country(r))),
        OnRampColumn::hidden("place-from").exported("place_from", |r| Value::text(match r.on_ramp.site.from { PlaceFrom::Record => "record", PlaceFrom::Locations => "locations" })),
        OnRampColumn::hidden("region").filtered("region", region_path).exported("region", |r| Value::text(r.region.0.map_or("", SafeText::as_str))),
        OnRampColumn::shown("speed", "SPD", 5, |r| plain(r.on_ramp.capacity().map_or_else(|| "?".to_owned(), Mbps::short))).dropped(4).sorted(|a, b| a.on_ramp.capacity().cmp(&b.on_ramp.capacity())).filtered("speed", |r| r.on_ramp.capacity().map_or_else(String::new, Mbps::short)),
        OnRampColumn::shown("zone", "ZONE", 5, |r| OnRampCell::Text(r.on_ramp.zone_word(), Tone::Zone)).dropped(6).sorted(|a, b| a.on_ramp.zone.cmp(&b.on_ramp.zone)).filtered("zone", |r| r.on_ramp.zone.word().to_owned()).exported("zone", |r| Value::text(zone(&r.on_ramp.zone))),
        OnRampColumn::hidden("speed-stated").exported("speed_mbps", |r| Value::rate(r.on_ramp.speed)),
        OnRampColumn::hidden("capacity").exported("capacity_mbps", |r| Value::rate(r.on_ramp.capacity())),
        OnRampColumn::shown("vxcs", "VXC", 4, circuits).figures().sorted(|a, b| a.summary.vxcs.cmp(&b.summary.vxcs)).exported("vxcs", |r| Value::count(r.summary.vxcs)),
        OnRampColumn::shown("keys", "KEY", 4, |r| plain(r.summary.keys.map_or_else(|| "?".to_owned(), |keys| figure(keys.live())))).figures().dropped(5).sorted(|a, b| a.summary.keys.map(Keys::live).cmp(&b.summary.keys.map(Keys::live))),
        OnRampColumn::hidden("allocated").exported("allocated_mbps", |r| Value::Number(r.summary.allocated.get().into())),
        OnRampColumn::shown("allocation", "ALLOC", 7, allocation).figures().grows(Grow::Bar).sorted(|a, b| a.summary.percent.cmp(&b.summary.percent)).exported("allocated_percent", |r| r.summary.percent.map_or(Value::Nothing, |n| Value::Number(n.into()))),
        OnRampColumn::shown("load", "LOAD 24H", 12, |_| OnRampCell::Load).figures().dropped(2),
        OnRampColumn::shown("round-trip", "RTT", 9, |_| OnRampCell::RoundTrip).figures(),
        OnRampColumn::hidden("unused-keys").exported("unused_keys", |r| r.summary.keys.map_or(Value::Nothing, |keys| Value::count(keys.unused))),
        OnRampColumn::hidden("free-vlans").exported("free_vlans", |r| Value::count(r.summary.vlans.free)),
        OnRampColumn::hidden("free-vlans-certain").exported("free_vlans_certain", |r| Value::Is(r.summary.vlans.certain)),
        OnRampColumn::shown("open", "NEW", 8, open).sorted(|a, b| a.summary.closed.len().cmp(&b.summary.closed.len())).filtered("new", |r| if r.summary.closed.is_empty() { "yes" } else { "no" }.to_owned()).exported("open", |r| Value::Is(r.summary.closed.is_empty())),
        OnRampColumn::hidden("closed-because").exported("closed_because", |r| Value::Texts(r.summary.closed.iter().map(ToString::to_string).collect())),
        OnRampColumn::hidden("circuits-unread").exported("circuits_unread", |r| Value::Number(r.summary.unread.into())),
        OnRampColumn::hidden("ends").exported("ends", |r| Value::moment(r.on_ramp.terminates)),
    ];
}

impl<'a> OnRampRow<'a> {
    /// Returns the column of this name.
    pub fn column(id: &str) -> Option<&'a OnRampColumn<'a>> {
        Self::COLUMNS.iter().find(|column| column.id == id)
    }
}

const fn plain(text: String) -> OnRampCell {
    OnRampCell::Text(text, Tone::Plain)
}

fn country<'r>(row: &OnRampRow<'r>) -> &'r str {
    row.on_ramp.site.country.as_ref().map_or("", Country::name)
}

fn region_path(row: &OnRampRow<'_>) -> String {
    let (region, area) = row.region;
    region.map_or_else(|| "unmapped".into(), |region| path(region, area)).to_string()
}

/// Returns a diversity zone's word, empty where there is none.
pub fn zone(zone: &Zone) -> &str {
    if *zone == Zone::Unstated { "" } else { zone.word() }
}

/// Returns a count that fits three cells: `1k+` is 1,000 to 1,999.
fn figure(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{}k+", count / 1000) }
}

/// Returns the number of circuits, marked if some entries could not be read.
fn circuits(row: &OnRampRow<'_>) -> OnRampCell {
    let doubt = if row.summary.unread > 0 { "?" } else { row.doubt };
    plain(format!("{}{doubt}", figure(row.summary.vxcs)))
}

/// Committed rates against capacity. Circuits that do not say their rate take more
/// than nothing.
fn allocation(row: &OnRampRow<'_>) -> OnRampCell {
    let doubt = if row.summary.rates_unsaid > 0 { "+" } else { row.doubt };
    OnRampCell::Share(row.summary.percent, doubt)
}

/// Returns whether it takes new keys, or why not.
fn open(row: &OnRampRow<'_>) -> OnRampCell {
    let (word, tone) = match row.summary.closed.first() {
        // It takes keys, and will not for long.
        None if row.on_ramp.terminates.is_some() => ("ends", Tone::Warn),
        None => ("yes", Tone::Good),
        Some(reason) => (Closed::short(reason), Tone::Warn),
    };
    OnRampCell::Text(format!("{word}{}", row.doubt), tone)
}

/// Returns whether the cells of a column are indented by one cell: words after figures.
pub fn is_set_off(column: &OnRampColumn<'_>) -> bool {
    column.align == Align::Left && column.id == "open"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_column_is_named_once_and_has_a_use() {
        let names: BTreeSet<_> = OnRampRow::COLUMNS.iter().map(|column| column.id).collect();
        assert_eq!(names.len(), OnRampRow::COLUMNS.len());
        for column in OnRampRow::COLUMNS {
            let is_used =
                column.cell.is_some() || column.filter.is_some() || column.export.is_some();
            assert!(is_used, "{}", column.id);
        }
    }
}

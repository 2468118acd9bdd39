//! Edits the text of `regions.toml`: comments, order and spelling of untouched parts
//! stay as they are.

use toml_edit::{
    Array, ArrayOfTables, Decor, DocumentMut, Item, RawString, Table, TableLike, Value, value,
};

use crate::domain::{
    country::Country,
    place::{LocationId, MetroName},
    region::{Edit, Level, Selector},
    text::SafeText,
};

/// The lists of places, by their keys.
const LISTS: [(&str, Level); 3] =
    [("locations", Level::Location), ("metros", Level::Metro), ("countries", Level::Country)];

/// Returns the text of a legal file after `edit`, or why it cannot be edited.
pub(super) fn edit_text(text: &str, edit: &Edit) -> Result<String, String> {
    // The library writes its own line ends: a file with the other kind keeps them.
    let other = text.contains("\r\n");
    let text = if other { text.replace("\r\n", "\n") } else { text.to_owned() };
    let mut document: DocumentMut = text.parse().map_err(|_| "it is not valid TOML".to_owned())?;
    let places = edit.places();
    if !places.is_empty() {
        remove_places(&mut document, places)?;
    }
    match edit {
        Edit::Assign { places, region } => {
            let tables = regions(&mut document)?;
            let known = tables.iter().position(|table| is_named(table, region));
            let at = known.unwrap_or_else(|| {
                let mut table = Table::new();
                table.insert("name", value(region.as_str()));
                tables.push(table);
                tables.len() - 1
            });
            tables.get_mut(at).map_or(Ok(()), |table| add(table, places))?;
        }
        Edit::Bar { places } => {
            let table = document.entry("unmapped").or_insert(Item::Table(Table::new()));
            let table = table.as_table_like_mut().ok_or("unmapped is not a table")?;
            add(table, places)?;
        }
        Edit::Drop { .. } => {}
        Edit::Rename { from, to } => {
            let tables = regions(&mut document)?;
            let table = tables.iter_mut().find(|table| is_named(table, from));
            let name = table.and_then(|table| table.get_mut("name"));
            let name = name.and_then(Item::as_value_mut).ok_or("it has no such region")?;
            let mut new = Value::from(to.as_str());
            *new.decor_mut() = name.decor().clone();
            *name = new;
        }
        Edit::Remove { region } => remove_region(&mut document, region)?,
    }
    let text = document.to_string();
    Ok(if other { text.replace('\n', "\r\n") } else { text })
}

/// Returns the regions, each a table of its own.
fn regions(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, String> {
    let tables = document.entry("region").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    tables
        .as_array_of_tables_mut()
        .ok_or_else(|| "write its regions as [[region]] first".to_owned())
}

fn is_named(table: &Table, name: &SafeText) -> bool {
    let raw = table.get("name").and_then(Item::as_str);
    raw.is_some_and(|raw| SafeText::clean(raw.trim()) == *name)
}

/// Removes a region, with its areas and the comment right above it. A comment further
/// up, above an empty line, belongs to the file and stays.
fn remove_region(document: &mut DocumentMut, name: &SafeText) -> Result<(), String> {
    let tables = regions(document)?;
    let at =
        tables.iter().position(|table| is_named(table, name)).ok_or("it has no such region")?;
    let gone = tables.remove(at);
    let above = text(gone.decor().prefix());
    let kept = above.rfind("\n\n").map_or("", |end| &above[..=end]);
    if kept.trim().is_empty() {
        return Ok(());
    }
    if let Some(next) = tables.get_mut(at) {
        let prefix = format!("{kept}{}", text(next.decor().prefix()));
        next.decor_mut().set_prefix(prefix);
    } else {
        let trailing = format!("{kept}{}", text(Some(document.trailing())));
        document.set_trailing(trailing);
    }
    Ok(())
}

/// Takes every claim on `places` away.
fn remove_places(document: &mut DocumentMut, places: &[Selector]) -> Result<(), String> {
    if document.contains_key("region") {
        for table in regions(document)?.iter_mut() {
            remove_from_table(table, places);
            let Some(areas) = table.get_mut("area") else { continue };
            let areas = areas.as_array_of_tables_mut();
            areas.ok_or("write its areas as [[region.area]] first")?.iter_mut().for_each(|area| {
                remove_from_table(area, places);
            });
        }
    }
    if let Some(table) = document.get_mut("unmapped").and_then(Item::as_table_like_mut) {
        remove_from_table(table, places);
    }
    Ok(())
}

fn remove_from_table(table: &mut dyn TableLike, places: &[Selector]) {
    for (key, level) in LISTS {
        let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) else { continue };
        let mut at = 0;
        while let Some(one) = array.get(at) {
            let place = selector(level, one);
            if place.is_some_and(|one| places.iter().any(|place| place.is_same_as(&one))) {
                remove(array, at);
            } else {
                at += 1;
            }
        }
    }
}

fn selector(level: Level, one: &Value) -> Option<Selector> {
    Some(match level {
        Level::Location => Selector::Location(LocationId(one.as_integer()?)),
        Level::Metro => Selector::Metro(MetroName::parse(one.as_str()?)),
        Level::Country => Selector::Country(Country::parse(one.as_str()?)?),
    })
}

/// Adds `places`, each to the list of its kind.
fn add(table: &mut dyn TableLike, places: &[Selector]) -> Result<(), String> {
    for (key, level) in LISTS {
        for place in places.iter().filter(|place| place.level() == level) {
            if table.get(key).is_none() {
                table.insert(key, value(Array::new()));
            }
            let array = table.get_mut(key).and_then(Item::as_array_mut);
            let array = array.ok_or_else(|| format!("{key} is not a list"))?;
            let here = |one: &Value| selector(level, one).is_some_and(|one| one.is_same_as(place));
            if !array.iter().any(here) {
                push(
                    array,
                    match place {
                        Selector::Location(id) => Value::from(id.0),
                        Selector::Metro(name) => Value::from(name.as_str()),
                        Selector::Country(country) => Value::from(country.name()),
                    },
                );
            }
        }
    }
    Ok(())
}

fn text(raw: Option<&RawString>) -> &str {
    raw.and_then(RawString::as_str).unwrap_or_default()
}

/// Adds an entry in the style of the list: on a line of its own if the last one has
/// one.
fn push(array: &mut Array, mut new: Value) {
    let last = array.len().checked_sub(1);
    let tail = array.trailing().as_str().unwrap_or_default().to_owned();
    let Some(old) = last.and_then(|at| array.get_mut(at)) else {
        // A comment in an empty list stays above its first entry.
        let prefix = if tail.contains('\n') { tail } else { String::new() };
        *new.decor_mut() = Decor::new(prefix.as_str(), "");
        array.set_trailing(if prefix.is_empty() { "" } else { "\n" });
        return array.push_formatted(new);
    };
    // A comment after the last entry is before its comma, or after it.
    let behind = format!("{}{tail}", text(old.decor().suffix()));
    let Some((comment, end)) = behind.rsplit_once('\n') else {
        let prefix = if text(old.decor().prefix()).contains('\n') { "\n    " } else { " " };
        *new.decor_mut() = Decor::new(prefix, "");
        return array.push_formatted(new);
    };
    let indent = text(old.decor().prefix()).rsplit_once('\n').map_or("    ", |(_, indent)| indent);
    *new.decor_mut() = Decor::new(format!("{comment}\n{indent}"), "");
    old.decor_mut().set_suffix("");
    let end = format!("\n{end}");
    array.push_formatted(new);
    array.set_trailing(end);
    array.set_trailing_comma(true);
}

/// Removes an entry; comments around it stay.
fn remove(array: &mut Array, at: usize) {
    let gone = array.remove(at);
    let before = text(gone.decor().prefix()).to_owned();
    let behind = text(gone.decor().suffix()).to_owned();
    let has_comment = before.contains('#') || behind.contains('#');
    let first = at == 0;
    let empty = array.is_empty();
    match array.get_mut(at) {
        Some(next) if has_comment || first => {
            let own = text(next.decor().prefix()).to_owned();
            let own = if own.contains('#') { own.trim_start() } else { "" };
            let prefix = format!("{before}{behind}{own}");
            next.decor_mut().set_prefix(prefix);
        }
        None if has_comment => {
            let tail = array.trailing().as_str().unwrap_or_default().to_owned();
            // A comment needs the end of its line.
            let tail = if tail.contains('#') { tail.trim_start().to_owned() } else { tail };
            let all = format!("{before}{behind}{tail}");
            let open = all.rsplit('\n').next().is_some_and(|line| line.contains('#'));
            array.set_trailing(if open { format!("{all}\n") } else { all });
            array.set_trailing_comma(!empty);
        }
        None if empty => {
            // A comment after it stays.
            if !text(Some(array.trailing())).contains('#') {
                array.set_trailing("");
            }
            array.set_trailing_comma(false);
        }
        Some(_) | None => {}
    }
}

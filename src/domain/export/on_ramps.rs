//! On-ramps for other programs.

use crate::domain::{geography::Geography, inventory::Inventory, on_ramp_columns::OnRampRow};

use super::Table;

/// Returns every on-ramp, in the order of their names. `geography` is of the same
/// inventory.
pub fn on_ramps(inventory: &Inventory, geography: &Geography) -> Table {
    let exported = || OnRampRow::COLUMNS.iter().filter_map(|column| column.export);
    let rows = inventory.on_ramps().iter().enumerate().map(|(at, on_ramp)| {
        let row = OnRampRow {
            on_ramp,
            summary: inventory.summary(at),
            region: (geography.region_of(at), geography.area_of(at)),
            doubt: "",
        };
        exported().map(|(_, value)| value(&row)).collect()
    });
    let rows = rows.collect();
    Table { columns: exported().map(|(name, _)| name).collect(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{export::Value, place::Zone};
    use crate::domain::{
        on_ramp::samples::{port, vxc},
        region::RegionMap,
        service_key::samples::key,
        time::Timestamp,
    };

    #[test]
    fn exported_on_ramp_has_headroom_and_the_reason_it_is_closed() {
        let (mut open, mut shut) = (port("a"), port("b"));
        open.vxcs = vec![vxc("v", 2_500, 100)];
        (open.zone, shut.admin_locked) = (Zone::Red, true);
        let mut inventory = Inventory::new(vec![open, shut]);
        inventory.set_keys(vec![key("k", "a", 101)], 0, Timestamp::from_millis(1_000));
        let geography = Geography::new(inventory.on_ramps(), &RegionMap::default());
        let table = on_ramps(&inventory, &geography);
        let get = |row: usize, column: &str| {
            let at = table.columns.iter().position(|name| *name == column).expect("a column");
            table.rows[row][at].clone()
        };
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(get(0, "allocated_percent"), Value::Number(25));
        assert_eq!(get(0, "unused_keys"), Value::Number(1));
        assert_eq!(get(0, "free_vlans"), Value::Number(4090));
        assert_eq!(get(0, "zone"), Value::Text("RED".into()));
        assert_eq!((get(0, "open"), get(1, "open")), (Value::Is(true), Value::Is(false)));
        assert_eq!(get(1, "closed_because"), Value::Texts(vec!["locked by Megaport".into()]));
        assert_eq!(get(1, "zone"), Value::Nothing);
    }
}

//! Applies the reports of the region map.

use crate::{
    api::regions::Event,
    domain::{geography::Geography, region::RegionMap},
    ui::{
        model::{Model, context::Context, modal::Modal},
        screen::layout,
        widget::text::count,
    },
};

use super::commands;

/// Applies a report of the regions watcher.
pub(in crate::ui) fn apply_regions_event(model: &mut Model, event: Event) {
    match event {
        Event::Read { map, undos, bad } => {
            if bad.is_some() && bad != model.mapping.bad {
                model.mapping.seen = false;
            }
            (model.mapping.bad, model.mapping.undos) = (bad, undos);
            if map != model.regions {
                let regions = count(map.regions().len(), "region");
                apply_map(model, map);
                let says = || format!("The region map was changed and reloaded: {regions}.");
                model.notice.get_or_insert_with(says);
            }
        }
        Event::Saved(id, map, undos) => {
            model.waiting.remove(&id);
            model.mapping.undos = undos;
            commands::saved(&mut Context::new(model), id);
            apply_map(model, map);
        }
        Event::Undone(id, map, undos) => {
            model.waiting.remove(&id);
            model.mapping.undos = undos;
            apply_map(model, map);
            model.notice = Some("The last mapping was undone.".to_owned());
        }
        Event::NotSaved(id, why, map) => {
            model.waiting.remove(&id);
            commands::not_saved(&mut Context::new(model), id);
            if let Some(map) = map {
                apply_map(model, map);
            }
            model.notice = Some(format!("Not saved: {why}."));
        }
    }
}

/// Switches to another map: every on-ramp is placed again, and the cursor stays.
fn apply_map(model: &mut Model, map: Box<RegionMap>) {
    model.regions = map;
    *model.geography = Geography::new(model.engine.inventory().on_ramps(), &model.regions);
    model.browse.apply_inventory(model.engine.inventory(), &model.geography);
    layout::keep_cursor_in_view(&mut Context::new(model));
}

/// Marks the errors on the screen as read.
pub(in crate::ui) fn drawn(model: &mut Model) {
    if model.modals.top().is_some_and(Modal::shows_region_problems) {
        model.mapping.seen = true;
    }
}

//! How views are linked.

use super::View;
use crate::entity::Entity;
use crate::items::ItemRef;
use crate::link::Linker;

pub(crate) fn view(linker: &mut Linker, at: ItemRef) {
    let view = linker.linked.views.push(View { at });
    linker.name(at, Entity::View(view));
}

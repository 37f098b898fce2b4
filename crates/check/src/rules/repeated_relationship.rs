use crate::Context;
use groma_base::Severity;

super::declare!(Warning, "the same relationship twice", check);

fn check(cx: &mut Context<'_>) {
    let arch = cx.arch;
    for id in cx.relations() {
        let relation = arch.relation(id);
        let same = |other: &groma_model::RelationId| {
            let other = arch.relation(*other);
            other.to == relation.to && arch.label(other.at) == arch.label(relation.at)
        };
        // Those of an element stand in the order of the text.
        let earlier = arch.outgoing(relation.from).take_while(|other| *other < id).find(same);
        let Some(earlier) = earlier else { continue };
        let finding = cx.at(relation.at, "this relationship is declared twice");
        let first = arch.name_span(arch.relation(earlier).at);
        cx.push(
            finding
                .secondary(first, "first declared here")
                .help("remove one, or label each with what it is for: two reasons to call are two relationships"),
        );
    }
}

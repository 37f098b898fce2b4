//! The steps of a pipeline and the ways between them.

use super::build::GraphBuilder;
use super::{Connection, Graph, PartKind};
use groma_model::PipelineId;
use groma_model::facts::stage::Is;

impl GraphBuilder<'_> {
    /// A pipeline.
    pub(super) fn pipeline(mut self, index: PipelineId) -> Graph {
        let arch = self.arch;
        let pipeline = &arch.pipelines[index];
        for stage in &pipeline.stages {
            let sort = arch.choice(stage.at).unwrap_or(Is::Action);
            let kind = match sort {
                Is::Decision | Is::Approval => PartKind::Decision,
                Is::End => PartKind::End,
                Is::Action => PartKind::Stage,
            };
            let part = self.plain(format!("step:{}", arch.name(stage.at)), kind, sort.word(), stage.at, None);
            self.push(part, None);
        }
        for transition in &pipeline.transitions {
            let labels = arch.label(transition.at).map(str::to_owned).into_iter().collect();
            self.graph.connections.push(Connection {
                from: transition.from.index(),
                to: transition.to.index(),
                labels,
                technology: String::new(),
                asynchronous: false,
            });
        }
        self.graph
    }
}

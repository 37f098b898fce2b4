use groma_base::Severity;

super::declare!(Error, "the same fact twice on one node", blocks_forecast);

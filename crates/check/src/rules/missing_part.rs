use groma_base::Severity;

super::declare!(Error, "a node without a part that it needs", blocks_forecast);

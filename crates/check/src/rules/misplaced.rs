use groma_base::Severity;

super::declare!(Error, "a node or fact where it may not stand", blocks_forecast);

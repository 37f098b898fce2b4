use groma_base::Severity;

super::declare!(Error, "a node where its kind may not stand", blocks_forecast);

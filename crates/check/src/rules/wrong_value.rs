use groma_base::Severity;

super::declare!(Error, "a value that does not fit its fact", blocks_forecast);

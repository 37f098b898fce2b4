use groma_base::Severity;

super::declare!(Error, "a name that nothing has", blocks_forecast);

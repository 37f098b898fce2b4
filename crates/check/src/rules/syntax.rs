use groma_base::Severity;

super::declare!(Error, "the text is not valid KDL", blocks_forecast);

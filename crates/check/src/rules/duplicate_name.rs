use groma_base::Severity;

super::declare!(Error, "two things with the same name", blocks_forecast);

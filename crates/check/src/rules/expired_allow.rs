use groma_base::Severity;

super::declare!(Error, "an excuse whose date has passed");

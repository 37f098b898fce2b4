use groma_base::Severity;

super::declare!(Warning, "an excuse for nothing");

use groma_base::Severity;

super::declare!(Warning, "an excuse without owner, reason or date");

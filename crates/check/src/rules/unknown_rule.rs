use groma_base::Severity;

super::declare!(Error, "a setting or an excuse for a rule that there is not");

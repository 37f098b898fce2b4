use groma_base::Severity;

super::declare!(Error, "a word that the language does not know", blocks_forecast);

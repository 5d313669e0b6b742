"""Why a document was decided so, and what would have let it be posted."""

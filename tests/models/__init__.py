"""The records and the promises their database keeps."""

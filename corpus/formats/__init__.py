"""One module a file format: a file's words as received, before any cleaning."""

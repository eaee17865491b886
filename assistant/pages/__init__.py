"""What the browser shows: the conversation with its sources, and the library of documents."""

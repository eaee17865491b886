"""Is it any good: run question sets through the assistant and score the answers."""

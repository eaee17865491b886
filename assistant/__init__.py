"""Answering: compose cited answers from the clauses that were found."""

"""A rule whose clause has changed is named, and does not speak."""

from dataclasses import replace
from functools import cache

import pytest

from assistant.rules.catalogue import catalogue
from assistant.rules.drift import find_drift, quotes_of
from assistant.rules.references import DOCUMENTS
from corpus.clauses import split_clauses
from corpus.reader import read_document

PROGRAMME = "technology_transfer_income"


@cache
def library():
    documents = {}
    for name in {clause.partition("#")[0] for one in ALL for clause, _ in quotes_of(one)}:
        documents[name] = read_document(DOCUMENTS / name)
    return documents


ALL = tuple(catalogue().programmes)


def clauses_of(documents):
    return {one.clause_id: one for each in documents.values() for one in split_clauses(each)}


def test_no_rule_has_drifted_from_the_packaged_documents():
    assert find_drift(clauses_of(library()), library()) == ()


def test_a_changed_number_names_the_rules_that_rest_on_it():
    documents = dict(library())
    law = documents["eit-regulations"]
    changed = replace(law, text=law.text.replace("不超过500万元的部分", "不超过600万元的部分"))
    documents["eit-regulations"] = changed
    found = find_drift(clauses_of(documents), documents)
    assert {(one.programme, one.clause_id) for one in found} >= {
        (PROGRAMME, "eit-regulations#第九十条")
    }
    assert "不超过500万元的部分免征企业所得税" in next(
        one.text for one in found if one.programme == PROGRAMME
    )


def test_a_clause_that_is_gone_is_said():
    documents = dict(library())
    clauses = clauses_of(documents)
    del clauses["eit-regulations#第九十条"]
    found = [one for one in find_drift(clauses, documents) if one.programme == PROGRAMME]
    assert found
    assert all("没有这一条" in one.text for one in found)


def test_documents_that_are_not_at_hand_are_no_drift():
    assert find_drift({}, {}) == ()


@pytest.mark.parametrize("programme", ALL)
def test_every_programme_rests_on_clauses(programme):
    assert quotes_of(programme)

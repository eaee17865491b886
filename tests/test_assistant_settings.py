import os

import pytest

from assistant.settings import PACKAGED_DOCUMENTS, read_settings
from corpus.errors import UsageError


@pytest.fixture(autouse=True)
def no_settings_around(monkeypatch):
    for name in list(os.environ):
        if name.startswith("POLICY_"):
            monkeypatch.delenv(name)


def test_without_any_setting_the_packaged_documents_are_served_locally():
    settings = read_settings()
    assert settings.documents == (PACKAGED_DOCUMENTS,)
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.region is None
    assert settings.embedding_model is None


def test_what_is_given_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("POLICY_PORT", "8001")
    assert read_settings().port == 8001
    assert read_settings(port=8002).port == 8002


def test_several_folders_are_separated_like_a_path(monkeypatch, tmp_path):
    first, second = tmp_path / "甲", tmp_path / "乙"
    first.mkdir()
    second.mkdir()
    monkeypatch.setenv("POLICY_DOCUMENTS", f"{first}{os.pathsep}{second}")
    assert read_settings().documents == (first, second)


def test_an_empty_variable_means_the_default(monkeypatch):
    monkeypatch.setenv("POLICY_REGION", "")
    monkeypatch.setenv("POLICY_EMBEDDING_MODEL", "")
    assert read_settings().region is None
    assert read_settings().embedding_model is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "八千"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("REGION", "宁夏"),
        ("DOCUMENTS", "/没有"),
    ],
)
def test_a_wrong_variable_is_named_with_its_value_and_what_is_expected(monkeypatch, name, value):
    monkeypatch.setenv(f"POLICY_{name}", value)
    with pytest.raises(UsageError) as caught:
        read_settings()
    assert f"POLICY_{name}" in str(caught.value)
    assert f"“{value}”" in str(caught.value)
    assert "应为" in str(caught.value)


def test_a_wrong_argument_is_named_as_a_setting():
    with pytest.raises(UsageError, match="设置 port 的值“70000”不能用"):
        read_settings(port=70000)


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="没有名为 prot 的设置.*port"):
        read_settings(prot=1)


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1

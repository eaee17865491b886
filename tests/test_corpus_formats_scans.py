"""Recognised pages are kept by what their file holds, and by nothing else."""

import os

import pytest

from corpus.formats import scans
from corpus.formats.scans import Scan, keeping_scans, recognised_frames, recognised_pages


class Recogniser:
    """Says what page it is asked for, and notes it."""

    def __init__(self, fails_at=None):
        self.asked = []
        self.fails_at = fails_at

    def pages(self, numbers):
        for number in numbers:
            if number == self.fails_at:
                raise OSError("the picture cannot be shown")
            self.asked.append(number)
            yield Scan(f"第{number}页的文字", 0.5 + number / 10)

    def frames(self):
        return self.pages([0, 1])


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"content")
    return path


def test_a_page_is_recognised_once_whatever_its_files_name(scan, tmp_path):
    with keeping_scans(tmp_path / "kept"):
        first = Recogniser()
        read = recognised_pages(scan, [1, 3], first.pages)
        assert read == [Scan("第1页的文字", 0.6), Scan("第3页的文字", 0.8)]
        renamed = scan.rename(tmp_path / "other.pdf")
        again = Recogniser()
        assert recognised_pages(renamed, [3, 1, 4], again.pages) == [
            Scan("第3页的文字", 0.8),
            Scan("第1页的文字", 0.6),
            Scan("第4页的文字", 0.9),
        ]
    assert (first.asked, again.asked) == ([1, 3], [4])


def test_another_content_is_recognised_under_the_same_name(scan, tmp_path):
    asked = Recogniser()
    with keeping_scans(tmp_path / "kept"):
        recognised_frames(scan, asked.frames)
        recognised_frames(scan, asked.frames)
        scan.write_bytes(b"changed")
        recognised_frames(scan, asked.frames)
    assert asked.asked == [0, 1, 0, 1]


def test_nothing_is_kept_where_nobody_says_where(scan, tmp_path):
    asked = Recogniser()
    with keeping_scans(tmp_path / "kept"):
        pass
    for _ in range(2):
        recognised_pages(scan, [0], asked.pages)
    assert asked.asked == [0, 0]
    assert os.listdir(tmp_path) == ["scan.pdf"]


def test_pages_done_before_a_failure_are_kept(scan, tmp_path):
    with keeping_scans(tmp_path / "kept"):
        with pytest.raises(OSError, match="cannot be shown"):
            recognised_pages(scan, [0, 1, 2], Recogniser(fails_at=2).pages)
        asked = Recogniser()
        recognised_pages(scan, [0, 1, 2], asked.pages)
    assert asked.asked == [2]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"0": {}}', b'{"a": 1}'])
def test_a_damaged_file_of_kept_pages_is_replaced(scan, tmp_path, damage):
    with keeping_scans(tmp_path / "kept"):
        recognised_pages(scan, [0], Recogniser().pages)
        (kept,) = (tmp_path / "kept").iterdir()
        kept.write_bytes(damage)
        asked = [Recogniser(), Recogniser()]
        for one in asked:
            assert recognised_pages(scan, [0], one.pages) == [Scan("第0页的文字", 0.5)]
    assert [one.asked for one in asked] == [[0], []]


def test_what_was_not_used_for_longest_is_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(scans, "MOST_KEPT", 2)
    paths = [tmp_path / f"{number}.pdf" for number in range(3)]
    with keeping_scans(tmp_path / "kept"):
        for number, path in enumerate(paths):
            path.write_bytes(str(number).encode())
            recognised_pages(path, [0], Recogniser().pages)
            for kept in (tmp_path / "kept").iterdir():  # an hour passes
                before = kept.stat().st_mtime
                os.utime(kept, (before - 3600, before - 3600))
            if number == 1:
                recognised_pages(paths[0], [0], Recogniser().pages)
        asked = Recogniser()
        recognised_pages(paths[0], [0], asked.pages)
        recognised_pages(paths[1], [0], asked.pages)
    assert asked.asked == [0]
    assert len(list((tmp_path / "kept").iterdir())) == 2

"""What staff decide: accept, correct, retire and restore, remove. The day is an argument.

What it does not know: pages, and the index, which takes a decision up when it is built again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.desk.fields import changed_fields
from assistant.desk.folders import (
    Folders,
    folder_of,
    move_folder,
    stated_in,
    write_json,
    write_stated,
)
from assistant.desk.reading import Item, reading_of, upload_of
from corpus.document import Validity
from corpus.errors import UsageError
from corpus.formats.files import shown_name
from corpus.validity import RETIRED, chinese_day


def equal_to(item: Item, others: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """(id, title) of the document whose text is the same; `others` maps digests to them."""
    found = others.get(item.summary.digest) if item.summary else None
    return found if found and found[0] != item.document_id else None


def digests(found: Sequence[Item]) -> dict[str, tuple[str, str]]:
    """Digest -> (id, title) of the documents that were read; the one that came first wins."""
    return {
        one.summary.digest: (one.document_id, one.summary.title)
        for one in found
        if one.summary and one.summary.digest
    }


def with_same_number(item: Item, numbers: Mapping[str, tuple[str, str]]) -> Item:
    """The item, with a doubt where another document has its 文号; `numbers` maps to (id, title)."""
    summary = item.summary
    other = numbers.get(summary.document_number) if summary else None
    if summary is None or other is None or other[0] == item.document_id:
        return item
    said = f"文号与《{other[1]}》（{other[0]}）相同，可能是同一文件的另一版本，请核对。"
    return replace(item, summary=replace(summary, doubts=(said, *summary.doubts)))


def accept(folders: Folders, document_id: str) -> None:
    """Move a staged document to the staff's own. Raises UsageError when it was not read."""
    folder = folder_of(folders.incoming, document_id)
    summary = reading_of(folder)
    if summary is None:
        raise UsageError(f"{upload_of(folder).name} 还没有读完，请稍候再收录。")
    if summary.refused:
        raise UsageError(f"{upload_of(folder).name} 没有读成，不能收录：{summary.refused}")
    if (folders.own / document_id).exists():
        raise UsageError(f"编号 {document_id} 已有收录的文件。请丢弃后改名重新放入。")
    move_folder(folder, folders.own / document_id)


def correct(base: Path, document_id: str, submitted: Mapping[str, str]) -> bool:
    """Write what staff changed into document.yaml; False when nothing was. Read it again then.

    A field that was read from the text stays so unless it is changed; one emptied has nothing
    from then on. Raises UsageError naming the first field that cannot be used.
    """
    folder = folder_of(base, document_id)
    summary = reading_of(folder)
    shown = dict(summary.values) if summary else {}
    stated = stated_in(folder)
    after = changed_fields(stated, shown, submitted)
    if after == stated:
        return False
    write_stated(folder, after)
    return True


def retire(folders: Folders, document_id: str, reason: str, day: date) -> None:
    """State that the document is not in force from now on; its text stays."""
    folder = folder_of(folders.own, document_id)
    said = shown_name(re.sub(r"\s+", " ", reason.strip()))[:200]
    if not said:
        raise UsageError("停用要写明原因，例如“已被2026年新办法代替”。")
    stated = stated_in(folder)
    if str(stated.get("validity_reason") or "").startswith(RETIRED):
        raise UsageError("这份文件已经停用。")
    before = {name: stated[name] for name in ("validity", "validity_reason") if name in stated}
    write_json(folder / "before-retirement.json", before)
    reason_on_day = f"{RETIRED}{chinese_day(day)}停用：{said}"
    after = {"validity": Validity.NOT_IN_FORCE.value, "validity_reason": reason_on_day}
    write_stated(folder, stated | after)


def restore(folders: Folders, document_id: str) -> None:
    """Take a retirement back: what was stated before holds again."""
    folder = folder_of(folders.own, document_id)
    stated = stated_in(folder)
    if not str(stated.get("validity_reason") or "").startswith(RETIRED):
        raise UsageError("这份文件没有停用。")
    kept = {name: value for name, value in stated.items() if not name.startswith("validity")}
    before = folder / "before-retirement.json"
    if before.exists():
        kept |= json.loads(before.read_bytes())
    write_stated(folder, kept)


def remove(folders: Folders, base: Path, document_id: str) -> Path:
    """Move a document of `base` out of the corpus to <store>/removed/; where it lies now."""
    folder = folder_of(base, document_id)
    folders.removed.mkdir(parents=True, exist_ok=True)
    number = 1
    while (target := folders.removed / f"{document_id}-{number}").exists():
        number += 1
    move_folder(folder, target)
    return target

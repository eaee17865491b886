"""One file -> Document: what the file is, its words by the format's own module, its metadata.

What it does not know: archives, which hold many documents; corpus.library opens them.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.authority import find_authority_level
from corpus.cleaning import clean
from corpus.document import Document, Validity
from corpus.errors import DocumentError
from corpus.formats.docx import read_docx
from corpus.formats.files import read_bytes, shown_name
from corpus.formats.html import read_html
from corpus.formats.kinds import SUFFIXES, Kind, find_kind
from corpus.formats.pdf import read_pdf
from corpus.formats.received import Received
from corpus.formats.text import read_text
from corpus.metadata import read_metadata
from corpus.regions import is_known

METADATA_FILE = "document.yaml"
MOST_CHARACTERS = 2_000_000  # some 2,500 printed pages; the longest code in force has 0.2 million


class DocumentFile(BaseModel):
    """document.yaml: what staff state of a document; it overrules what the text says.

    A field that is null, or an empty list, says that the document has none; a field left out
    says nothing. Only title and validity are read from the text where they are null.
    """

    model_config = ConfigDict(extra="forbid")

    title: str | None = None
    document_number: str | None = None
    issuing_bodies: list[str] = []
    document_type: str | None = None
    authority_level: str | None = None
    jurisdiction: str | None = None
    signed_on: date | None = None
    promulgated_on: date | None = None
    posted_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    plan_year: int | None = None
    validity: Validity | None = None
    validity_reason: str | None = None
    replaces: list[str] = []
    replaced_by: list[str] = []
    is_digest: bool = False
    source_url: str | None = None
    source_note: str | None = None
    grade: str | None = None
    compared_on: date | None = None
    topics: list[str] = []
    audiences: list[str] = []
    implements: list[str] = []  # documents of the level above
    card: str | None = None  # where the facts of a digest were collected


_EXPECTED = {
    **dict.fromkeys(
        ("signed_on", "promulgated_on", "posted_on", "effective_from", "effective_to"),
        "应为日期，例如 2024-12-31",
    ),
    "validity": "应为 in_force、partially_in_force 或 not_in_force",
    "plan_year": "应为年份，例如 2024",
    "is_digest": "应为 true 或 false",
    "issuing_bodies": "应为列表，例如 [某某厅]",
    "replaces": "应为文件编号的列表",
    "replaced_by": "应为文件编号的列表",
    "全文": "应为“字段: 值”的列表",
}
_NOT_IN_DOCUMENT = {"replaces", "source_note", "compared_on", "card"}
# Every document has these: what the text says holds where document.yaml leaves them empty.
_NEVER_EMPTY = {"title", "validity"}


def read_document(path: Path) -> Document:
    """Read a file, or a folder that holds document.yaml and one text.

    Raises DocumentError, in Chinese, when the file is empty, binary, encrypted, damaged or of
    a kind that is not read yet.
    """
    if path.is_dir():
        return _read_folder(path)
    return _document(path, shown_name(path.stem), {})


def _read_folder(folder: Path) -> Document:
    texts = [one for one in sorted(folder.iterdir()) if _is_text(one)]
    for inside in (*texts, folder / METADATA_FILE):
        if leads_out(inside, folder):
            raise DocumentError(f"{inside.name} 是指向文件夹之外的链接，未读取。请放入文件本身。")
    if len(texts) != 1:
        raise DocumentError(
            f"{folder.name} 中有 {len(texts)} 个正文文件，应当恰有一个（{'、'.join(SUFFIXES)}）。"
            f"请与 {METADATA_FILE} 放在一起的只留一个正文。"
        )
    return _document(texts[0], folder.name, _stated(folder / METADATA_FILE))


def leads_out(path: Path, folder: Path) -> bool:
    """Whether the path is a symbolic link to a place outside of the folder."""
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _stated(path: Path) -> dict[str, Any]:
    """What staff state, in the form of Document; also what they state that there is not."""
    name = f"{path.parent.name}/{path.name}"
    try:
        loaded = yaml.safe_load(read_bytes(path)) or {}
        stated = DocumentFile.model_validate(loaded)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{name} 不是有效的 YAML：{error}。请检查缩进和标点。") from error
    except ValidationError as error:
        raise DocumentError(f"{name} 写法有误：{_in_chinese(error)}") from error
    if stated.jurisdiction and not is_known(stated.jurisdiction):
        raise DocumentError(
            f"{name} 的 jurisdiction 是 {stated.jurisdiction}，"
            "不在 corpus/regions.yaml 中。请改用其中的代码，例如 CN-NX。"
        )
    fields = stated.model_dump(exclude_unset=True, exclude=_NOT_IN_DOCUMENT)
    return {
        key: _as_in_document(key, value)
        for key, value in fields.items()
        if value is not None or key not in _NEVER_EMPTY
    }


def _as_in_document(key: str, value: Any) -> Any:
    """A value of document.yaml; null says that there is none, whatever the text seems to say."""
    if value is None and key == "validity_reason":
        return ""
    return tuple(value) if isinstance(value, list) else value


def _in_chinese(error: ValidationError) -> str:
    """What is wrong with each field, and what is expected instead."""
    wrong = []
    for one in error.errors():
        field = ".".join(map(str, one["loc"])) or "全文"
        if one["type"] == "extra_forbidden":
            known = "、".join(DocumentFile.model_fields)
            wrong.append(f"没有“{field}”这个字段，可用的字段是 {known}")
        else:
            wrong.append(
                f"“{field}”的值 {one['input']!r} 不合要求（{_EXPECTED.get(field, '见说明')}）"
            )
    return "；".join(wrong) + "。"


def _document(path: Path, document_id: str, stated: dict[str, Any]) -> Document:
    received = read_received(path)
    text, page_starts = received.text, received.page_starts
    lines = clean(text, page_starts)
    found = read_metadata(lines)
    fields = {**found.fields, **stated}
    origins = {**found.origins, **dict.fromkeys(stated, METADATA_FILE)}
    if "authority_level" not in fields and (level := find_authority_level(fields, lines)):
        fields["authority_level"], origins["authority_level"] = level
    return Document(
        document_id=document_id,
        text=text,
        source=shown_name(path.name),
        page_starts=page_starts,
        doubts=received.doubts,
        origins=tuple(origins.items()),
        **{"title": document_id, **fields},
    )


def text_digest(text: str) -> str:
    """A digest of the words alone: the same for the same text with other blanks or line ends."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()


def read_received(path: Path) -> Received:
    """Return a file's words as received, read as what its content is, whatever its name says.

    Raises DocumentError for what cannot be read, and for an archive, which holds many documents.
    """
    content = read_bytes(path)
    if not content.strip():
        raise DocumentError(f"{path.name} 是空文件，没有可读的文字。")
    kind, reason = find_kind(path.name, content)
    if kind is Kind.REFUSED:
        raise DocumentError(f"{path.name} {reason}。")
    try:
        received = _READERS[kind](path)
    except OSError as error:
        raise DocumentError(f"{path.name} 打不开（{error.strerror}）。请检查文件。") from error
    if len(received.text) > MOST_CHARACTERS:
        raise DocumentError(
            f"{path.name} 有 {len(received.text) // 10_000} 万字，"
            f"超过 {MOST_CHARACTERS // 10_000} 万字。请拆分后再放入。"
        )
    return received


def _read_image(path: Path) -> Received:
    from corpus.formats.ocr import read_image

    return read_image(path)


def _refuse_archive(path: Path) -> Received:
    raise DocumentError(f"{path.name} 是压缩包，含多份文件。请放进资料文件夹，或解压后逐个读取。")


_READERS: dict[Kind, Callable[[Path], Received]] = {
    Kind.TEXT: read_text,
    Kind.HTML: read_html,
    Kind.PDF: read_pdf,
    Kind.DOCX: read_docx,
    Kind.IMAGE: _read_image,
    Kind.ARCHIVE: _refuse_archive,
}

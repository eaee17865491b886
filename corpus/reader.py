"""One file -> Document: text files, Markdown, and PDF with text.

What it does not know: scans, Word files and web pages. It says so, and what to do.
"""

import codecs
import hashlib
import io
import logging
import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.cleaning import clean, repair_radicals
from corpus.document import Document, Validity
from corpus.errors import DocumentError
from corpus.line_kinds import CJK
from corpus.metadata import read_metadata
from corpus.regions import is_known

METADATA_FILE = "document.yaml"
SUFFIXES = (".txt", ".md", ".pdf")
_MOST_BYTES = 100 * 1024 * 1024
_ENCODINGS = ("utf-8-sig", "gb18030")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b]")
_BROKEN = re.compile("[\ud800-\udfff\x00]")


class DocumentFile(BaseModel):
    """document.yaml: what staff state of a document; it overrules what the text says."""

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
_NOT_IN_DOCUMENT = {
    "authority_level",
    "replaces",
    "source_note",
    "compared_on",
    "topics",
    "audiences",
    "implements",
    "card",
}


def read_document(path: Path) -> Document:
    """Read a file, or a folder that holds document.yaml and one text.

    Raises DocumentError, in Chinese, when the file is empty, binary, encrypted, damaged or of
    a kind that is not read yet.
    """
    if path.is_dir():
        return _read_folder(path)
    return _document(path, path.stem, {})


def _read_folder(folder: Path) -> Document:
    texts = [one for one in sorted(folder.iterdir()) if _is_text(one)]
    if len(texts) != 1:
        raise DocumentError(
            f"{folder.name} 中有 {len(texts)} 个正文文件，应当恰有一个（{'、'.join(SUFFIXES)}）。"
            f"请与 {METADATA_FILE} 放在一起的只留一个正文。"
        )
    return _document(texts[0], folder.name, _stated(folder / METADATA_FILE))


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _stated(path: Path) -> dict[str, Any]:
    name = f"{path.parent.name}/{path.name}"
    try:
        loaded = yaml.safe_load(_bytes(path)) or {}
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
        key: tuple(value) if isinstance(value, list) else value
        for key, value in fields.items()
        if value not in (None, [])
    }


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
    text, page_starts = _read_text(path)
    found = read_metadata(clean(text, page_starts))
    fields = {**found.fields, **stated}
    origins = {**found.origins, **dict.fromkeys(stated, METADATA_FILE)}
    return Document(
        document_id=document_id,
        text=text,
        source=path.name,
        page_starts=page_starts,
        origins=tuple(origins.items()),
        **{"title": document_id, **fields},
    )


def text_digest(text: str) -> str:
    """A digest of the words alone: the same for the same text with other blanks or line ends."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()


def _read_text(path: Path) -> tuple[str, tuple[int, ...]]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DocumentError(
            f"{path.name} 是 {suffix or '无扩展名'} 文件，目前能读 {'、'.join(SUFFIXES)}。"
            "请另存为其中一种再放入。"
        )
    content = _bytes(path)
    if not content.strip():
        raise DocumentError(f"{path.name} 是空文件，没有可读的文字。")
    return _read_pdf(path.name, content) if suffix == ".pdf" else (_decode(path.name, content), ())


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise DocumentError(f"{path.name} 超过 100 MB，请拆分后再放入。")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError(f"{path.name} 不存在，或是指向别处的失效链接。请检查文件。") from error
    except PermissionError as error:
        raise DocumentError(f"{path.name} 没有读取权限。请检查文件权限。") from error
    except OSError as error:
        raise DocumentError(f"{path.name} 打不开（{error.strerror}）。请检查文件。") from error


def _decode(name: str, content: bytes) -> str:
    encodings: tuple[str, ...] = _ENCODINGS
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and _is_nearly_utf8(content):
                raise DocumentError(
                    f"{name} 的 UTF-8 编码中有损坏的字节，请重新下载或另存。"
                ) from None
            continue
        return _checked(name, text)
    raise DocumentError(f"{name} 的编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8。")


def _is_nearly_utf8(content: bytes) -> bool:
    """Whether but a few bytes are no UTF-8: read as GB18030 the whole would be gibberish."""
    kept = content.decode("utf-8", errors="ignore")
    is_chinese = re.search(f"[{CJK}]", kept) is not None
    return is_chinese and len(kept.encode()) > 0.99 * len(content)


def _checked(name: str, text: str) -> str:
    """The text, unless it is no text at all."""
    if "\0" in text or len(_CONTROLS.findall(text)) > 0.01 * len(text):
        raise DocumentError(f"{name} 不是文本文件（含有二进制内容），请检查扩展名是否正确。")
    if not re.search(r"\w", text):
        raise DocumentError(f"{name} 里没有文字，只有空白或符号。")
    return text


def _read_pdf(name: str, content: bytes) -> tuple[str, tuple[int, ...]]:
    """All pages' text joined by line ends, and where each page begins."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pages = [_whole(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    except FileNotDecryptedError as error:
        raise DocumentError(f"{name} 有密码保护，请先去掉密码再放入。") from error
    except Exception as error:  # pypdf raises NotImplementedError and others on damaged files
        raise DocumentError(
            f"{name} 不是完好的 PDF（{type(error).__name__}: {error}），请重新下载或另存。"
        ) from error
    if not any(re.search(r"\w", page) for page in pages):
        raise DocumentError(
            f"{name} 共 {len(pages)} 页，没有文字层，应是扫描件。请先作文字识别再放入。"
        )
    starts, length = [], 0
    for page in pages:
        starts.append(length)
        length += len(page) + 1
    return repair_radicals("\n".join(pages)), tuple(starts)


def _whole(page: str) -> str:
    """The page without halves of characters and NUL, which no later step can take."""
    return _BROKEN.sub(" ", page)

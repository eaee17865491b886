"""What a file is, by its content; the name's suffix decides only where the content is plain text.

What it does not know: formats that are not listed here. Their files are refused as no text.
"""

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from corpus.errors import DocumentError
from corpus.formats.zipped import open_zip


class Kind(StrEnum):
    """What a file is."""

    TEXT = "文本"
    HTML = "网页"
    PDF = "PDF"
    DOCX = "Word（.docx）"
    IMAGE = "图片"
    ARCHIVE = "压缩包"
    REFUSED = "不能读的文件"


TEXT_SUFFIXES = (".txt", ".md")
HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
SUFFIXES = (*TEXT_SUFFIXES, *HTML_SUFFIXES, ".pdf", ".docx", *IMAGE_SUFFIXES)
READABLE = "、".join((".pdf", ".docx", ".html", ".txt", ".md", "图片（.png、.jpg、.tif）和 .zip"))
_HEAD = 4096

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of a compound file (Office before 2007), named in UTF-16.
_OLE_STREAMS = (
    ("EncryptedPackage", "有密码保护，请先去掉密码再放入"),
    (
        "WordDocument",
        "是旧版 Word（.doc）文件，不能读取。请用 Word 或 WPS 另存为 .docx 再放入",
    ),
    ("Workbook", "是旧版 Excel（.xls）文件。请把其中的政策文字另存为 .docx 或 .txt 再放入"),
    ("PowerPoint Document", "是旧版 PowerPoint（.ppt）文件。请另存为 .pdf 再放入"),
)
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "是 RTF 文件。请用 Word 或 WPS 打开，另存为 .docx 再放入"),
    (b"Rar!\x1a", "是 RAR 压缩包。请解压后放入，或改用 .zip"),
    (b"7z\xbc\xaf\x27\x1c", "是 7z 压缩包。请解压后放入，或改用 .zip"),
    (b"\x1f\x8b", "是 gzip 压缩包。请解压后放入，或改用 .zip"),
)
_CONTAINERS = (
    ("xl/", "是 Excel（.xlsx）文件。请把其中的政策文字另存为 .docx 或 .txt 再放入"),
    ("ppt/", "是 PowerPoint（.pptx）文件。请另存为 .pdf 再放入"),
    ("OFD.xml", "是 OFD 版式文件。请用阅读器另存为 .pdf 再放入"),
    ("content.xml", "是 OpenDocument（.odt 等）文件。请另存为 .docx 再放入"),
)
_PDF = re.compile(rb"%PDF-\d")
_SKIPPED = r"(?:\s|\ufeff|<\?xml[^>]*>|<!--.*?-->)*"
_PAGE = re.compile(rf"{_SKIPPED}<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S)
_FRAGMENT = re.compile(rf"{_SKIPPED}<(?:div|p|table|span|style|script|h1|a)\b", re.I | re.S)
_WORD_XML = re.compile(r"<\?mso-application progid=.Word|<w:wordDocument")
_MHTML = re.compile(r"(?:From: <?Saved by|MIME-Version:|Snapshot-Content-Location:)", re.I)


def find_kind(name: str, content: bytes) -> tuple[Kind, str]:
    """Return what the file is, and for one that is not read why, in Chinese without a full stop.

    A text counts as such only under a name of TEXT_SUFFIXES or HTML_SUFFIXES.
    """
    known = _image_or_zip(name, content)
    if known:
        return known
    if content.startswith(_OLE):
        return Kind.REFUSED, _ole_reason(content)
    for magic, reason in _REFUSED:
        if content.startswith(magic):
            return Kind.REFUSED, reason
    if _PDF.search(content[:1024]):
        return Kind.PDF, ""
    return _text_kind(PurePath(name).suffix.lower(), _text_head(content))


def _image_or_zip(name: str, content: bytes) -> tuple[Kind, str] | None:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(name, content)
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    is_bmp = content.startswith(b"BM") and content[6:10] == b"\0\0\0\0"
    is_image = is_webp or is_bmp or content.startswith(_IMAGES)
    return (Kind.IMAGE, "") if is_image else None


def _text_head(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content[:_HEAD].decode("utf-16" if is_wide else "latin-1", errors="replace")


def _text_kind(suffix: str, head: str) -> tuple[Kind, str]:
    head = head.removeprefix("\xef\xbb\xbf")
    if _WORD_XML.search(head):
        return Kind.REFUSED, "是 Word 2003 XML 文件。请用 Word 打开，另存为 .docx 再放入"
    if _MHTML.match(head):
        return Kind.REFUSED, "是网页归档（.mht）文件。请在浏览器中另存为“网页，仅 HTML”再放入"
    if _PAGE.match(head) or suffix in HTML_SUFFIXES:
        return Kind.HTML, ""
    if suffix in TEXT_SUFFIXES:
        return Kind.TEXT, ""
    if _FRAGMENT.match(head):
        return Kind.HTML, ""
    return _unlike_its_suffix(suffix)


def _unlike_its_suffix(suffix: str) -> tuple[Kind, str]:
    if suffix == ".pdf":
        return Kind.PDF, ""  # the PDF reader says what is wrong with it
    if suffix in (".docx", ".doc", ".zip", *IMAGE_SUFFIXES):
        return Kind.REFUSED, f"的扩展名是 {suffix}，内容却不是（可能已损坏）。请重新下载或另存"
    return Kind.REFUSED, (
        f"是 {suffix or '无扩展名'} 文件，目前能读 {READABLE}。请另存为其中一种再放入"
    )


def _zip_kind(name: str, content: bytes) -> tuple[Kind, str]:
    """A Word file, another container that is no archive, or an archive."""
    try:
        names = open_zip(name, content).namelist()
    except DocumentError:  # its own reader says what is wrong with it
        return (Kind.DOCX if b"word/document" in content else Kind.ARCHIVE), ""
    is_office = "[Content_Types].xml" in names
    if is_office and any(one.startswith("word/") for one in names):
        return Kind.DOCX, ""
    for start, reason in _CONTAINERS:
        if (is_office or "/" not in start) and any(one.startswith(start) for one in names):
            return Kind.REFUSED, reason
    return Kind.ARCHIVE, ""


def _ole_reason(content: bytes) -> str:
    for stream, reason in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return reason
    return _OLE_STREAMS[1][1]

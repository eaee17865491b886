"""Text files and Markdown -> their words: the encoding found, or the file refused."""

import codecs
import re
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats.files import read_bytes
from corpus.formats.received import Received
from corpus.line_kinds import CJK

_ENCODINGS = ("utf-8-sig", "gb18030")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b]")


def read_text(path: Path) -> Received:
    """Return the words of a text file in UTF-8, UTF-16 with its mark, or GB18030.

    Raises DocumentError when the bytes are in no such encoding, or are no text.
    """
    return Received(decode(path.name, read_bytes(path)))


def decode(name: str, content: bytes, stated: str = "") -> str:
    """Return the bytes as text; `stated` is the encoding that the file itself names.

    Raises DocumentError when the bytes are in none of the encodings, or are no text.
    """
    for encoding in _encodings(content, stated):
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


def _encodings(content: bytes, stated: str) -> tuple[str, ...]:
    """Encodings to try. UTF-8 comes first: other text hardly ever passes for it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if stated.lower() in ("big5", "big5-hkscs"):
        return ("utf-8-sig", "big5hkscs", "gb18030")
    return _ENCODINGS


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

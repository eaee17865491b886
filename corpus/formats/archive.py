"""ZIP archives -> their members as files in a folder, each checked before it is written.

One level only: an archive inside an archive is refused. Nothing is written outside the folder.
"""

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.errors import DocumentError
from corpus.formats.files import MOST_BYTES, read_bytes, shown_name
from corpus.formats.zipped import open_zip, read_pieces

_MOST_TOTAL = 400 * 1024 * 1024
_MOST_DEPTH = 20
_LONGEST_NAME = 255  # bytes of one name; file systems take no more
_UTF8_NAME = 0x800
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar")
_MADE_BY_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini", ".DS_Store")


@dataclass(frozen=True)
class Refused:
    """A member that was not unpacked, and why, in Chinese."""

    name: str
    reason: str


def unpack(path: Path, folder: Path) -> tuple[Refused, ...]:
    """Write the archive's members into the folder; return those that were refused.

    Raises DocumentError when the archive as a whole is damaged or has too many members.
    """
    refused: list[Refused] = []
    left = _MOST_TOTAL
    with open_zip(shown_name(path.name), read_bytes(path)) as container:
        for member in container.infolist():
            name = member_name(member)
            if member.is_dir() or _is_left_out(name):
                continue
            reason = _objection(name, member)
            try:
                if reason:
                    raise DocumentError(f"{shown_name(name)} {reason}")
                left -= _write(container, member, folder, name, min(left, MOST_BYTES))
            except DocumentError as error:
                refused.append(Refused(shown_name(name), str(error)))
    return tuple(refused)


def member_name(member: zipfile.ZipInfo) -> str:
    """The member's name as its maker wrote it; Chinese Windows writes GBK and does not say so."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_left_out(name: str) -> bool:
    """Hidden files, and what operating systems add by themselves."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return hidden or any(part in _MADE_BY_SYSTEMS for part in parts)


def _objection(name: str, member: zipfile.ZipInfo) -> str:
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or ":" in name[:3] or not pure.parts:
        return "的名称指向压缩包之外，未解压。请改名后重新打包。"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "是链接，不是文件，未解压。请放入文件本身。"
    if shown_name(name) != name:
        return "的名称含有控制字符，未解压。请改名后重新打包。"
    is_long = any(len(part.encode()) > _LONGEST_NAME for part in pure.parts)
    if is_long or len(pure.parts) > _MOST_DEPTH or len(name.encode()) > 1024:
        return "的名称过长，未解压。请改名后重新打包。"
    if pure.suffix.lower() in _NESTED:
        return "是压缩包中的压缩包，未解压。请先解开再放入。"
    return ""


def _write(
    container: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str, most: int
) -> int:
    """Write one member below the folder; how many bytes it has."""
    target = folder.joinpath(*PurePosixPath(name).parts)
    if not target.resolve().is_relative_to(folder.resolve()):
        raise DocumentError(f"{name} 的名称指向压缩包之外，未解压。请改名后重新打包。")
    pieces = read_pieces(name, container, member, most)
    try:
        first = next(pieces, b"")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            written = file.write(first)
            for piece in pieces:
                written += file.write(piece)
    except FileExistsError as error:
        raise DocumentError(f"{name} 与压缩包中另一文件重名，未解压。请改名后重新打包。") from error
    except OSError as error:
        raise DocumentError(f"{name} 解压时出错（{error.strerror}）。请检查磁盘与名称。") from error
    except DocumentError:
        target.unlink(missing_ok=True)  # never half a file
        raise
    return written

"""ZIP containers, of Word files and of archives, read within limits and never to disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from corpus.errors import DocumentError

MOST_MEMBERS = 2000
_MOST_ENTRIES = 50_000  # entries of all directories inside, also those of stored Word files
_RATIO = 200  # policy text packs 3 to 20 times; bombs a thousand times
_FREE = 8 * 1024 * 1024  # small members may pack as well as they like
_PIECE = 1 << 16
# Also a name that is no UTF-8 where it says so (ValueError), and offsets out of the file.
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def open_zip(name: str, content: bytes) -> zipfile.ZipFile:
    """Return the container. Raises DocumentError when it is damaged or has too many members."""
    # Counted before the directory is read: a directory of millions of entries fills the memory.
    if content.count(b"PK\x01\x02") > _MOST_ENTRIES:
        raise DocumentError(f"{name} 中的文件太多，超过 {MOST_MEMBERS} 个。请拆分后再放入。")
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGES as error:
        raise DocumentError(f"{name} 不完整或已损坏，请重新下载或另存。") from error
    if len(container.infolist()) > MOST_MEMBERS:
        raise DocumentError(f"{name} 中的文件太多，超过 {MOST_MEMBERS} 个。请拆分后再放入。")
    return container


def read_pieces(
    name: str, container: zipfile.ZipFile, member: zipfile.ZipInfo, most: int
) -> Iterator[bytes]:
    """Give a member's bytes piece by piece, at most `most` of them.

    Raises DocumentError when it is encrypted, damaged, too large, or packed like a bomb.
    """
    _check_size(name, member, most)
    try:
        with container.open(member) as stream:
            # zipfile stops at the size the directory states, so the check above holds.
            while piece := stream.read(_PIECE):
                yield piece
    except _DAMAGES as error:
        raise DocumentError(f"{name} 不完整或已损坏，请重新下载或另存。") from error
    except RuntimeError as error:
        raise DocumentError(f"{name} 有密码保护，请先去掉密码再放入。") from error


def _check_size(name: str, member: zipfile.ZipInfo, most: int) -> None:
    if member.flag_bits & 0x1:
        raise DocumentError(f"{name} 有密码保护，请先去掉密码再放入。")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentError(f"{name} 的压缩方式不常见，未读取。请用普通方式重新压缩。")
    if member.file_size > most:
        raise DocumentError(
            f"{name} 解压后有 {member.file_size >> 20} MB，超过 {most >> 20} MB。请拆分后再放入。"
        )
    if member.file_size > max(_FREE, _RATIO * member.compress_size):
        raise DocumentError(f"{name} 的压缩比异常（可能是压缩炸弹），未读取。请重新另存。")

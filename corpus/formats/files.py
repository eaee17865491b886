"""A file's bytes, and its name as it may be shown."""

import re
import stat
from pathlib import Path

from corpus.errors import DocumentError

MOST_BYTES = 100 * 1024 * 1024
# Control characters, marks that turn the direction of reading, halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def shown_name(name: str) -> str:
    r"""Return the name with everything escaped that a terminal or a page would act upon.

    >>> shown_name("通知\x1b[31m.txt")
    '通知\\x1b[31m.txt'
    """
    return _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], name)


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises DocumentError when there is no such file, it cannot be opened, is no file (a pipe, a
    device) or has more than 100 MB.
    """
    name = shown_name(path.name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(f"{name} 不是普通文件（是文件夹、管道或设备）。请换成文件本身。")
        if found.st_size > MOST_BYTES:
            raise DocumentError(f"{name} 超过 100 MB，请拆分后再放入。")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError(f"{name} 不存在，或是指向别处的失效链接。请检查文件。") from error
    except PermissionError as error:
        raise DocumentError(f"{name} 没有读取权限。请检查文件权限。") from error
    except OSError as error:
        raise DocumentError(f"{name} 打不开（{error.strerror}）。请检查文件。") from error

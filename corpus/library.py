"""Folders, files and archives -> Documents. One bad file never stops the others; it is named."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.document import Document
from corpus.errors import DocumentError, UsageError
from corpus.formats.archive import unpack
from corpus.formats.files import read_bytes, shown_name
from corpus.formats.kinds import HTML_SUFFIXES, Kind, find_kind
from corpus.reader import METADATA_FILE, leads_out, read_document, text_digest
from corpus.validity import link_versions

_PAGE_FOLDERS = ("_files", ".files", "_file")  # what a browser saves beside a page


@dataclass(frozen=True)
class Problem:
    """A file that was not taken up, and why, in Chinese."""

    source: str
    message: str


@dataclass(frozen=True)
class Reading:
    """What the folders hold."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def read_folders(folders: Sequence[Path]) -> Reading:
    """Read every document of the folders, in the order of their names.

    A document is a file, a folder with document.yaml, or either of them in a ZIP. The same text
    a second time, and a second document of the same id, are problems. Raises UsageError for a
    folder that is not there or cannot be read.
    """
    library = _Library()
    for folder in folders:
        for path in _paths(folder, library.problems):
            library.take(path)
    reading = library.reading()
    return replace(reading, documents=link_versions(reading.documents))


def read_files(paths: Sequence[Path]) -> Reading:
    """Read files, archives and folders with document.yaml as given, like read_folders."""
    library = _Library()
    for path in paths:
        library.take(path)
    return library.reading()


@dataclass
class _Library:
    """What has been read so far."""

    documents: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # digest -> document id
    problems: list[Problem] = field(default_factory=list)

    def reading(self) -> Reading:
        """All that was read."""
        return Reading(tuple(self.documents.values()), tuple(self.problems))

    def take(self, path: Path, inside: str = "") -> None:
        """Read one file or document folder; `inside` is the archive that it came in."""
        source = f"{inside}{shown_name(path.name)}"
        try:
            if _is_archive(path):
                self._take_archive(path, inside)
                return
            document = read_document(path)
        except DocumentError as error:
            message = str(error).replace(path.name, shown_name(path.name))
            self.problems.append(Problem(source, message))
            return
        if objection := self._objection(document):
            self.problems.append(Problem(source, objection))
            return
        self.documents[document.document_id] = document
        self.texts[text_digest(document.text)] = document.document_id

    def _take_archive(self, path: Path, inside: str) -> None:
        name = shown_name(path.name)
        if inside:
            raise DocumentError(f"{name} 是压缩包中的压缩包，未读取。请先解开再放入。")
        with tempfile.TemporaryDirectory(prefix="policy-") as made:
            folder = Path(made)
            refused = unpack(path, folder)
            self.problems.extend(Problem(f"{name}/{one.name}", one.reason) for one in refused)
            if not refused and not any(folder.iterdir()):
                raise DocumentError(f"{name} 是空的压缩包，没有可读的文件。")
            for found in _paths(folder, self.problems):
                self.take(found, f"{name}/")

    def _objection(self, document: Document) -> str | None:
        same = self.texts.get(text_digest(document.text))
        if same is not None:
            return f"与 {self.documents[same].source}（{same}）内容相同，未重复收录。"
        if document.document_id in self.documents:
            return f"编号 {document.document_id} 已被另一份文件使用，请改名后再放入。"
        return None


def _is_archive(path: Path) -> bool:
    return not path.is_dir() and find_kind(path.name, read_bytes(path))[0] is Kind.ARCHIVE


def _paths(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        yield from _below(folder, folder, problems)
    except FileNotFoundError as error:
        raise UsageError(f"文件夹 {folder} 不存在。请检查路径。") from error
    except NotADirectoryError as error:
        raise UsageError(f"{folder} 是文件，应当是放政策文件的文件夹。") from error
    except OSError as error:
        raise UsageError(f"文件夹 {folder} 打不开（{error.strerror}）。请检查权限。") from error


def _below(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Files and document folders; a folder inside that cannot be opened is a problem."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or _belongs_to_page(entry):
            continue
        if reason := _refused_link(entry, root):
            name = shown_name(entry.name)
            problems.append(Problem(name, f"{name} {reason}，未读取。请放入文件本身。"))
        elif not entry.is_dir() or (entry / METADATA_FILE).exists():
            yield entry
        else:
            try:
                inside = list(_below(entry, root, problems))
            except OSError as error:
                reason = f"文件夹打不开（{error.strerror}）。请检查权限。"
                problems.append(Problem(shown_name(entry.name), reason))
                continue
            yield from inside


def _refused_link(entry: Path, root: Path) -> str:
    """Why a symbolic link is not followed: out of the folder, or to a folder, maybe in a ring."""
    if not entry.is_symlink():
        return ""
    try:
        if leads_out(entry, root):
            return "是指向文件夹之外的链接"
        return "是指向文件夹的链接" if entry.is_dir() else ""
    except (OSError, RuntimeError):
        return "是循环的链接"


def _belongs_to_page(entry: Path) -> bool:
    """Whether a folder holds the pictures and scripts of a web page saved beside it."""
    for ending in _PAGE_FOLDERS:
        if entry.name.endswith(ending) and entry.is_dir():
            stem = entry.name.removesuffix(ending)
            return any((entry.parent / f"{stem}{one}").exists() for one in HTML_SUFFIXES)
    return False

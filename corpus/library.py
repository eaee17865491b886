"""Folders of documents -> Documents. One bad file never stops the others; it is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import DocumentError, UsageError
from corpus.reader import METADATA_FILE, read_document, text_digest


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

    A document is a file, or a folder with document.yaml. The same text a second time, and a
    second document of the same id, are problems. Raises UsageError for a folder that is not
    there or cannot be read.
    """
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in (path for folder in folders for path in _paths(folder, problems)):
        try:
            document = read_document(path)
        except DocumentError as error:
            problems.append(Problem(path.name, str(error)))
            continue
        message = _objection(document, documents, texts)
        if message:
            problems.append(Problem(path.name, message))
            continue
        documents[document.document_id] = document
        texts[text_digest(document.text)] = document.document_id
    return Reading(tuple(documents.values()), tuple(problems))


def _objection(
    document: Document, documents: dict[str, Document], texts: dict[str, str]
) -> str | None:
    same = texts.get(text_digest(document.text))
    if same is not None:
        return f"与 {documents[same].source}（{same}）内容相同，未重复收录。"
    if document.document_id in documents:
        return f"编号 {document.document_id} 已被另一份文件使用，请改名后再放入。"
    return None


def _paths(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    try:
        yield from _below(folder, problems)
    except FileNotFoundError as error:
        raise UsageError(f"文件夹 {folder} 不存在。请检查路径。") from error
    except NotADirectoryError as error:
        raise UsageError(f"{folder} 是文件，应当是放政策文件的文件夹。") from error
    except OSError as error:
        raise UsageError(f"文件夹 {folder} 打不开（{error.strerror}）。请检查权限。") from error


def _below(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Files and document folders; a folder inside that cannot be opened is a problem."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if not entry.is_dir() or (entry / METADATA_FILE).exists():
            yield entry
            continue
        try:
            inside = list(_below(entry, problems))
        except OSError as error:
            problems.append(Problem(entry.name, f"文件夹打不开（{error.strerror}）。请检查权限。"))
            continue
        yield from inside

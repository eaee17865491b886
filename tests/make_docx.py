"""Small Word files made part by part, as Word writes them; for tests only."""

import zipfile
from html import escape

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*contents, numbered=None, style=None, properties=""):
    """A paragraph of runs or plain texts; `numbered` is (list id, level)."""
    inner = "".join(one if one.startswith("<") else run(one) for one in contents)
    if numbered is not None:
        list_id, level = numbered
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    if style is not None:
        properties = f'<w:pStyle w:val="{style}"/>{properties}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(*contents, properties=""):
    inner = "".join(one if one.startswith("<w:") else paragraph(one) for one in contents)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner or paragraph()}</w:tc>"


def table(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def level(depth, kind, text, *, start=1, extra=""):
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(abstracts, lists):
    """abstract id -> levels; list id -> (abstract id, overrides)."""
    parts = [
        f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'
        for key, levels in abstracts.items()
    ]
    parts += [
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'
        for key, (abstract, overrides) in lists.items()
    ]
    return f'<w:numbering xmlns:w="{NAMESPACE}">{"".join(parts)}</w:numbering>'


def styles(*inner):
    return f'<w:styles xmlns:w="{NAMESPACE}">{"".join(inner)}</w:styles>'


def _relations(**targets):
    inner = "".join(
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def document(body):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{NAMESPACE}">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>"
    )


def write_docx(path, body, numbers=None, style_sheet=None, whole=None):
    """Write a Word file; `whole` takes the place of the main part's XML."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": _relations(numbering="numbering.xml", styles="styles.xml"),
        "word/document.xml": document(body) if whole is None else whole,
    }
    if numbers is not None:
        parts["word/numbering.xml"] = numbers
    if style_sheet is not None:
        parts["word/styles.xml"] = style_sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return path

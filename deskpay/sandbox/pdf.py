"""A small real PDF: lines of text on A4 pages (PDF 1.4, ISO 32000-1), in a font every reader has."""

from collections.abc import Iterator, Sequence

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 56  # A4 in points
_SIZE, _LEADING = 10, 15
LINES_PER_PAGE = (_HEIGHT - 2 * _MARGIN) // _LEADING
# Fixed pitch, so that columns stand under each other without measuring any letter.
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
_CATALOG, _PAGES, _FONT_NUMBER, _FIRST_PAGE = 1, 2, 3, 4


def pdf(lines: Sequence[str], title: str) -> bytes:
    """A document of `lines`, as many pages as they need.

    Args:
        lines: What is printed. A letter that WinAnsi lacks is printed as a question mark.
        title: Of the document, for the reader's window.
    """
    pages = [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)] or [[]]
    return _file(list(_objects(pages)), title)


def _objects(pages: Sequence[Sequence[str]]) -> Iterator[bytes]:
    """Bodies of the numbered objects: catalog, page tree, font, then each page and what is on it."""
    kids = b" ".join(b"%d 0 R" % (_FIRST_PAGE + 2 * index) for index in range(len(pages)))
    yield b"<< /Type /Catalog /Pages %d 0 R >>" % _PAGES
    yield b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages))
    yield _FONT
    for index, lines in enumerate(pages):
        number = _FIRST_PAGE + 2 * index
        box = b"[0 0 %d %d]" % (_WIDTH, _HEIGHT)
        fonts = b"<< /Font << /F1 %d 0 R >> >>" % _FONT_NUMBER
        yield b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Contents %d 0 R /Resources %s >>" % (
            _PAGES,
            box,
            number + 1,
            fonts,
        )
        shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
        stream = b"BT /F1 %d Tf %d TL %d %d Td\n%sET" % (_SIZE, _LEADING, _MARGIN, _HEIGHT - _MARGIN - _SIZE, shown)
        yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def _escaped(line: str) -> bytes:
    text = line.encode("cp1252", "replace")
    return text.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _file(bodies: Sequence[bytes], title: str) -> bytes:
    """The objects behind each other, and the table of where each begins."""
    bodies = [*bodies, b"<< /Title (%s) /Producer (DeskPay sandbox) >>" % _escaped(title)]
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\n" % (len(bodies) + 1, _CATALOG, len(bodies))
    written += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(written)

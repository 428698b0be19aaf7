"""CAMT files as trees that know their lines: no DTD, no entity, nothing outside, within limits."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from services.files.statements.fault import refuse

SOURCE = "CAMT.053"
MOST_BYTES = 20 * 1024 * 1024
MOST_ELEMENTS = 300_000
MOST_DEPTH = 40
LONGEST_TEXT = 20_000
PIECE = 65_536
LONGEST_TOKEN = 1_000_000


class Element:
    """An element without its namespace, and the line it begins on."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.text = ""
        self.children: list[Element] = []

    def all(self, path: str) -> Iterator["Element"]:
        """The elements at a path below: `NtryDtls/TxDtls`."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                yield from child.all(rest) if rest else (child,)

    def one(self, *paths: str) -> "Element | None":
        """The first element at the first of these paths that there is."""
        return next((found for path in paths for found in self.all(path)), None)

    def words(self, *paths: str) -> str:
        """The text at the first of these paths, or ""."""
        found = self.one(*paths)
        return "" if found is None else found.text.strip()


class TooComplex(Exception):
    """More elements, or deeper ones, than any statement has."""


class _Tree(TreeBuilder):
    """Builds the elements; told by the parser on which line each begins."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self.namespace = ""
        self.parser: Any = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: Any, attrs: Any) -> Any:
        self._count += 1 + len(attrs)
        if self._count > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise TooComplex
        namespace, _, name = tag.rpartition("}")
        element = Element(name, dict(attrs), self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root, self.namespace = element, namespace.lstrip("{")
        self._open.append(element)

    def data(self, data: Any) -> None:
        if self._open:
            self._open[-1].text += data
            if len(self._open[-1].text) > LONGEST_TEXT:
                raise TooComplex

    def check_progress(self, fed: int) -> None:
        """Raises TooComplex for one tag or comment that has no end."""
        if fed - self.parser.CurrentByteIndex > LONGEST_TOKEN:
            raise TooComplex

    def end(self, _: Any) -> Any:
        self._open.pop()

    def close(self) -> Any:
        return self.root


def parse(content: bytes) -> tuple[str, Element]:
    """The namespace and the root of a file; raises Refusals with line and column."""
    if len(content) > MOST_BYTES:
        refuse(SOURCE, 0, 0, "too_large")
    tree = _Tree()
    parser = DefusedXMLParser(target=tree, forbid_dtd=True)
    tree.parser = parser.parser
    try:
        for start in range(0, len(content), PIECE):
            parser.feed(content[start : start + PIECE])
            tree.check_progress(start + PIECE)
        parser.close()
    except ParseError as fault:
        line, column = fault.position
        refuse(SOURCE, line, column + 1, "xml_malformed")
    except DefusedXmlException:
        refuse(SOURCE, tree.parser.CurrentLineNumber, 1, "xml_forbidden")
    except TooComplex:
        refuse(SOURCE, tree.parser.CurrentLineNumber, 1, "too_complex")
    except (ValueError, LookupError):
        refuse(SOURCE, 1, 1, "undecodable")
    if tree.root is None:
        refuse(SOURCE, 1, 1, "xml_malformed")
    return tree.namespace, tree.root

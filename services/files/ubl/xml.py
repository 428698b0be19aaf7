"""Hostile-proof XML: bytes to a small tree of UBL elements, by expat with every limit of our own.

expat is driven directly because a tree-building parser has already spent the memory when its
result can be inspected. Here the document type declaration is refused at its first byte, before
any entity is declared; depth, number of elements, size of one token and length of a namespace are
limited while they are read, and nothing is ever fetched.
"""

from pyexpat import ExpatError, ParserCreate, XMLParserType

from services.files.ubl.finding import Finding

MOST_BYTES = 20 * 1024 * 1024
# Elements and attributes together: an invoice of some 6,000 lines.
MOST_PARTS = 200_000
MOST_DEPTH = 50
MOST_NAMESPACE = 200
CHUNK = 64 * 1024
# A start tag or comment longer than this is an attack: text is delivered piecemeal and not counted.
MOST_TOKEN = 4 * CHUNK

ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "iso-8859-1", "us-ascii"})
KEPT_ATTRIBUTES = ("currencyID", "schemeID", "unitCode", "mimeCode", "filename")

_NO_ATTRIBUTES: dict[str, str] = {}
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
# What stands in neither (extensions, signatures) is read past and forgotten.
_COMPONENTS = ("cac:", "cbc:")
_PREFIXES = {
    f"{_UBL}Invoice-2": "",
    f"{_UBL}CreditNote-2": "",
    f"{_UBL}CommonAggregateComponents-2": "cac:",
    f"{_UBL}CommonBasicComponents-2": "cbc:",
}


class Element:
    """One element: its prefixed name, the attributes UBL needs, its text and its children."""

    __slots__ = ("_by_name", "attributes", "children", "name", "parent", "position", "text")

    def __init__(self, name: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.name = name
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element] = []
        self._by_name: dict[str, list[Element]] | None = None
        self.position = 0
        self.text = ""

    def all(self, name: str) -> list["Element"]:
        """Give the children of that name, numbered for their pointers."""
        if self._by_name is None:
            self._by_name = {}
            for child in self.children:
                namesakes = self._by_name.setdefault(child.name, [])
                namesakes.append(child)
                child.position = len(namesakes)
        return self._by_name.get(name, [])

    @property
    def pointer(self) -> str:
        """Give the XPath of the element, with a position where it has namesakes."""
        if self.parent is None:
            return f"/{self.name}"
        alone = len(self.parent.all(self.name)) == 1
        return f"{self.parent.pointer}/{self.name}{'' if alone else f'[{self.position}]'}"


class _Refused(Exception):
    """Stops expat from inside a handler; never leaves this module."""


class _Builder:
    """The expat handlers: they build the tree and stop at the first limit passed."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._text: list[str] = []
        self._parts = 0
        self._names: dict[str, str] = {}

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise _Refused("XML-ENCODING", "the declared character encoding is not supported")

    def doctype(self, *_declared: object) -> None:
        raise _Refused("XML-DOCTYPE", "a document type declaration is not allowed in an invoice")

    def namespace(self, _prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > MOST_NAMESPACE:
            raise _Refused("XML-TOO-COMPLEX", "a namespace is longer than any of UBL")

    def start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._parts += 1 + len(attributes)
        if self._parts > MOST_PARTS:
            raise _Refused("XML-TOO-COMPLEX", f"more than {MOST_PARTS} elements and attributes")
        if len(self._open) >= MOST_DEPTH:
            raise _Refused("XML-TOO-COMPLEX", f"elements nested deeper than {MOST_DEPTH}")
        parent = self._open[-1] if self._open else None
        kept = _NO_ATTRIBUTES
        if attributes:
            kept = {name: attributes[name] for name in KEPT_ATTRIBUTES if name in attributes}
        element = Element(self._prefixed(qualified), kept, parent)
        if parent is None:
            self.root = element
        elif element.name.startswith(_COMPONENTS):
            parent.children.append(element)
        self._open.append(element)
        self._text.clear()

    def end(self, _qualified: str) -> None:
        element = self._open.pop()
        if not element.children:
            element.text = "".join(self._text)
        self._text.clear()

    def text(self, piece: str) -> None:
        self._text.append(piece)

    def _prefixed(self, qualified: str) -> str:
        """Give `cbc:ID` for the namespaces of UBL, and the full name for any other."""
        name = self._names.get(qualified)
        if name is None:
            uri, _, local = qualified.rpartition("}")
            prefix = _PREFIXES.get(uri)
            name = f"{{{uri}}}{local}" if prefix is None else f"{prefix}{local}"
            self._names[qualified] = name
        return name


def parse(content: bytes) -> Element | Finding:
    """Give the root element, or the one reason why the bytes are refused as XML."""
    if len(content) > MOST_BYTES:
        return too_large(len(content))
    builder = _Builder()
    parser = _hardened(builder)
    try:
        _feed(parser, content)
    except _Refused as refused:
        code, reason = refused.args
        message = f"line {parser.CurrentLineNumber}: {reason}"
        return Finding(code, "error", "/", message)
    except (ExpatError, ValueError, LookupError) as fault:  # the last two: from text decoding
        where = f"line {parser.ErrorLineNumber}, column {parser.ErrorColumnNumber}"
        reason = str(fault).split(":")[0] if isinstance(fault, ExpatError) else "undecodable text"
        return Finding("XML-MALFORMED", "error", "/", f"{where}: {reason}")
    return builder.root or Finding("XML-MALFORMED", "error", "/", "no element found")


def too_large(size: int) -> Finding:
    """Give the finding for a file of `size` bytes, past the limit settled before parsing."""
    message = f"the file has {size} bytes; the limit is {MOST_BYTES}"
    return Finding("FILE-TOO-LARGE", "error", "/", message)


def _hardened(builder: _Builder) -> XMLParserType:
    parser = ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    parser.XmlDeclHandler = builder.declaration
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartNamespaceDeclHandler = builder.namespace
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    return parser


def _feed(parser: XMLParserType, content: bytes) -> None:
    """Feed the bytes in pieces, so that one endless token is noticed before it fills memory."""
    for fed in range(0, len(content), CHUNK):
        parser.Parse(content[fed : fed + CHUNK], False)
        if fed + CHUNK - parser.CurrentByteIndex > MOST_TOKEN:
            raise _Refused("XML-TOO-COMPLEX", f"one tag or comment of more than {MOST_TOKEN} bytes")
    parser.Parse(b"", True)

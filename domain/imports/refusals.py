"""Why a file, or a line of one, is not taken in."""

from msgspec import Struct

from domain.book.refusal import Refused, words


class LineFinding(Struct, frozen=True, kw_only=True):
    """What is wrong with a line: the refusal, and the column it points at as the file names it."""

    line: int
    column: str
    refused: Refused

    @property
    def pointer(self) -> str:
        """Where it is: the line counted from 1, the heading included, and the column."""
        return f"/lines/{self.line}" + (f"/{self.column}" if self.column else "")


class FileIsNoTable(Refused, frozen=True, kw_only=True):
    """The file is neither CSV in a known encoding nor an XLSX workbook."""

    code = "import_not_a_table"
    rule = "M2"
    text = words(
        en="The file is neither CSV (UTF-8 or Windows-1252) nor XLSX.",
        fr="Le fichier n'est ni du CSV (UTF-8 ou Windows-1252) ni du XLSX.",
        nl="Het bestand is geen CSV (UTF-8 of Windows-1252) en geen XLSX.",
    )


class FileIsTooLarge(Refused, frozen=True, kw_only=True):
    """The file, unpacked, is larger than any list of contacts or articles."""

    code = "import_too_large"
    rule = "M2"
    text = words(
        en="The file is too large: at most {lines} lines of 200 columns, 20 MB, cells of 32767.",
        fr="Le fichier est trop grand : {lines} lignes de 200 colonnes, 20 Mo, cellules de 32767.",
        nl="Het bestand is te groot: {lines} regels van 200 kolommen, 20 MB, cellen van 32767.",
    )

    lines: int


class HeadingIsWrong(Refused, frozen=True, kw_only=True):
    """A column that is needed is missing, or one is there twice."""

    code = "import_heading"
    rule = "M2"
    text = words(
        en="The first line must name each column once, {column} among them.",
        fr="La première ligne doit nommer chaque colonne une fois, dont {column}.",
        nl="De eerste regel moet elke kolom één keer noemen, waaronder {column}.",
    )

    column: str


class CellIsAFormula(Refused, frozen=True, kw_only=True):
    """A cell would be calculated by a spreadsheet: what it says is not what it shows."""

    code = "import_formula"
    rule = "M2"
    text = words(
        en="The cell holds a formula; only values are taken in.",
        fr="La cellule contient une formule ; seules des valeurs sont importées.",
        nl="De cel bevat een formule; alleen waarden worden ingelezen.",
    )


class WordIsUnknown(Refused, frozen=True, kw_only=True):
    """A cell that must hold one of a few words holds another."""

    code = "import_word"
    rule = "M2"
    text = words(
        en="The cell holds none of: {known}.",
        fr="La cellule ne contient aucun de : {known}.",
        nl="De cel bevat geen van: {known}.",
    )

    known: str


class LineIsDouble(Refused, frozen=True, kw_only=True):
    """A line names what another line of the same file names."""

    code = "import_line_double"
    rule = "M2"
    text = words(
        en="Line {first} of the file is about the same.",
        fr="La ligne {first} du fichier traite du même.",
        nl="Regel {first} van het bestand gaat over hetzelfde.",
    )

    first: int


class ImportIsRefused(Refused, frozen=True, kw_only=True):
    """Some lines are wrong, and nothing was taken in; `findings` name each."""

    code = "import_refused"
    rule = "M2"
    text = words(
        en="{wrong} of {lines} lines are wrong; nothing was taken in.",
        fr="{wrong} lignes sur {lines} sont fausses ; rien n'a été importé.",
        nl="{wrong} van {lines} regels zijn fout; er is niets ingelezen.",
    )

    wrong: int
    lines: int
    findings: tuple[LineFinding, ...]

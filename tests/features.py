"""Which tests hold which row of the feature list: read from the markers, written to docs.

`python -m tests.features` writes docs/features.md; a test compares it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PAGE = CHECKOUT / "docs" / "features.md"

LISTS = {
    "V": "The accounting firm's module: client accounts, exports, reports, lock dates",
    "E": "Hand-off of documents to the firm's software",
    "C": "The client portal: archives, history, unpaid, how far the books go",
    "M": "Invoicing: contacts, articles, quotes, invoices, settlements, reminders",
    "F": "Golden cases: figures that other systems got wrong",
}

HEAD = """# Features and the tests that hold them

Refusals, tests and this page name the rows of the feature list: a letter for the document a row
comes from, and its number there. The page is made from the markers on the tests by
`python -m tests.features`; a row that is not here is not built yet.
"""


def page() -> str:
    """The whole page."""
    rows: dict[str, list[str]] = {}
    for row, test in held():
        rows.setdefault(row, []).append(test)
    parts = [HEAD]
    for letter, title in LISTS.items():
        own = sorted((row for row in rows if row[0] == letter), key=lambda row: int(row[1:]))
        if own:
            parts.append(f"\n## {letter}: {title}\n\n| row | held by |\n| --- | --- |\n")
            parts += [f"| {row} | {'<br>'.join(sorted(rows[row]))} |\n" for row in own]
    return "".join(parts)


def held() -> Iterator[tuple[str, str]]:
    """Each row with a test that holds it, in words and with the file to find it in."""
    for path in sorted((CHECKOUT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for row in named_rows(node):
                    words = node.name.removeprefix("test_").replace("_", " ")
                    yield row, f"{words} (`{path.relative_to(CHECKOUT)}`)"


def named_rows(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """The rows that the markers of a test name."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.feature":
            for argument in decorator.args:
                if isinstance(argument, ast.Constant) and re.fullmatch(
                    r"[VECMF][0-9]+", str(argument.value)
                ):
                    yield str(argument.value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

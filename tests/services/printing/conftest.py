"""A press shared by the tests of a worker process, and documents made by hand."""

import io
from collections.abc import Callable, Iterator

import pytest
from pypdf import PdfReader

from services.printing.press import Press


@pytest.fixture(scope="session")
def press(pdf_libraries: None) -> Iterator[Press]:
    """A running press."""
    made = Press()
    yield made
    made.close()


@pytest.fixture
def read() -> Callable[[bytes], str]:
    """Reads the text of a PDF, all its pages, with plain spaces."""

    def text(pdf: bytes) -> str:
        pages = PdfReader(io.BytesIO(pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    return text

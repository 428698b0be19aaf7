"""The schemas of Intervat, where the shared folder is there, and the grids of a return's XML."""

from pathlib import Path

from lxml import etree

SPACE = "{http://www.minfin.fgov.be/VATConsignment}"


def schema(shared: Path, name: str) -> etree.XMLSchema:
    """The schema of that name, version 0.9."""
    return etree.XMLSchema(file=str(shared / "conformance" / "intervat" / f"{name}_v0_9.xsd"))


def golden_grids(content: bytes | Path) -> dict[str, str]:
    """The grids of a return and what it says of each, as text."""
    text = content.read_bytes() if isinstance(content, Path) else content
    found = etree.fromstring(text).iter(f"{SPACE}Amount")
    return {str(each.get("GridNumber")): str(each.text) for each in found}

"""`paraphe dashboard` and `paraphe explain`, typed by a person."""

import pytest

from tests.api.cli.test_list_command import BILLS, OPEN, Typist, terminal

__all__ = ["terminal"]
OF = ("-c", "Essai SRL")


@pytest.mark.feature("M47")
def test_a_dashboard_names_figures_that_are_explained(terminal: Typist) -> None:
    terminal.run(*OPEN)
    terminal.run("import", "ubl", *OF, *BILLS)
    day = ("--as-of", "2026-11-20")
    seen = terminal.json("dashboard", *OF, *day)
    figure = "dashboard:payables:2026-11-20"
    amount = seen["figures"][figure]["amount"]
    assert amount > 0
    assert figure in terminal.run("dashboard", *OF, *day)
    explained = terminal.json("explain", figure, *OF)
    assert sum(line["amount"] for line in explained["lines"]) == amount == explained["amount"]
    assert explained["position"] == seen["position"]
    shares = [origin for line in explained["lines"] for origin in line["origins"]]
    assert sum(origin["amount"] for origin in shares) == amount
    assert all(origin["files"] for origin in shares)
    text = terminal.run("explain", figure, *OF)
    assert text.startswith(f"{figure} = ")
    assert text.count("entry.posted.v1") == len(shares)
    terminal.run("explain", figure, *OF, "--known-at", "1")
    terminal.run("explain", "dashboard:nothing:2026-11-20", *OF, code=1)

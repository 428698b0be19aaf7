"""`paraphe registers`: which registers there are, and how far each has come."""

from typing import TYPE_CHECKING, Any

from api.cli._console import AsJson, backend, show

if TYPE_CHECKING:
    from services.replay.batch import State


def registers(as_json: AsJson = False) -> None:
    """List the registers: version, books, how many events they are behind, what is parked."""
    with backend() as opened:
        sizes = {book.book_id: book.size for book in opened.shelf.books()}
        states = [_described(state, sizes) for state in opened.engine.states()]
    show(states, _table(states), as_json=as_json)


def _described(state: "State", sizes: dict[str, int]) -> dict[str, Any]:
    reached = {str(book_id): standing for book_id, standing in state.books.items()}
    lag = {
        book_id: size - (reached[book_id].position if book_id in reached else 0)
        for book_id, size in sizes.items()
    }
    return {
        "name": state.name,
        "version": state.version,
        "code": state.digest,
        "current": state.current,
        "built_at": state.built_at.isoformat(),
        "books": len(sizes),
        "lag": sum(lag.values()),
        "positions": {book_id: sizes[book_id] - behind for book_id, behind in lag.items()},
        "parked": [
            {"company": book_id, "position": standing.parked_at, "why": standing.parked_why}
            for book_id, standing in reached.items()
            if standing.parked_at is not None
        ],
    }


def _table(states: list[dict[str, Any]]) -> str:
    lines = [f"{'register':<14}{'version':>8}{'books':>8}{'behind':>8}{'parked':>8}  code"]
    for state in states:
        code = state["code"][:12] + ("" if state["current"] else "  (made by other code: rebuild)")
        lines.append(
            f"{state['name']:<14}{state['version']:>8}{state['books']:>8}{state['lag']:>8}"
            f"{len(state['parked']):>8}  {code}"
        )
        lines += [
            f"  parked: {p['company']} at {p['position']}: {p['why']}" for p in state["parked"]
        ]
    return "\n".join(lines)

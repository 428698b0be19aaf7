"""`paraphe registers`: which registers there are, and how far each has come."""

from typing import TYPE_CHECKING, Any

from api.cli._console import AsJson, backend, show

if TYPE_CHECKING:
    from services.replay.batch import State


def registers(as_json: AsJson = False) -> None:
    """List the registers: version, position, lag, rows, last rebuild, digest, what is parked."""
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
        "digest": state.digest,
        "current": state.current,
        "built_at": state.built_at.isoformat(),
        "books": len(sizes),
        "rows": state.rows,
        "position": sum(sizes.values()) - sum(lag.values()),
        "lag": sum(lag.values()),
        "positions": {book_id: sizes[book_id] - behind for book_id, behind in lag.items()},
        "parked": [
            {"company": book_id, "position": standing.parked_at, "why": standing.parked_why}
            for book_id, standing in reached.items()
            if standing.parked_at is not None
        ],
    }


def _table(states: list[dict[str, Any]]) -> str:
    heading = (
        f"{'register':<14}{'version':>8}{'books':>8}{'position':>10}{'lag':>8}{'parked':>8}"
        f"{'rows':>10}  {'last rebuild':<17} digest"
    )
    lines = [heading]
    for state in states:
        digest = state["digest"][:12] + (
            "" if state["current"] else "  (made by other code: rebuild)"
        )
        lines.append(
            f"{state['name']:<14}{state['version']:>8}{state['books']:>8}{state['position']:>10}"
            f"{state['lag']:>8}{len(state['parked']):>8}{state['rows']:>10}  "
            f"{state['built_at'][:16].replace('T', ' '):<17} {digest}"
        )
        lines += [
            f"  parked: {p['company']} at {p['position']}: {p['why']}" for p in state["parked"]
        ]
    return "\n".join(lines)

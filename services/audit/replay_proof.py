"""The first part of a replay: the bundle verified by the very program it carries."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from domain.book.note import PublicKey
from services.audit.bundle import verify as verifier
from services.audit.replay_check import SHOWN, Failure, Outcome
from services.audit.verify import Kept
from services.replay.bulk import uncollected

INTEGRITY: dict[str, tuple[str, ...]] = {
    "container-intact": ("members", "manifest"),
    "sequence-gapless": ("positions", "records", "numbers"),
    "timestamps-monotonic": ("times",),
    "hash-chain": ("leaf", "chain", "kept"),
    "well-formed-events": ("body", "entries"),
    "originals-kept": ("files",),
    "checkpoint-signatures": ("seals", "timestamps"),
}
"""Our names of checks, and the checks of FORMAT.md that each is made of."""


class Undecidable(Exception):
    """The file cannot be read as a bundle: nothing is said about any book."""


def verify_bundle(
    path: Path, kept: Iterable[Kept] = (), keys: Iterable[PublicKey] = ()
) -> dict[str, Any]:
    """What verify.py says of a bundle; raises Undecidable when it can say nothing."""
    anchors = [verifier.Anchor(one.size, "kept", "what was kept outside", one.root) for one in kept]
    trusted = [verifier.read_key(key.written()) for key in keys]
    with uncollected():
        said = verifier.verify(path, anchors, trusted)
    if "size" not in said:
        raise Undecidable(said["why"])
    return said


def integrity(said: Mapping[str, Any], seals: int) -> list[Outcome]:
    """The outcome of each integrity check, from what verify.py says."""
    outcomes = []
    for name, parts in INTEGRITY.items():
        found = [one for one in said["findings"] if one["check"] in parts]
        failures = tuple(
            Failure(
                position=one["position"],
                upto=one["upto"],
                detail=one["detail"],
                field=one["check"],
            )
            for one in found[:SHOWN]
        )
        outcome = Outcome(
            name=name,
            status="fail" if found else "pass",
            checked=seals if name == "checkpoint-signatures" else said["size"],
            failed=len(found),
            failures=failures,
        )
        outcomes.append(_without_seals(outcome, said, seals))
    return outcomes


def _without_seals(outcome: Outcome, said: Mapping[str, Any], seals: int) -> Outcome:
    """The check of seals where there are none, or no key: it was not made."""
    if outcome.name != "checkpoint-signatures" or outcome.failed:
        return outcome
    if seals == 0:
        return Outcome(name=outcome.name, status="skipped", why="the bundle has no seals")
    if said["status"] == "undecidable":
        return Outcome(name=outcome.name, status="skipped", why=said["why"])
    return outcome

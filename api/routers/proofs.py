"""Seals of a company's book, and proofs that anyone can check without us (docs/log-format.md)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api import problems as kinds
from api.errors import Problem
from api.fields import Instant, Limit, Out, Position
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import JSON, Reading, answer
from domain.book.proof import write_proof
from domain.book.seal_code import code_of
from services.audit.proofs import NoSuchPosition, consistency, inclusion
from services.audit.seals import KeptSeal, seals

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["proofs"], route_class=Route)


class ProofOut(Out):
    """What every proof says; all hashes in hex."""

    book_id: str = Field(description="The book, as its records name it.")
    size: int = Field(description="The proof is about the book of so many events.")
    root: str = Field(description="Root of the Merkle tree (RFC 6962) over them.")
    path: list[str] = Field(description="The hashes that lead there.")


class InclusionOut(ProofOut):
    """That an event is in the book."""

    format: str = Field(description="`paraphe.inclusion/1`.")
    position: int = Field(description="The event.")
    leaf: str = Field(description="Its leaf: the hash of its record.")


class ConsistencyOut(ProofOut):
    """That the book begins with what it was before."""

    format: str = Field(description="`paraphe.consistency/1`.")
    old_size: int = Field(description="The book was so long.")
    old_root: str = Field(description="And this was its root.")


class SealOut(Out):
    """A seal: signed words about how long the book was and what was in it."""

    nth: int = Field(description="Its number among the seals of this book.")
    size: int = Field(description="So many events are sealed.")
    root: str = Field(description="Root over them, in hex.")
    code: str = Field(description="The short code that documents print.")
    sealed_at: Instant = Field(description="When it was made.")
    note: str = Field(description="The signed note itself (C2SP tlog-checkpoint).")

    @classmethod
    def of(cls, seal: KeptSeal) -> "SealOut":
        """The seal as it goes out."""
        return cls(
            nth=seal.nth,
            size=seal.size,
            root=seal.root.hex(),
            code=code_of(seal.checkpoint),
            sealed_at=seal.sealed_at,
            note=seal.note,
        )


class SealsOut(Out):
    """Seals of a book in the order they were made."""

    data: list[SealOut] = Field(description="The seals.")
    has_more: bool = Field(description="Whether there are more.")
    next_after: int = Field(description="`after` of the next request.")


@router.get(
    "/seals",
    operation_id="seals_list",
    summary="List the seals of the book",
    response_model=SealsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("events:read"),
)
def list_seals(
    visit: Reading,
    after: Annotated[Position, Query(description="Seals behind this number.")] = 0,
    limit: Annotated[Limit, Query(description="At most so many seals.")] = 50,
) -> Response:
    """Gives the seals, the oldest first: keep the newest outside, and later ask for a proof."""
    found = seals(visit.store, visit.book_id, after=after, limit=limit + 1)
    page = found[:limit]
    body = SealsOut(
        data=[SealOut.of(seal) for seal in page],
        has_more=len(found) > limit,
        next_after=page[-1].nth if page else after,
    )
    return answer(body)


@router.get(
    "/proofs/inclusion",
    operation_id="proofs_inclusion",
    summary="Prove that an event is in the book",
    response_model=InclusionOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("events:read"),
)
def prove_inclusion(
    visit: Reading,
    position: Annotated[Position, Query(description="The event.")],
    size: Annotated[
        Position | None, Query(description="In the book of so many events, as a seal says.")
    ] = None,
) -> Response:
    """Gives a proof of at most 2 KB that the event stands at its position; 404 without one."""
    try:
        proof = inclusion(visit.store, visit.book_id, position, size)
    except NoSuchPosition as error:
        raise Problem(kinds.NOT_FOUND) from error
    return Response(write_proof(proof), media_type=JSON)


@router.get(
    "/proofs/consistency",
    operation_id="proofs_consistency",
    summary="Prove that the book only grew",
    response_model=ConsistencyOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("events:read"),
)
def prove_consistency(
    visit: Reading,
    since: Annotated[Position, Query(description="The size of the book then.")],
    size: Annotated[
        Position | None, Query(description="The size of the book now, as a seal says.")
    ] = None,
) -> Response:
    """Gives a proof that the book begins with what it was; 404 when it was never that long."""
    try:
        proof = consistency(visit.store, visit.book_id, since, size)
    except NoSuchPosition as error:
        raise Problem(kinds.NOT_FOUND) from error
    return Response(write_proof(proof), media_type=JSON)

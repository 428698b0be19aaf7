"""The sentences of a document beside its figures: those of the law, then the company's own."""

from domain.parties.company import Company
from services.printing.paper import Paper
from services.printing.writing import Writing


def mentions_of(paper: Paper, company: Company, write: Writing) -> tuple[str, ...]:
    """The sentences in the order in which they are printed, each once.

    Those of the law stand in the event, as they were in force on its day (FRANCE 3.1, BELGIUM 5.2).
    """
    said = list(paper.mentions)
    if paper.document_kind == "deposit_request":
        said.append(write.word("no_vat_document"))
    if paper.document_kind in ("invoice", "quote", "order") and company.profile.terms:
        said.append(company.profile.terms)
    return tuple(dict.fromkeys(said))

"""Templates and prints, as they come in and go out."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.fields import Digest, In, Label, Out, Text
from domain.sales.template import HOUSE_COLOUR, NewTemplate, Template, TemplateKind, Typeface
from services.printing.selection import MOST, Chosen, GroupBy, NewPrint

Colour = Annotated[str, StringConstraints(strict=True, pattern=r"^#[0-9a-f]{6}$")]
DocumentId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{3}_[0-9a-z]{26}$")]
DocumentKind = Literal["quote", "order", "delivery", "deposit_request", "invoice", "credit_note"]


class TemplateIn(In):
    """How documents look, whole: a change is a new version."""

    name: Label = Field(description="What people call it.")
    kinds: list[TemplateKind] = Field(
        default=[], max_length=10, description="What it is the default of from now on."
    )
    colour: Colour = Field(default=HOUSE_COLOUR, description="The colour of titles and totals.")
    typeface: Typeface = Field(default="sans", description="Letters without or with serifs.")
    logo: Digest | Literal[""] = Field(
        default="", description="SHA-256 of a kept logo; empty: the company's own."
    )
    introduction: Text = Field(default="", description="Words above the lines.")
    closing: Text = Field(default="", description="Words below the totals.")
    footer: Text = Field(default="", description="Words at the end, such as an insurance.")
    payment_code: bool = Field(default=True, description="Whether the SEPA code is printed.")

    def new(self) -> NewTemplate:
        """The template as the domain is asked for it."""
        fields = self.model_dump() | {"kinds": tuple(dict.fromkeys(self.kinds))}
        return NewTemplate(**fields)


class TemplateOut(Out):
    """A version of a template."""

    id: str = Field(description="The template, `tpl_…`.")
    version: int = Field(description="From 1; documents pin the one they were issued with.")
    pinned: str = Field(description="How a document names this version: `tpl_…@3`.")
    name: str = Field(description="What people call it.")
    kinds: list[TemplateKind] = Field(description="What it was made the default of.")
    colour: str = Field(description="The colour of titles and totals.")
    typeface: Typeface = Field(description="Letters without or with serifs.")
    logo: str = Field(description="SHA-256 of its logo, or empty.")
    introduction: str = Field(description="Words above the lines.")
    closing: str = Field(description="Words below the totals.")
    footer: str = Field(description="Words at the end.")
    payment_code: bool = Field(description="Whether the SEPA code is printed.")

    @classmethod
    def of(cls, template: Template) -> "TemplateOut":
        """A template as it goes out."""
        look = template.look
        return cls(
            id=template.template_id,
            version=template.version,
            pinned=template.pinned,
            name=look.name,
            kinds=list(look.kinds),
            colour=look.colour,
            typeface=look.typeface,
            logo=look.logo,
            introduction=look.introduction,
            closing=look.closing,
            footer=look.footer,
            payment_code=look.payment_code,
        )


class TemplatesOut(Out):
    """The templates of a company."""

    data: list[TemplateOut] = Field(description="The newest version of each, the oldest first.")


class LogoOut(Out):
    """A logo that the book keeps."""

    digest: str = Field(description="SHA-256 of its bytes, in hex: what a template names.")


class ChosenIn(In):
    """A document of a selection."""

    kind: DocumentKind = Field(description="What it is; a deposit request by its deposit.")
    id: DocumentId = Field(description="Its id.")


class PrintIn(In):
    """Documents to print into one PDF."""

    documents: list[ChosenIn] = Field(
        min_length=1, max_length=MOST, description="Each once; drafts come marked as drafts."
    )
    group_by: GroupBy = Field(default="number", description="Their order, and the bookmarks.")
    copy_: Literal["original", "duplicate"] = Field(
        default="original",
        alias="copy",
        description="The originals as they are kept, or new prints marked as duplicates.",
    )
    language: Literal["fr", "nl", "en"] | None = Field(
        default=None, description="The language of duplicates; null: that of each document."
    )

    def new(self) -> NewPrint:
        """The selection as it is asked for."""
        return NewPrint(
            documents=tuple(Chosen(each.kind, each.id) for each in self.documents),
            group_by=self.group_by,
            copy=self.copy_,
            language=self.language,
        )


class PendingOut(Out):
    """A document whose original is being printed."""

    status: Literal["queued"] = Field(description="It will be there in a moment: ask again.")

"""Templates of printed documents: how they look, by data alone, each change a new version (M11)."""

import re
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, judge, words
from domain.values import faults
from domain.values.text import tidy

TemplateKind = Literal[
    "quote",
    "order",
    "delivery",
    "deposit_request",
    "invoice",
    "deposit",
    "situation",
    "balance",
    "credit_note",
    "reminder",
]
"""What a template is given to: documents, and the kinds of invoices."""

INVOICES: frozenset[TemplateKind] = frozenset({"invoice", "deposit", "situation", "balance"})
"""The kinds of invoices: a draft may still become another of them."""

Typeface = Literal["sans", "serif"]
PictureType = Literal["image/png", "image/jpeg"]
HOUSE_COLOUR = "#1d4f5c"
HOUSE = "house"
"""What stands in place of a version where a company has no template of its own."""
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


class NewTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template as it is asked for, whole: texts above and below the lines, colour, typeface.

    `kinds` are what it is the default of from now on; `logo` is the digest of a picture that the
    book keeps, empty for that of the company.
    """

    name: str
    kinds: tuple[TemplateKind, ...] = ()
    colour: str = HOUSE_COLOUR
    typeface: Typeface = "sans"
    logo: str = ""
    introduction: str = ""
    closing: str = ""
    footer: str = ""
    payment_code: bool = True


class TemplateVersioned(Event, frozen=True, kw_only=True):
    """A template, or its next version, may be used; `withdrawn` kinds have no default any more.

    `files` names the logo, so that it goes wherever the book goes.
    """

    stored_as: ClassVar[str] = "template.versioned.v1"

    template_id: str
    version: int
    look: NewTemplate
    withdrawn: tuple[TemplateKind, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        kinds = (*self.look.kinds, *self.withdrawn)
        return (template_tag(self.template_id), *map(default_tag, kinds), TEMPLATES_TAG)


class LogoKept(Event, frozen=True, kw_only=True):
    """A picture for documents is kept with the book; `files` names it by SHA-256 (hex)."""

    stored_as: ClassVar[str] = "logo.kept.v1"

    media_type: PictureType
    width: int
    height: int
    files: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(map(logo_tag, self.files))


class Template(Struct, frozen=True, kw_only=True):
    """A version of a template; `position` is the event that made it."""

    position: int
    template_id: str
    version: int
    look: NewTemplate

    @property
    def pinned(self) -> str:
        """How a document names it for ever: id and version."""
        return f"{self.template_id}@{self.version}"


class TemplateIsUnknown(Refused, frozen=True, kw_only=True):
    """There is no such template, or no such version of it."""

    code = "template_unknown"
    rule = "M18"
    text = words(
        en="There is no template {template}.",
        fr="Il n'y a pas de modèle {template}.",
        nl="Er is geen sjabloon {template}.",
    )

    template: str


class TemplateIsOfAnotherKind(Refused, frozen=True, kw_only=True):
    """A template that is given to other kinds of documents alone does not serve this one."""

    code = "template_of_another_kind"
    rule = "M11"
    text = words(
        en="Template {name} is for other documents ({kinds}), not for {kind}.",
        fr="Le modèle {name} est pour d'autres documents ({kinds}), pas pour {kind}.",
        nl="Sjabloon {name} is voor andere documenten ({kinds}), niet voor {kind}.",
    )

    name: str
    kinds: str
    kind: str


class TemplateIsWrong(Refused, frozen=True, kw_only=True):
    """A template's colour is no colour, or it names no picture that the book keeps."""

    code = "template_wrong"
    rule = "M11"
    text = words(
        en="{pointer} of the template is wrong: a colour is like #1d4f5c, a logo a kept picture.",
        fr="{pointer} du modèle est erroné : couleur telle que #1d4f5c, logo déjà conservé.",
        nl="{pointer} van het sjabloon is fout: kleur zoals #1d4f5c, logo een bewaarde afbeelding.",
    )


class PictureIsWrong(Refused, frozen=True, kw_only=True):
    """A logo is a PNG or JPEG picture of a sensible size."""

    code = "picture_wrong"
    rule = "M11"
    text = words(
        en="A logo is a PNG or JPEG picture of at most 1 MB and 4000 by 4000 pixels.",
        fr="Un logo est une image PNG ou JPEG d'au plus 1 Mo et 4000 pixels de côté.",
        nl="Een logo is een PNG- of JPEG-afbeelding van hoogstens 1 MB en 4000 bij 4000 pixels.",
    )


def version(
    template: Template | None, template_id: str, new: NewTemplate, *, logo_is_kept: bool
) -> Decision:
    """Makes the next version of a template, or its first; the same again changes nothing (M11)."""
    new = tidy(new)
    refused = judge(LOOK_RULES, new) or _logo(new, is_kept=logo_is_kept)
    if refused is not None:
        return refused
    if template is not None and template.look == new:
        return []
    before = template.look.kinds if template is not None else ()
    return [
        TemplateVersioned(
            template_id=template_id,
            version=1 if template is None else template.version + 1,
            look=new,
            withdrawn=tuple(kind for kind in before if kind not in new.kinds),
            files=(new.logo,) if new.logo else (),
        )
    ]


def of_fact(fact: Recorded | None) -> Template | None:
    """The template that an event of its tag describes."""
    if fact is None or not isinstance(fact.event, TemplateVersioned):
        return None
    made = fact.event
    return Template(
        position=fact.position, template_id=made.template_id, version=made.version, look=made.look
    )


def default_of(kind: TemplateKind, fact: Recorded | None) -> Template | None:
    """The default of a kind, given the newest event of its `default_tag`; None: the house's own."""
    template = of_fact(fact)
    return template if template is not None and kind in template.look.kinds else None


def check_named(asked: str, known: Template | None, kind: TemplateKind) -> Refused | None:
    """Refuses what a document of that kind names as its template: unknown, or of another kind.

    One that is given to no kind serves all; one of any kind of invoice serves every invoice.
    """
    if known is None:
        return TemplateIsUnknown(template=asked[:60], pointer="/template")
    kinds = known.look.kinds
    if not kinds or kind in kinds or (kind in INVOICES and INVOICES.intersection(kinds)):
        return None
    return TemplateIsOfAnotherKind(
        name=known.look.name, kinds=", ".join(kinds), kind=kind, pointer="/template"
    )


def read_pinned(asked: str) -> tuple[str, int | None]:
    """The id and version in `tpl_…@3`; None is the newest version."""
    template_id, _, number = asked.partition("@")
    return template_id, int(number) if number.isascii() and number.isdigit() else None


TEMPLATES_TAG = "templates"


def logo_tag(digest: str) -> str:
    """The tag of a kept picture, by its SHA-256 (hex)."""
    return f"logo:{digest}"


def template_tag(template_id: str) -> str:
    """The tag of a template's versions."""
    return f"template:{template_id}"


def default_tag(kind: TemplateKind) -> str:
    """The tag of what was ever the default of a kind; the newest event says which one is."""
    return f"template_for:{kind}"


def _named(new: NewTemplate) -> Refused | None:
    return faults.unreadable(new) or faults.missing(new.name, "/name")


def _coloured(new: NewTemplate) -> Refused | None:
    return None if _COLOUR.fullmatch(new.colour) else TemplateIsWrong(pointer="/colour")


LOOK_RULES = (_named, _coloured)


def _logo(new: NewTemplate, *, is_kept: bool) -> Refused | None:
    return TemplateIsWrong(pointer="/logo") if new.logo and not is_kept else None

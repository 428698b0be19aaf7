"""Use cases of templates: keep a logo, make a version, find the one to print a document with."""

from functools import partial

from msgspec.structs import replace

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.sales import template as templates
from domain.sales.invoice import Draft
from domain.sales.template import (
    HOUSE,
    TEMPLATES_TAG,
    LogoKept,
    NewTemplate,
    Template,
    TemplateIsUnknown,
    TemplateKind,
    default_tag,
    logo_tag,
    template_tag,
)
from services.identity import make
from services.loading import load_company
from services.pictures import examine
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

NONE: tuple[Template, ...] = ()


def keep_logo(store: Store, book_id: str, content: bytes, command: Command) -> Written[str]:
    """Keeps a picture for documents, once; answers with its SHA-256 in hex (M11)."""
    seen = examine(content)

    def decide(pen: Pen) -> None:
        load_company(pen)
        if pen.last(logo_tag(seen.digest)) is not None:
            return
        pen.keep(content, seen.media_type, "logo")
        event = LogoKept(
            media_type=seen.media_type, width=seen.width, height=seen.height, files=(seen.digest,)
        )
        pen.append([event])

    return store.write(book_id, command, decide, lambda _: seen.digest)


def make_template(
    store: Store, book_id: str, new: NewTemplate, command: Command
) -> Written[Template]:
    """Makes a template, its first version; the default of its kinds from now on."""

    def decide(pen: Pen, template_id: str) -> None:
        load_company(pen)
        _version(pen, None, template_id, new)

    return make(store, book_id, command, "tpl", tag=template_tag, decide=decide, find=get_template)


def revise_template(
    store: Store, book_id: str, template_id: str, new: NewTemplate, command: Command
) -> Written[Template]:
    """Makes the next version of a template; what was printed with the others stays (M11)."""

    def decide(pen: Pen) -> None:
        _version(pen, get_template(pen, template_id), template_id, new)

    find = partial(get_template, template_id=template_id)
    return store.write(book_id, command, decide, find, [template_tag(template_id)])


def get_template(reader: Reader, template_id: str, number: int | None = None) -> Template:
    """A template, as it is or in an earlier version; raises Refusals when there is none."""
    found = find_template(reader, template_id, number)
    if found is None:
        written = template_id if number is None else f"{template_id}@{number}"
        raise Refusals(TemplateIsUnknown(template=written[:60]))
    return found


def find_template(reader: Reader, template_id: str, number: int | None) -> Template | None:
    """A template, as it is or in an earlier version, if there is one."""
    tag = template_tag(template_id)
    if number is None:
        return templates.of_fact(reader.last(tag))
    versions = reader.fold(_collect, NONE, tag)
    return next((each for each in versions if each.version == number), None)


def list_templates(reader: Reader) -> tuple[Template, ...]:
    """The newest version of every template, in the order in which they were made."""
    versions = reader.fold(_collect, NONE, TEMPLATES_TAG)
    return tuple({each.template_id: each for each in versions}.values())


def resolve_template(reader: Reader, asked: str, kind: TemplateKind) -> Template | None:
    """What a document is printed with: as asked (`tpl_…` or `tpl_…@3`), or the default of its kind.

    None is the house's own. Raises Refusals when what is asked for does not exist (M18).
    """
    if asked == HOUSE:
        return None
    if asked:
        return get_template(reader, *templates.read_pinned(asked))
    return templates.default_of(kind, reader.last(default_tag(kind)))


def check_template(reader: Reader, asked: str, kind: TemplateKind) -> None:
    """Refuses a template that a document names and that is unknown or of another kind (M18)."""
    if asked in ("", HOUSE):
        return
    template_id, version = templates.read_pinned(asked)
    known = find_template(reader, template_id, version)
    refused = templates.check_named(asked, known, kind)
    if refused is not None:
        raise Refusals(refused)


def pin_template(reader: Reader, asked: str, kind: TemplateKind) -> str:
    """The version that a document is issued with, as its event names it for ever (M11)."""
    found = resolve_template(reader, asked, kind)
    return HOUSE if found is None else found.pinned


def pin(reader: Reader, draft: Draft) -> Draft:
    """A draft about to be issued, with the very version of the template that it is issued with."""
    said = draft.content
    pinned = pin_template(reader, said.template, said.kind)
    return replace(draft, content=replace(said, template=pinned))


def template_tags(draft: Draft) -> tuple[str, ...]:
    """The tags that `pin` looks up."""
    asked, _ = templates.read_pinned(draft.content.template)
    return (template_tag(asked),) if asked else (default_tag(draft.content.kind),)


def _version(pen: Pen, known: Template | None, template_id: str, new: NewTemplate) -> None:
    kept = bool(new.logo) and pen.last(logo_tag(new.logo)) is not None
    pen.append(templates.version(known, template_id, new, logo_is_kept=kept))


def _collect(known: tuple[Template, ...], fact: Recorded) -> tuple[Template, ...]:
    found = templates.of_fact(fact)
    return known if found is None else (*known, found)

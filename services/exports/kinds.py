"""Every kind of file that is no list, by the name it is noted under."""

from services.exports.generic_journal import GENERIC_JOURNAL
from services.exports.kind import FileKind
from services.exports.originals import ORIGINALS
from services.exports.vat_files import CLIENT_LISTING, UNION_LISTING, VAT_RETURN
from services.exports.winbooks import WINBOOKS

FILES: dict[str, FileKind] = {
    each.name: each
    for each in (
        CLIENT_LISTING,
        GENERIC_JOURNAL,
        ORIGINALS,
        UNION_LISTING,
        VAT_RETURN,
        WINBOOKS,
    )
}

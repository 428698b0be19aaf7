"""VAT: the category and rate of a line, and the tax of a document, per rate and exact."""

from typing import Literal

from msgspec import Struct

# EN 16931 (UNCL 5305): S standard, Z zero, E exempt, AE reverse charge, K intra-Community,
# G export, O outside scope, L/M Canaries and Ceuta/Melilla, B transferred (Italy).
VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]


class VatAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tax of one rate of a document: `base` and `tax` in minor units, `rate` in percent."""

    category: VatCategory
    rate: str
    base: int
    tax: int
    exemption: str = ""

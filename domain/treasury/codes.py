"""The codes of letterings: a series for each account and fiscal year, none ever used again."""


def write_code(ordinal: int, *, complete: bool) -> str:
    """The code of the n-th lettering of an account and year (from 1): AAA, AAB… ZZZ, then AAAA.

    Capitals when every line is settled to its last cent, small letters otherwise (C7).
    """
    length, first = 3, 1
    while ordinal >= first + 26**length:
        first += 26**length
        length += 1
    rest, letters = ordinal - first, ""
    for _ in range(length):
        rest, digit = divmod(rest, 26)
        letters = chr(ord("A") + digit) + letters
    return letters if complete else letters.lower()


def codes_tag(account: str, year: int) -> str:
    """The tag of the codes of an account and fiscal year; its newest has the last code."""
    return f"letter:{account}:{year}"

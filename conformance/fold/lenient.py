"""Reading a statement for what it says, and not for what it makes: what is wrong in it is told elsewhere."""

from __future__ import annotations

from itertools import pairwise

from conformance.fold.tokens import Cursor, Token


def spoken(text: str, found: list[Token]) -> str:
    """The text from the first of these tokens to the last, without the comments in between."""
    if not found:
        return ""
    whole = text[found[0].start : found[-1].end]
    if "--" not in whole and "/*" not in whole:
        return whole
    parts = [text[found[0].start : found[0].end]]
    for before, token in pairwise(found):
        between = text[before.end : token.start]
        parts += [" " if "--" in between or "/*" in between else between, text[token.start : token.end]]
    return "".join(parts)


class Lenient(Cursor):
    """A cursor that takes reserved words for names too, for whoever writes them so wants to be told; and that leaves
    comments out of what it tells."""

    def rest(self) -> str:
        """The text of all that follows; nothing is taken."""
        return spoken(self.text, self.found[self.at :])

    def name(self) -> str:
        """Take a name, quoted or not."""
        return self.label()

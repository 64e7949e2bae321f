"""The tokens of one statement, and a cursor that reads them.

Words are folded to lower case as PostgreSQL folds them; a quoted name, a string and a dollar quote come with what they
mean. A string of bits is a token of its own kind, and so is what cannot be told here, which no reader takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.fold.escapes import spelled, unescaped
from conformance.fold.refusals import NotUnderstood, Refused
from conformance.model.record import Record
from conformance.model.sql import NO_NAMES

_START = r"[A-Za-z_\x80-\U0010ffff]"
_MORE = r"[A-Za-z0-9_$\x80-\U0010ffff]"
_TOKEN = re.compile(
    rf"""
      (?P<blank>(?:[ \t\n\r\f\v]++ | --[^\n\r]*+)++)
    | (?P<comment>/\*)
    | (?P<escape>[eE]'(?:[^'\\]|\\.|'')*+')
    | (?P<unicode>[uU]&(?:'(?:[^']|'')*+'|"(?:[^"]|"")++")(?!\s*+[uU][eE][sS][cC][aA][pP][eE]))
    | (?P<bits>[bB]'[01]*+'|[xX]'[0-9a-fA-F]*+')
    | (?P<odd>[uU]&['"] | [bBxXnN]')
    | (?P<string>'(?:[^']|'')*+')
    | (?P<name>"(?:[^"]|"")++")
    | (?P<dollar>\$(?:{_START}[A-Za-z0-9_\x80-\U0010ffff]*+)?\$)
    | (?P<word>{_START}{_MORE}*+)
    | (?P<number>(?:\d++(?:\.(?!\.)\d*+)?|\.\d++)(?:[eE][+-]?\d++)?+)
    | (?P<op>::|:=|\.\.|=>(?![-+*/<>=~!@\#%^&|`?])|(?:(?!--|/\*)[-+*/<>=~!@\#%^&|`?])++|[()\[\],;.:$])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_EDGE = re.compile(r"/\*|\*/")
_ENDS_IN_SIGN = re.compile(r"[^~!@#%^&|`?]*[+-]+\Z")
LONGEST_NAME = 63


class Token(Record, often=True):
    """`value` is what it means; `start` and `end` are its place in the text."""

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return
        kind, found, end = match.lastgroup or "", match.group(), match.end()
        if kind == "comment":
            at = _comment_end(text, at)
            continue
        if kind == "dollar":
            close = text.find(found, end)
            close = len(text) if close < 0 else close
            yield Token(kind="string", value=text[end:close], start=at, end=min(close + len(found), len(text)))
            at = close + len(found)
            continue
        if kind == "op" and len(found) > 1 and found not in ("::", ":=", "..", "=>") and _ENDS_IN_SIGN.match(found):
            head = found.rstrip("+-")
            if head:
                yield Token(kind=kind, value=head, start=at, end=at + len(head))
            for place in range(at + len(head), end):  # matched one by one, many would take the square of their number
                yield Token(kind=kind, value=text[place], start=place, end=place + 1)
            at = end
            continue
        if kind != "blank":
            yield Token(kind=_kind(kind, found), value=_meaning(kind, found), start=at, end=end)
        at = end


def _kind(kind: str, found: str) -> str:
    if kind == "unicode":
        return "string" if found[2] == "'" else "name"
    return "string" if kind == "escape" else kind


def _comment_end(text: str, at: int) -> int:
    depth = 0
    for edge in _EDGE.finditer(text, at):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def _meaning(kind: str, found: str) -> str:
    if kind == "word":
        return cut(found.translate(_LOWER))
    if kind == "name":
        return cut(found[1:-1].replace('""', '"'))
    if kind == "string":
        return found[1:-1].replace("''", "'")
    if kind == "escape":
        return unescaped(found[2:-1])
    if kind == "unicode":
        quote = found[2]
        inner = spelled(found[3:-1].replace(quote * 2, quote))
        return inner if quote == "'" else cut(inner)
    return found


_LOWER = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def depths(found: Sequence[Token], start: int = 0) -> Iterator[tuple[Token, int]]:
    """The tokens from a place on, each with how many parentheses and brackets are open behind it."""
    depth = 0
    for at in range(start, len(found)):
        token = found[at]
        if token.kind == "op":
            depth += (token.value in "([") - (token.value in ")]")
        yield token, depth


def cut(name: str) -> str:
    """A name as PostgreSQL keeps it: its first 63 bytes."""
    if len(name) <= LONGEST_NAME and name.isascii():
        return name
    return name.encode("utf-8", "surrogatepass")[:LONGEST_NAME].decode("utf-8", "ignore")


def _ended_once(found: list[Token]) -> list[Token]:
    """The tokens of a statement without the semicolons in front of it, and with one at the most behind it."""
    first, last = 0, len(found)
    while first < last and (found[first].kind, found[first].value) == ("op", ";"):
        first += 1
    while last - first > 1 and all((t.kind, t.value) == ("op", ";") for t in found[last - 2 : last]):
        last -= 1
    return found[first:last]


class Cursor:
    """Reads the tokens of a statement one by one."""

    def __init__(self, text: str, found: list[Token] | None = None) -> None:
        self.text = text
        self.found = _ended_once(tokens(text)) if found is None else found
        self.at = 0

    def peek(self, ahead: int = 0) -> Token | None:
        """The token that comes next, or one behind it; None at the end."""
        place = self.at + ahead
        return self.found[place] if place < len(self.found) else None

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.at >= len(self.found)

    def sees(self, *words: str) -> bool:
        """Whether these words or operators come next; nothing is taken."""
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token is None or token.kind not in ("word", "op") or token.value != word:
                return False
        return True

    def takes(self, *words: str) -> bool:
        """Take these words or operators, if they come next."""
        if not self.sees(*words):
            return False
        self.at += len(words)
        return True

    def one_of(self, *words: str) -> str:
        """Take one of these words, if one comes next; which, or ""."""
        return next((word for word in words if self.takes(*word.split())), "")

    def needs(self, *words: str) -> None:
        """Take these words or operators. Raises `NotUnderstood` where something else comes."""
        if not self.takes(*words):
            raise self.odd(f"{' '.join(words).upper()} is expected")

    def take(self) -> Token:
        """Take the next token, whatever it is."""
        token = self.peek()
        if token is None:
            raise self.odd("it ends too soon")
        self.at += 1
        return token

    def name(self) -> str:
        """Take a name, quoted or not."""
        token = self.peek()
        if token is None or token.kind not in ("word", "name"):
            raise self.odd("a name is expected")
        if token.kind == "word" and token.value in NO_NAMES:
            raise Refused("syntax_error", f"{token.value} is a word of SQL, and no name without quotes")
        self.at += 1
        return token.value

    def label(self) -> str:
        """Take a name that may be any word."""
        token = self.peek()
        if token is None or token.kind not in ("word", "name"):
            raise self.odd("a name is expected")
        self.at += 1
        return token.value

    def dotted(self) -> tuple[str, ...]:
        """Take a name that may have others in front of it."""
        names = [self.name()]
        while self.takes("."):
            names.append(self.label())
        return tuple(names)

    def string(self) -> str:
        """Take a string."""
        token = self.peek()
        if token is None or token.kind != "string":
            raise self.odd("a string is expected")
        self.at += 1
        return token.value

    def names(self) -> tuple[str, ...]:
        """Take a list of names in parentheses."""
        self.needs("(")
        found = [self.name()]
        while self.takes(","):
            found.append(self.name())
        self.needs(")")
        return tuple(found)

    def dropped(self) -> tuple[bool, list[tuple[str, ...]], bool]:
        """Take the rest of a DROP: whether it says IF EXISTS, the names, and whether it says CASCADE."""
        gently = self.takes("if", "exists")
        names = [self.dotted()]
        while self.takes(","):
            names.append(self.dotted())
        cascade = self.takes("cascade")
        self.takes("restrict")
        self.ends()
        return gently, names, cascade

    def group(self) -> Cursor:
        """Take what stands in parentheses, as a cursor of its own."""
        self.needs("(")
        first = self.at
        for _, depth in depths(self.found, first):
            self.at += 1
            if depth < 0:
                return type(self)(self.text, self.found[first : self.at - 1])
        raise self.odd("it ends too soon")

    def parts(self) -> list[Cursor]:
        """All that follows, cut at the commas outside of parentheses."""
        found: list[list[Token]] = [[]]
        for token, depth in depths(self.found, self.at):
            if depth == 0 and (token.kind, token.value) == ("op", ","):
                found.append([])
            else:
                found[-1].append(token)
        self.at = len(self.found)
        return [type(self)(self.text, part) for part in found]

    def ends(self) -> None:
        """Raises `NotUnderstood` where something follows."""
        self.takes(";")
        if not self.ended:
            raise self.odd("nothing more is expected")

    def rest(self) -> str:
        """The text of all that follows; nothing is taken."""
        if self.ended:
            return ""
        return self.text[self.found[self.at].start : self.found[-1].end]

    def odd(self, why: str) -> NotUnderstood:
        """What to raise where the statement goes on otherwise than is understood."""
        token = self.peek()
        seen = "its end" if token is None else repr(self.text[token.start : token.end][:30])
        return NotUnderstood(f"{why} at {seen}")

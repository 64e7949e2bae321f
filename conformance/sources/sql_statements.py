"""SQL text taken apart into its statements, as `psql` takes it apart, with the place of each.

The pieces joined give the text back, byte for byte: what stands between two statements (blanks, comments) belongs to
the one behind it, and what stands behind the last one to that. A semicolon ends a statement unless it stands in a
string, a quoted name, a dollar quote, a comment (they nest), in parentheses, or in the BEGIN ATOMIC body of a
function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from conformance.errors import UsageError
from conformance.model.record import Record

_START = r"[A-Za-z_\x80-\U0010ffff]"
_MORE = r"[A-Za-z0-9_$\x80-\U0010ffff]"
_CONTINUED = r"(?:[ \t\f\v]*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*+'(?:[^'\\]|\\.|'')*+')*+"

_QUIET = (
    rf"(?:\d{_MORE}*+|(?!--|/\*)[-+*/<>=~!@\#%^&|`?,.:\[\]{{}}]|[ \t\n\r\f\v]|[()]|[\x00-\x08\x0e-\x1f\x7f]"
    rf"|'[^'()]*+'(?!')|\"[^\"()]*+\"(?!\")|\$(?!(?:{_START}[A-Za-z0-9_\x80-\U0010ffff]*+)?\$)"
    r"|--[^\n\r()]*+(?![^\n\r])|/\*[^*/()]*+\*/)"
)
"""What tells nothing of a statement but how deep it stands in parentheses, of which none stand in its quotes."""

_TOKEN = re.compile(
    rf"""
      (?P<blank>(?:[ \t\n\r\f\v]++ | --[^\n\r]*+)++)
    | (?P<block>/\*)
    | (?P<escape>[eE]'(?:[^'\\]|\\.|'')*+(?P<escape_end>'{_CONTINUED})?)
    | (?P<name>"(?:[^"]|"")*+(?P<name_end>")?)
    | (?P<dollar>\$(?:{_START}[A-Za-z0-9_\x80-\U0010ffff]*+)?\$)
    | (?P<word>{_START}{_MORE}*+)
    | (?P<quiet>{_QUIET}++)
    | (?P<string>'(?:[^']|'')*+(?P<string_end>')?)
    | (?P<end>;(?:[ \t\n\r\f\v]*+;)*+)
    | (?P<other>\\++|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG = re.compile(rf"(?:(?![eE]'){_START}{_MORE}*+|{_QUIET})++")
"""The same with words, where a statement has had so many that more tell nothing."""
_COMMENT_EDGE = re.compile(r"/\*|\*/")

_ROUTINE = re.compile(r"create (or replace )?(function|procedure)\b")
_FROM_STDIN = re.compile(r"copy .*\bfrom stdin\b")
_HEAD = 4
_WORDS = 24
"""How many of a statement's first words are kept: enough to tell what it is."""


class Piece(Record):
    """A part of a text. `offset` is where it begins; `line`, from 0, is the line of its first token.

    `words` are the first of its words that stand outside of quotes, in lower case. `bare` says that there is no
    statement in it. `fault` says what is wrong with it, and `fault_line` where.
    """

    text: str
    offset: int
    line: int
    words: tuple[str, ...] = ()
    bare: bool = False
    fault: str = ""
    fault_line: int = 0


def pieces(text: str) -> tuple[Piece, ...]:
    """The text in pieces, each of one statement; only a text without any statement is one bare piece."""
    return tuple(_Splitter(text).pieces())


def first_pieces(text: str, most: int) -> tuple[Piece, ...]:
    """The same of so many statements at the most: what stands behind them is one piece with a fault."""
    found = _Splitter(text).pieces()
    kept = list(islice(found, most))
    if rest := next(found, None):
        fault = f"the file has more than {most:,} statements, and nothing is read from here on; make it several files"
        kept.append(_with(rest, text=text[rest.offset :], fault=fault, fault_line=rest.line))
    return tuple(kept)


def statements(text: str, where: str = "the text", first_line: int = 1) -> tuple[Piece, ...]:
    """The pieces that hold a statement. Raises `UsageError` for what only `psql` understands and for what has no
    end."""
    found = pieces(text)
    for piece in found:
        if piece.fault:
            raise UsageError(f"{where}:{first_line + piece.fault_line}: {piece.fault}")
    return tuple(piece for piece in found if not piece.bare)


def pieces_from(text: str, start: int, skips: Mapping[int, int]) -> Iterator[Piece]:
    """The pieces from a place on, from which their lines are counted, as if what is skipped were blank."""
    return _Splitter(text, start, skips).pieces()


class _Splitter:
    def __init__(self, text: str, start: int = 0, skips: Mapping[int, int] = MappingProxyType({})) -> None:
        self._text = text
        self._from = start
        self._skips = skips
        self._line = 0
        self._begin_piece(start)

    def _begin_piece(self, start: int) -> None:
        self._start = start
        self._routine = False
        self._first: int | None = None
        self._words: list[str] = []
        self._parens = 0
        self._bodies = 0
        self._fault = ""
        self._fault_at = 0

    def pieces(self) -> Iterator[Piece]:
        """One piece behind the one before; a tail without a statement joins the last."""
        last: Piece | None = None
        end = 0
        for piece in self._raw():
            if last is None:
                last = piece
            elif piece.bare and (not piece.fault or not last.fault):
                if piece.fault:
                    last = _with(last, fault=piece.fault, fault_line=piece.fault_line)
            elif last.bare:
                last = _with(piece, offset=last.offset)
            else:
                yield _with(last, text=self._text[last.offset : end])
                last = piece
            end = piece.offset + len(piece.text)
        if last is not None:
            yield _with(last, text=self._text[last.offset : end])

    def _raw(self) -> Iterator[Piece]:
        at = self._from
        while at < len(self._text):
            at, ends = (self._skips[at], False) if at in self._skips else self._token(at)
            if ends:
                yield self._piece(at)
                self._begin_piece(at)
        if self._start < len(self._text):
            yield self._piece(len(self._text))

    def _token(self, at: int) -> tuple[int, bool]:
        """Where the token at this place ends, and whether the statement ends with it."""
        if len(self._words) == _WORDS and not self._routine and (run := _LONG.match(self._text, at)):
            self._deeper(run.group())
            return run.end(), False
        match = _TOKEN.match(self._text, at)
        if match is None:  # it matches whatever there is
            return len(self._text), False
        kind, end = match.lastgroup or "", match.end()
        kind = kind.removesuffix("_end")
        if kind == "blank":
            return end, False
        if kind == "block":
            return self._comment(at), False
        found = match.group()
        if kind == "end":
            return end, self._parens <= 0 and self._bodies == 0
        if self._first is None:
            self._first = at
        if kind in ("escape", "string", "name") and match[f"{kind}_end"] is None:
            self._complain("a quote that is opened here has no end", at)
        elif kind == "dollar":
            return self._dollar(found, at, end), False
        elif kind == "word":
            self._word(found.lower())
        elif kind == "quiet":
            self._deeper(found)
        elif found[0] == "\\" and not self._fault:
            self._command(at)
        return end, False

    def _deeper(self, found: str) -> None:
        self._parens += found.count("(") - found.count(")")

    def _command(self, at: int) -> None:
        end = self._text.find("\n", at)
        line = self._text[at : end if end >= 0 else len(self._text)].strip()
        self._complain(f"{line.split(' ', 1)[0]} is a command of psql, not SQL; a server does not know it", at)

    def _word(self, word: str) -> None:
        if len(self._words) < _WORDS:
            self._words.append(word)
            if len(self._words) <= _HEAD:
                self._routine = bool(_ROUTINE.match(" ".join(self._words)))
        if self._parens == 0 and self._routine:
            if word == "begin" or (word == "case" and self._bodies):
                self._bodies += 1
            elif word == "end" and self._bodies:
                self._bodies -= 1

    def _dollar(self, tag: str, at: int, end: int) -> int:
        close = self._text.find(tag, end)
        if close < 0:
            self._complain(f"the quote {tag} that is opened here has no end", at)
            return len(self._text)
        return close + len(tag)

    def _comment(self, at: int) -> int:
        depth, end = 0, at
        while (edge := _COMMENT_EDGE.search(self._text, end)) is not None:
            end = edge.end()
            depth += 1 if edge.group() == "/*" else -1
            if depth == 0:
                return end
        self._complain("a comment that is opened here has no end", at)
        return len(self._text)

    def _complain(self, fault: str, at: int) -> None:
        if not self._fault:
            self._fault, self._fault_at = fault, at

    def _piece(self, end: int) -> Piece:
        bare = self._first is None
        first = self._start if self._first is None else self._first
        if not self._fault and _FROM_STDIN.match(" ".join(self._words)):
            self._complain("COPY … FROM stdin needs its rows from a client; write INSERT", first)
        before, self._line = self._line, self._line + self._text.count("\n", self._start, end)
        return Piece(
            text=self._text[self._start : end],
            offset=self._start,
            line=before + self._text.count("\n", self._start, first),
            words=tuple(self._words),
            bare=bare,
            fault=self._fault,
            fault_line=before + self._text.count("\n", self._start, self._fault_at) if self._fault else 0,
        )


def _with(piece: Piece, **changed: object) -> Piece:
    from conformance.model.record import replace

    return replace(piece, **changed)

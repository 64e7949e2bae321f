"""What suppresses the lints of which statement of a file, and which of such comments suppress nothing where they
stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from conformance.fold.refusals import NotUnderstood
from conformance.fold.tokens import tokens
from conformance.model.lint import Script, Statement
from conformance.model.suppression import Suppression, standing, suppressions
from conformance.registry import lints

_MARK = "conformance:"
_FOLLOWED_BY_NONE = "no statement follows it, and it suppresses nothing; write it before its statement"
_WITHIN = "it stands within a statement, and suppresses nothing; write it before it"


class Suppressing:
    """The suppressions of a file, looked up by the number of a statement and the code of a lint."""

    def __init__(self, script: Script) -> None:
        self.comments: list[Suppression] = []
        self._misplaced: dict[Suppression, str] = {}
        self._used: set[tuple[Suppression, str]] = set()
        self._near: dict[tuple[int, str], list[Suppression]] = defaultdict(list)
        self._whole: dict[str, list[Suppression]] = defaultdict(list)
        for number, statement in enumerate(script.statements):
            if _MARK in statement.text:
                self._read(statement, number)

    def reason(self, number: int, code: str) -> str | None:
        """Why the lint is to be silent about this statement; None where it is not."""
        found = self._near.get((number, code), []) + self._whole.get(code, [])[:1]
        self._used.update((comment, code) for comment in found)
        return found[0].reason if found else None

    def wrong(self) -> Iterator[tuple[Suppression, str]]:
        """The comments that suppress nothing, or one of whose codes does not, and why, once all reasons were asked
        for."""
        for code, comments in self._whole.items():
            if (comments[0], code) in self._used:
                self._used.update((comment, code) for comment in comments)
        for comment in self.comments:
            misplaced = self._misplaced.get(comment)
            whys = [misplaced] if misplaced else dict.fromkeys(self._idle(comment))
            yield from ((comment, why) for why in whys)

    def _idle(self, comment: Suppression) -> Iterator[str]:
        """What is wrong with the codes of a comment, one after the other."""
        if not comment.codes:
            yield "it names no lint, and suppresses nothing; write `-- conformance: ignore A001 reason`"
        found = "suppresses nothing: the lint has nothing to say here; remove it"
        for code in comment.codes:
            if code not in lints():
                yield f"there is no lint {code}; `conformance list --lints` shows them"
            elif not comment.reason:
                yield "it gives no reason, and suppresses nothing"
            elif (comment, code) not in self._used:
                yield f"{code} {found}" if len(set(comment.codes)) > 1 else f"it {found}"

    def _read(self, statement: Statement, number: int) -> None:
        first, last = _first(statement), statement.deeds[0].span.end
        for comment in standing(statement.text[:first], statement.offset):
            own = number and _behind_code(statement.text[: comment.span.start - statement.offset])
            self._add(comment, number - 1 if own else number)
        for comment in _within(statement, first, last):
            self._add(comment, -1, _WITHIN)
        for comment in standing(statement.text[last:], statement.offset + last):
            own = _behind_code(statement.text[last : comment.span.start - statement.offset])
            self._add(comment, number, "" if own or comment.scope == "ignore-file" else _FOLLOWED_BY_NONE)

    def _add(self, comment: Suppression, number: int, misplaced: str = "") -> None:
        self.comments.append(comment)
        if misplaced:
            self._misplaced[comment] = misplaced
        elif comment.reason:
            for code in comment.codes:
                if comment.scope == "ignore-file":
                    self._whole[code].append(comment)
                else:
                    self._near[number, code].append(comment)


def _behind_code(between: str) -> bool:
    """Whether no line ends between a statement and a comment, which then is about it."""
    return "\n" not in between and "\r" not in between


def _within(statement: Statement, first: int, last: int) -> Iterator[Suppression]:
    """The comments between the words of a statement, and in the body of a DO block."""
    found = list(suppressions(statement.text[first:last], statement.offset + first))
    if found:
        strings = [] if statement.deeds[0].verb == "do" else _strings(statement.text[first:last])
        start = statement.offset + first
        yield from (c for c in found if not any(a <= c.span.start - start < b for a, b in strings))


def _strings(text: str) -> Sequence[tuple[int, int]]:
    try:
        return [(token.start, token.end) for token in tokens(text) if token.kind in ("string", "name")]
    except NotUnderstood:
        return [(0, len(text))]


def _first(statement: Statement) -> int:
    return min((deed.span.start for deed in statement.deeds), default=len(statement.text))

"""The language of a pattern: every string that it matches where these are few, else samples of them."""

from __future__ import annotations

import re

_MOST = 400
_BEGIN, _END = "\x02", "\x03"
_COUNT = re.compile(r"\{([0-8])(,([1-8]))?\}")
_CLASSES = {"d": "1", "w": "a", "s": " ", "D": "x", "W": "-", "S": "x"}


def like(pattern: str) -> tuple[list[str], bool]:
    """Strings that match a LIKE pattern, and whether these are all."""
    words, exact = [""], True
    escaped = False
    for character in pattern:
        if escaped or character not in "\\%_":
            words, escaped = [word + character for word in words], False
        elif character == "\\":
            escaped = True
        else:
            exact = False
            more = ("", "x", "xy") if character == "%" else ("x",)
            words = [word + end for word in words for end in more][:_MOST]
    return words, exact


def regular(pattern: str) -> tuple[list[str], bool]:
    """Strings that match a regular expression of PostgreSQL, and whether these are all.

    All of them are known where the expression has nothing but literals, groups, alternatives, small classes, `?` and a
    few repetitions, and is anchored at both ends.
    """
    reader = _Reader(pattern)
    words = reader.alternatives()
    if reader.place < len(pattern):
        return [], False
    exact = reader.exact and all(
        word.startswith(_BEGIN) and word.endswith(_END) and not {_BEGIN, _END} & set(word[1:-1]) for word in words
    )
    return [word.replace(_BEGIN, "").replace(_END, "") for word in words], exact


def similar(pattern: str) -> str:
    """The regular expression that means what a pattern of SIMILAR TO does."""
    found, escaped = "", False
    for character in pattern:
        if escaped:
            found, escaped = found + (character if character.isalnum() else "\\" + character), False
        elif character == "\\":
            escaped = True
        else:
            found += {"%": ".*", "_": ".", ".": "\\.", "^": "\\^", "$": "\\$"}.get(character, character)
    return f"^(?:{found})$"


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0
        self.exact = True

    def alternatives(self) -> list[str]:
        words = self._sequence()
        while self._next() == "|":
            self.place += 1
            words = self._few([*words, *self._sequence()])
        return words

    def _next(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def _few(self, words: list[str]) -> list[str]:
        if len(words) > _MOST:
            self.exact = False
        return words[:_MOST]

    def _sequence(self) -> list[str]:
        words = [""]
        while self._next() not in ("", "|", ")"):
            atom = self._repeated(self._atom())
            words = self._few([word + end for word in words for end in atom])
        return words

    def _repeated(self, atom: list[str]) -> list[str]:
        sign = self._next()
        if sign == "?":
            self.place += 1
            atom = ["", *atom]
        elif counted := _COUNT.match(self.pattern, self.place):
            self.place = counted.end()
            low = int(counted[1])
            high = int(counted[3] or low)
            words = [""]
            found = [*words] if low == 0 else []
            for times in range(1, high + 1):
                words = self._few([word + more for word in words for more in atom])
                found += words if times >= low else []
            atom = self._few(found)
        elif sign and sign in "*+{":
            self.exact = False
            self.place += 1
            times = 1
            if sign == "{":
                end = self.pattern.find("}", self.place)
                inside = self.pattern[self.place : end]
                times = min(int(inside.split(",")[0] or 0), 64) if inside.split(",")[0].isdigit() else 1
                self.place = end + 1 if end >= 0 else len(self.pattern) + 1
            atom = [word * max(times, 1) for word in atom] + [word * (max(times, 1) + 1) for word in atom]
        if self._next() in ("?", "*", "+", "{") and sign:
            self.exact = False
        return atom

    def _atom(self) -> list[str]:
        character = self._next()
        self.place += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return [self._escape()]
        if character == ".":
            self.exact = False
            return ["x"]
        return [{"^": _BEGIN, "$": _END}.get(character, character)]

    def _group(self) -> list[str]:
        if self.pattern.startswith("?", self.place):
            if not self.pattern.startswith("?:", self.place):
                self.exact = False
            self.place += 2
        words = self.alternatives()
        if self._next() != ")":
            self.exact = False
        self.place += 1
        return words

    def _class(self) -> list[str]:
        end = self.pattern.find("]", self.place + 1)
        inside = self.pattern[self.place : end] if end >= 0 else ""
        self.place = end + 1 if end >= 0 else len(self.pattern) + 1
        if not inside or set(inside) & set("^-[\\:"):
            self.exact = False
            return [inside.lstrip("^")[:1] or "x", "7", "z"]
        return list(inside)

    def _escape(self) -> str:
        character = self._next()
        self.place += 1
        if character in ("A", "Z"):
            return _BEGIN if character == "A" else _END
        if character.isalnum() or not character:
            self.exact = False
            return _CLASSES.get(character, character)
        return character

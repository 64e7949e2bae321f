"""Whether a text is a timestamp of ISO 8601, told in SQL.

PostgreSQL's own cast takes `tomorrow` and much else, and raises what it does not take. A regular expression is exact,
and slow: the server builds its automaton anew for each string. So the usual spellings are told first, by looking up
their pieces, which costs a thirtieth of it; as bytes, because the characters of a text are counted from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

_YEAR = r"(?!0000)\d{4}"
_LEAP = r"(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"


def _day(dash: str) -> str:
    return (
        rf"({_YEAR}{dash}(0[1-9]|1[0-2]){dash}(0[1-9]|1\d|2[0-8])|{_YEAR}{dash}(0[13-9]|1[0-2]){dash}(29|30)"
        rf"|{_YEAR}{dash}(0[13578]|1[02]){dash}31|(?!0000){_LEAP}{dash}02{dash}29)"
    )


def _time(colon: str) -> str:
    """The time of a day, also its end and a leap second."""
    second = r"([0-5]\d(\.\d{1,30})?|60(\.0{1,30})?)"
    return rf"(([01]\d|2[0-3]){colon}[0-5]\d({colon}{second})?|24{colon}00({colon}00(\.0{{1,30}})?)?)"


_ZONE = r"([Zz]|[+-](0\d|1[0-4])(:?[0-5]\d)?)?"
TIMESTAMP = rf"^({_day('-')}[Tt ]{_time(':')}|{_day('')}[Tt]{_time('')}){_ZONE}$"
"""A timestamp of ISO 8601, as a regular expression of PostgreSQL: whatever it matches can be cast."""


def _numbers(first: int, last: int, digits: int = 2) -> list[str]:
    return [str(number).zfill(digits) for number in range(first, last + 1)]


_DAYS = [f"{day:%m-%d}" for day in (date(2001, 1, 1) + timedelta(days=number) for number in range(365))]
_ZONES = ["", "Z", "z", *(f"{s}{h}:{m}" for s in "+-" for h in _numbers(0, 14) for m in ("00", "30"))]


def usual(bytes_: str) -> str:
    """SQL that is true only of timestamps in their usual spellings; `bytes_` are those of a text."""
    minutes, seconds = ([f":{number}" for number in _numbers(0, 59)] for _ in range(2))
    fractions = " OR ".join(
        f"{_fraction(bytes_, width)} AND {_from(bytes_, 21 + width, _ZONES)}" for width in (6, 3, 9)
    )
    return (
        # where there is none, nothing more is computed
        f"{bytes_} IS NOT NULL"
        f" AND {_piece(bytes_, 1, [f'{year}-' for year in _numbers(2000, 2099)])} AND {_piece(bytes_, 6, _DAYS)}"
        f" AND {_piece(bytes_, 11, [f'{between}{hour}' for between in 'T ' for hour in _numbers(0, 23)])}"
        f" AND {_piece(bytes_, 14, minutes)} AND {_piece(bytes_, 17, seconds)}"
        f" AND CASE WHEN {_piece(bytes_, 20, '.')} THEN {fractions} ELSE {_from(bytes_, 20, _ZONES)} END"
    )


def _fraction(bytes_: str, width: int) -> str:
    """Whether there are so many digits from byte 21 on."""
    pairs = [_piece(bytes_, 21 + 2 * place, _numbers(0, 99)) for place in range(width // 2)]
    last = [_piece(bytes_, 20 + width, _numbers(0, 9, 1))] if width % 2 else []
    return " AND ".join(pairs + last)


def _piece(bytes_: str, first: int, values: Sequence[str]) -> str:
    """Whether the bytes from the `first` on are among these values, which are of one length."""
    return f"pg_catalog.substr({bytes_}, {first}, {len(values[0])}) IN ({_hexadecimal(values)})"


def _from(bytes_: str, first: int, values: Iterable[str]) -> str:
    """Whether all bytes from the `first` on are one of these values."""
    return f"pg_catalog.substr({bytes_}, {first}) IN ({_hexadecimal(values)})"


def _hexadecimal(values: Iterable[str]) -> str:
    return ", ".join(rf"'\x{value.encode().hex()}'" for value in values)

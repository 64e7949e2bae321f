"""What PostgreSQL's own operators and functions are called, take and give, as far as they are known here."""

from __future__ import annotations

from collections.abc import Mapping

COMPARING: Mapping[str, str] = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
INTEGERS = ("int2", "int4", "int8")
NUMBERS = (*INTEGERS, "numeric", "float4", "float8")
_UNDERSCORED = frozenset({"numeric", "uuid", "jsonb", "timestamptz", "timestamp", "date"})
_COMPARABLE = frozenset({*NUMBERS, "text", "bpchar", "bool", "uuid", "jsonb", "timestamptz", "timestamp", "date"})

PATTERNS: Mapping[str, str] = {
    "~~": "textlike",
    "!~~": "textnlike",
    "~~*": "texticlike",
    "!~~*": "texticnlike",
    "~": "textregexeq",
    "!~": "textregexne",
    "~*": "texticregexeq",
    "!~*": "texticregexne",
}

OPERATORS: Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]] = {
    ("->>", "jsonb"): (("text", "jsonb_object_field_text", "text"), ("int4", "jsonb_array_element_text", "text")),
    ("->", "jsonb"): (("text", "jsonb_object_field", "jsonb"), ("int4", "jsonb_array_element", "jsonb")),
    ("->>", "json"): (("text", "json_object_field_text", "text"), ("int4", "json_array_element_text", "text")),
    ("->", "json"): (("text", "json_object_field", "json"), ("int4", "json_array_element", "json")),
    ("||", "text"): (("text", "textcat", "text"),),
    ("+", "int4"): (("int4", "int4pl", "int4"),),
    ("-", "int4"): (("int4", "int4mi", "int4"),),
    ("*", "int4"): (("int4", "int4mul", "int4"),),
    ("/", "int4"): (("int4", "int4div", "int4"),),
    ("%", "int4"): (("int4", "int4mod", "int4"),),
}
"""For an operator and the type on its left: the type on its right, its function, and what it gives. A string of which
nothing says what it is becomes the first."""

FUNCTIONS: Mapping[tuple[str, tuple[str, ...]], tuple[str, str]] = {
    ("now", ()): ("timestamptz", "s"),
    ("transaction_timestamp", ()): ("timestamptz", "s"),
    ("statement_timestamp", ()): ("timestamptz", "s"),
    ("clock_timestamp", ()): ("timestamptz", "v"),
    ("gen_random_uuid", ()): ("uuid", "v"),
    ("random", ()): ("float8", "v"),
    ("lower", ("text",)): ("text", "i"),
    ("upper", ("text",)): ("text", "i"),
    ("btrim", ("text",)): ("text", "i"),
    ("ltrim", ("text",)): ("text", "i"),
    ("rtrim", ("text",)): ("text", "i"),
    ("md5", ("text",)): ("text", "i"),
    ("length", ("text",)): ("int4", "i"),
    ("char_length", ("text",)): ("int4", "i"),
    ("octet_length", ("text",)): ("int4", "i"),
    ("jsonb_typeof", ("jsonb",)): ("text", "i"),
    ("to_tsvector", ("regconfig", "text")): ("tsvector", "i"),
    ("jsonb_array_length", ("jsonb",)): ("int4", "i"),
    ("jsonb_build_object", ()): ("jsonb", "s"),
    ("jsonb_build_array", ()): ("jsonb", "s"),
}
"""Result and volatility of functions by their name and the types of their arguments."""

SINCE: Mapping[str, tuple[int, str]] = {"gen_random_uuid": (13, "uuid"), "uuidv4": (18, "uuid"), "uuidv7": (18, "uuid")}
"""Functions that newer majors brought, with what they give."""

WORDS: Mapping[str, tuple[str, str]] = {
    "current_timestamp": ("timestamptz", "s"),
    "current_date": ("date", "s"),
    "localtimestamp": ("timestamp", "s"),
    "current_user": ("name", "s"),
    "session_user": ("name", "s"),
}


def comparison(op: str, left: str, right: str) -> str:
    """The function of a comparison of two types, or "" where none is known here."""
    word = COMPARING.get(op)
    if word is None:
        return ""
    if left == right and left in _COMPARABLE:
        if left == "text":
            return f"text{word}" if word in ("eq", "ne") else f"text_{word}"
        return f"{left}_{word}" if left in _UNDERSCORED else f"{left}{word}"
    if left in INTEGERS and right in INTEGERS:
        return f"int{left[3]}{right[3]}{word}"
    if {left, right} == {"float4", "float8"}:
        return f"float{left[5]}{right[5]}{word}"
    return ""

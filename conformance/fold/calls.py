"""Which functions a statement calls, and whether one of them may change the structure: by itself, by what it calls, or
because a trigger, a default, a condition, a view or a policy calls it in its stead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from conformance.fold.function import Function
from conformance.fold.harmless import EXECUTING, HARMLESS, SYNTAX
from conformance.fold.lookup import of_the_system
from conformance.fold.mentioning import clauses
from conformance.fold.refusals import Acting, NotUnderstood
from conformance.fold.schema import Schema
from conformance.fold.tokens import Token, tokens
from conformance.model.record import replace

CONTROL = frozenset(
    """select insert update delete merge with values table truncate lock notify perform if elsif elseif else case loop
    for foreach while return raise null get open fetch move close exit continue begin declare end exception when
    assert""".split()
)
"""Words that may begin a statement of a routine that changes no structure."""

_ACTING = frozenset({"create", "alter", "drop", "execute", "search_path", "set_config"})
_QUIET = frozenset({"grant", "revoke", "comment", "analyze"})
_ON_ROWS = frozenset(
    {"select", "insert", "update", "delete", "merge", "with", "truncate", "perform", "for", "while", "assert", "call"}
)
_OPENS = frozenset({"begin", "then", "else", "loop"})
_QUERIES = frozenset({"select", "with", "table", "("})
_SEVERAL = (["values", "("], ["insert", "into"], ["delete", "from"], ["merge", "into"])


def judge(schema: Schema, found: Sequence[Token]) -> None:
    """Raises `Acting` where what stands there calls a function that may change the structure."""
    if schema.acting:
        named = next((t.value for t in found if t.kind in ("word", "name") and t.value in schema.acting), None)
        if named is not None:
            raise Acting(f"the function {named} may change the structure")
    for name in called(found):
        if name in EXECUTING or (name not in schema.called and name not in HARMLESS):
            raise Acting(f"whether {name}() changes the structure is not known here")
    if why := _catalogs(found):
        raise Acting(why)


def judge_lurking(schema: Schema) -> None:
    """Raises `Acting` where rows that change may call such a function by themselves."""
    if not schema.acting:
        return
    numbers = {function.number for function in schema.functions if function.name in schema.acting}
    for relation in schema.relations.values():
        if any(trigger.function in numbers for trigger in relation.reactions):
            raise Acting(f"a trigger of {relation.name} may change the structure")
    if name := schema.acting & (_evaluated(schema) | schema.lurking | schema.doubtful):
        raise Acting(f"the function {min(name)} may change the structure, and be called by what is done to rows")


def _evaluated(schema: Schema) -> frozenset[str]:
    """The words of all expressions that are evaluated when rows are touched."""
    texts: list[str] = []
    words: set[str] = set()
    for one in schema.relations.values():
        words |= one.mentions
        texts += [clause.text for clause in clauses(one)]
        texts += [trigger.when.text for trigger in one.reactions if trigger.when is not None]
    for of in schema.types.values():
        texts += [check.clause.text for check in of.checks] + ([of.default.text] if of.default else [])
    return frozenset(words.union(*(words_of(text) for text in texts)))


def words_of(text: str) -> frozenset[str]:
    """The words and the names in a text."""
    return frozenset(token.value for token in tokens(text) if token.kind in ("word", "name"))


def with_function(schema: Schema, made: Function) -> Schema:
    """The schema with one function more. One that no other speaks of matters to none: all are gone through only where
    one does, or the time of many would go with their square."""
    made = replace(made, number=schema.next)
    schema = replace(schema, next=schema.next + 1)
    if made.name in schema.called | schema.spoken:
        return with_functions(schema, (*schema.functions, made))
    own = schema.called | {made.name}
    acts = made.acts or bool(made.calls & EXECUTING or made.names & schema.acting)
    acts = acts or any(name not in HARMLESS and (name not in own or name in schema.acting) for name in made.calls)
    return replace(
        schema,
        functions=(*schema.functions, made),
        called=own,
        spoken=schema.spoken | made.calls | made.names,
        acting=schema.acting | {made.name} if acts else schema.acting,
    )


def with_functions(schema: Schema, functions: Iterable[Function]) -> Schema:
    """The schema with these functions, and with the names of those that may change the structure."""
    functions = tuple(functions)
    own = frozenset(function.name for function in functions)
    spoken = frozenset[str]().union(*(function.calls | function.names for function in functions))
    acting = {function.name for function in functions if function.acts or function.calls & EXECUTING}
    while True:
        known = HARMLESS | (own - acting)
        more = {f.name for f in functions if f.name not in acting and (f.calls - known or f.names & acting)}
        if not more:
            return replace(schema, functions=functions, called=own, spoken=spoken, acting=frozenset(acting))
        acting |= more


def read(function: Function) -> Function:
    """The function with what its body calls, and whether it changes the structure by itself."""
    if function.extension is not None:
        return function
    try:
        found = tokens(function.body)
    except NotUnderstood:
        return replace(function, acts=True)
    acts = function.language not in ("sql", "plpgsql") or changes(found) or bool(_catalogs(found))
    acts = acts or (function.language == "sql" and makes_table(found))
    names = frozenset(token.value for token in found if token.kind in ("word", "name"))
    return replace(function, acts=acts, calls=frozenset(called(found)), names=names)


def changes(found: Sequence[Token]) -> bool:
    """Whether statements of a routine do more than to change rows."""
    if any(token.kind in ("odd", "other") for token in found):
        return True
    starts = set(_starts(found))
    quiet = False
    for place, token in enumerate(found):
        if place in starts:
            quiet = token.kind == "word" and token.value in _QUIET
            if not quiet and not _plain(found, place):
                return True
        if not quiet and token.kind == "word" and token.value in _ACTING:
            return True
    return False


def may_fail(found: Sequence[Token]) -> bool:
    """Whether there are statements about rows among them, which may fail as the rows are."""
    starting = (found[place] for place in _starts(found))
    assigned = any((token.kind, token.value) == ("op", ":=") for token in found)
    return assigned or any(token.kind == "word" and token.value in _ON_ROWS for token in starting)


def _plain(found: Sequence[Token], place: int) -> bool:
    """Whether a control word or an assignment begins here."""
    if found[place].kind == "op" or (found[place].kind == "word" and found[place].value in CONTROL):
        return True
    place += 1
    while place + 1 < len(found) and found[place].kind == "op" and found[place].value in (".", "["):
        if found[place].value == "[":
            while place + 1 < len(found) and found[place].value != "]":
                place += 1
            place += 1
        else:
            place += 2
    return place < len(found) and (found[place].kind, found[place].value) in (("op", ":="), ("op", "="))


def _starts(found: Sequence[Token]) -> Iterator[int]:
    """Where statements begin; in a DECLARE, and behind THEN and ELSE in an expression, none does."""
    fresh, declaring, cases = True, False, 0
    for place, token in enumerate(found):
        word = token.value if token.kind == "word" else ""
        if fresh and not declaring and word != "declare":
            yield place
        if fresh and word == "declare":
            declaring = True
        elif word == "begin":
            declaring = False
        elif word == "case" and not fresh:
            cases += 1
        elif word == "end" and cases:
            cases -= 1
        fresh = (word in _OPENS and not cases) or (token.kind, token.value) == ("op", ";")


def makes_table(found: Sequence[Token]) -> bool:
    """Whether a query goes INTO a table of its own."""
    into = (before for before, token in pairwise(found) if (token.kind, token.value) == ("word", "into"))
    return any(before.value not in ("insert", "merge") for before in into)


def called(found: Sequence[Token]) -> Iterator[str]:
    """The names in front of a parenthesis, but for those of tables with their columns."""
    distinct_on = any((one.value, two.value) == ("distinct", "on") for one, two in pairwise(found))
    for place, (token, follows) in enumerate(pairwise(found)):
        if token.kind not in ("word", "name") or (follows.kind, follows.value) != ("op", "("):
            continue
        if token.kind == "word" and token.value in SYNTAX:
            continue
        first = place
        while first >= 2 and found[first - 1].value == "." and found[first - 1].kind == "op":
            first -= 2
        before = found[first - 1] if first else None
        if before is not None and before.kind == "word" and before.value in ("into", "as", "copy", "recursive"):
            continue
        if (
            before is not None
            and before.kind == "op"
            and (before.value == "::" or (before.value == ")" and not distinct_on))
        ):
            continue
        if not _is_cte(found, place + 1):
            yield token.value


def _is_cte(found: Sequence[Token], opening: int) -> bool:
    """Whether the names in parentheses are followed by AS and a query."""
    depth, place = 0, opening
    while place < len(found):
        value = found[place].value if found[place].kind == "op" else ""
        depth += (value == "(") - (value == ")")
        place += 1
        if depth == 0:
            break
    return _as_query(found, place)


def _as_query(found: Sequence[Token], place: int) -> bool:
    """Whether AS and a query in parentheses follow, and no list of columns with their types."""
    behind = [token.value for token in found[place : place + 6] if token.kind in ("word", "op")]
    behind = [value for value in behind if value not in ("not", "materialized")]
    return behind[:2] == ["as", "("] and ((behind[2:3] != [] and behind[2] in _QUERIES) or behind[2:4] in _SEVERAL)


def named_queries(found: Sequence[Token]) -> Iterator[str]:
    """The names that WITH gives to queries, whatever these do."""
    if not any((token.kind, token.value) == ("word", "with") for token in found):
        return
    for place, token in enumerate(found[:-1]):
        behind = [t.value for t in found[place + 1 : place + 5] if t.value not in ("not", "materialized")]
        if token.kind in ("word", "name") and (
            behind[:2] == ["as", "("] or (behind[:1] == ["("] and _is_cte(found, place + 1))
        ):
            yield token.value


def _catalogs(found: Sequence[Token]) -> str:
    """What says that rows are written into the system's own catalogs, which are the structure; or ""."""
    for name in targets(found):
        if name[0] != "pg_temp" and (of_the_system(name) or of_the_system(name[-1:])):
            return f"it writes into {'.'.join(name)}, which is PostgreSQL's own"
    return ""


def targets(found: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    """The names of the tables into which rows are written."""
    words = [token.value if token.kind == "word" else "" for token in found]
    for place, word in enumerate(words):
        start = place + 1
        if word in ("insert", "merge"):
            start += words[start : start + 1] == ["into"]
        elif word == "delete":
            start += words[start : start + 1] == ["from"]
        elif word == "truncate":
            start += words[start : start + 1] == ["table"]
        elif word not in ("update", "copy"):
            continue
        start += words[start : start + 1] == ["only"]
        if name := dotted(found, start):
            yield name


def dotted(found: Sequence[Token], place: int) -> tuple[str, ...]:
    """The name, with those in front of it, that stands there; or none."""
    names: list[str] = []
    while place < len(found) and found[place].kind in ("word", "name"):
        names.append(found[place].value)
        if place + 1 >= len(found) or (found[place + 1].kind, found[place + 1].value) != ("op", "."):
            break
        place += 2
    return tuple(names)

"""A schema built anew from a catalog, so that it can be provoked without the database that it is of.

What is rebuilt: tables with their columns, defaults, constraints, indexes and partitions, enums, domains, the
sequences behind `nextval()`, and triggers that plainly set a time or plainly return. Of expressions only those are
taken that are made of PostgreSQL's own parts and read nothing but the row; code of a stranger is never copied, be it a
function, an operator, a type, a rule or a policy. Whatever is left out is listed, and what hangs on it is not judged.

The catalog may be anyone's. Names are quoted here; an expression has to be one expression, and no more, by its own
text; each statement is run alone; and before anything is provoked, the server on which it was built has to say the same
of each expression.
"""

from conformance.rebuild.compare import by_extensions, by_locale, differences, doubtful
from conformance.rebuild.plan import Plan, Step, plan

__all__ = ["Plan", "Step", "by_extensions", "by_locale", "differences", "doubtful", "plan"]

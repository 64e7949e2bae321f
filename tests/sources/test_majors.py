"""The two majors that the embedded wheel carries give the same outcomes of the same schema, to the letter."""

import psycopg
import pytest
from deviating import script
from judged import conforming, contract, looked, named, told

from conformance.sandbox import Server

STEPS = {"documented": ("0012", "0016", "0023", "0028"), "reference": ("0012", "0022", "0023", "0028")}


def test_they_are_two(server: Server, older_server: Server) -> None:
    assert server.version.split(".")[0] != older_server.version.split(".")[0] == "16"


@pytest.mark.parametrize(("profile", "through"), [(p, t) for p, steps in STEPS.items() for t in steps])
def test_our_own_schemas(server: Server, older_server: Server, profile: str, through: str) -> None:
    outcomes = []
    for running in (server, older_server):
        url = named(running, conforming(running, profile, through))
        outcomes.append(told(looked(url, contract(profile), through)))
    assert outcomes[0] == outcomes[1]
    assert {verdict for _, verdict, *_ in outcomes[0]} <= {"pass", "not-applicable", "fail"}
    failing = [id_ for id_, verdict, *_ in outcomes[0] if verdict == "fail"]
    assert [id_ for id_ in failing if id_ not in MAY_FAIL] == []


# What only the page has, and the profile `reference` calls `may`.
MAY_FAIL = {"0016/chat_messages.metadata/column"}


def test_a_schema_that_departs_in_many_ways(server: Server, older_server: Server) -> None:
    outcomes = []
    for running in (server, older_server):
        name = "departing"
        running.create_database(name, template=conforming(running))
        with psycopg.connect(named(running, name)) as owner:
            owner.execute(script().encode())
        outcomes.append(told(looked(named(running, name), contract(), schema="public")))
        running.drop_database(name)
    differing = [(one, two) for one, two in zip(*outcomes, strict=True) if one != two]
    assert differing == []

"""Our own migrations, folded from their text: the catalog is the one that a server has."""

import pytest
from folds import differences, introspected, of_files
from judged import conforming, contract, named

from conformance.fixtures_of import migrations
from conformance.sandbox import Server

STEPS = [f"{number:04}" for number in range(12, 29)]


@pytest.mark.parametrize("profile", ["documented", "reference"])
@pytest.mark.parametrize("through", STEPS)
def test_folded_is_introspected(server: Server, profile: str, through: str) -> None:
    tables = contract(profile).tables()
    result, ours = of_files(migrations(profile, through), tables, int(server.version.partition(".")[0]))
    assert result.doubts == ()
    theirs = introspected(named(server, conforming(server, profile, through)), tables)
    assert differences(ours, theirs) == []


@pytest.mark.parametrize("profile", ["documented", "reference"])
def test_an_older_server_has_the_same(older_server: Server, profile: str) -> None:
    tables = contract(profile).tables()
    result, ours = of_files(migrations(profile, "0028"), tables, int(older_server.version.partition(".")[0]))
    assert result.doubts == ()
    theirs = introspected(named(older_server, conforming(older_server, profile)), tables)
    assert differences(ours, theirs) == []

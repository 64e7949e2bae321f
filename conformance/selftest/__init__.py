"""The tool tested by itself: every requirement broken in every way that its kind knows, and spelled in every way that
keeps it.

A mutant is killed only if the requirement that it breaks fails; an equivalent that fails is a false alarm. The matrix
is generated from the contract, so a requirement without a mutant is an error of the tool, not a gap in a list.
"""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext
from pathlib import Path


def run_command(out: Path | None, *, quiet: bool = False, major: int | None = None) -> int:
    """Run the whole matrix, print its score, write `selftest.md` and `selftest.json` to the folder `out`.

    Raises `UsageError`, before anything is run, where there is no such folder.
    Returns 0 if every mutant is killed and no equivalent alarms, else 1.
    """
    from conformance.errors import UsageError
    from conformance.progress import progress
    from conformance.selftest import publish
    from conformance.selftest.matrix import run
    from conformance.sources.contract import profiles

    if out is not None and not out.is_dir():
        raise UsageError(f"{out} is {'no folder' if out.exists() else 'not there'}; -o takes a folder that is")
    if not quiet:
        sys.stderr.write("every requirement is broken in every way that its kind knows: a minute or two …\n")
    began = time.perf_counter()
    told = nullcontext() if quiet else progress("breaking it and looking")
    with told:
        trials = run(profiles(), major=major)
    score = publish.score(trials)
    if out is not None:
        (out / "selftest.md").write_text(publish.markdown(trials, score), encoding="utf-8")
        (out / "selftest.json").write_text(publish.as_json(trials, score), encoding="utf-8")
    sys.stdout.write(publish.text(trials, score) + "\n")
    if not quiet:
        sys.stderr.write(f"{time.perf_counter() - began:.0f} s\n")
    return 0 if score.sound else 1

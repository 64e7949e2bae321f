"""How the verdict was reached: by what, as whom, and the command that does it again."""

from __future__ import annotations

import re
from shlex import quote

from conformance.model.report import Report
from conformance.model.score import FALSE_ALARMS, KILL_RATE
from conformance.render.html.words import code, shown

_PLAIN_ADDRESS = re.compile(r"[\w.-]+@[\w.-]+(:\d+)?/[\w.-]+", re.ASCII)
_COMMANDS = {"adapter": "prove --adapter ADAPTER", "history": "replay DIR", "behaviour": "prove", "state": "audit"}


def provenance(report: Report) -> str:
    target = report.target
    path = ", ".join(target.schemas) or "nothing"
    standby = ", a standby" if target.in_recovery else ""
    superuser = ", a superuser" if target.superuser else ""
    facts = (
        ("tool", shown(report.tool)),
        ("server", f"PostgreSQL {shown(target.server_version)}{standby}"),
        ("database", f"{code(target.database)}, schemas {shown(path)}"),
        ("session", f"session user {code(target.session_user)}, current user {code(target.current_user)}{superuser}"),
        ("took", f"{round(report.seconds, 3):.2f} s"),
        ("exit code", f"{report.exit_code}; {shown(report.threshold)} is the lowest level that counts"),
    )
    told = "".join(f"<dt>{term}<dd>{value}" for term, value in facts)
    line, remark = _command(report)
    return (
        "<section id=how aria-labelledby=h-how><h2 id=h-how>How this was found</h2>"
        f"<dl>{told}</dl><h3>To do it again</h3><div class=sql><pre>{shown(line)}</pre></div>"
        f"<p>{remark} What the run was given beyond that is not in a report, such as --schema, --contract and"
        " --waivers: give it again. A password belongs in the environment or in ~/.pgpass."
        "<p>How far the word of this tool can be trusted, <code>conformance selftest</code> measures: it breaks a"
        f" server in every way that the contract forbids, and counts what is found. Its kill rate is {KILL_RATE} of"
        f" these mutants, with {FALSE_ALARMS} in equivalent spellings.</section>"
    )


def _command(report: Report) -> tuple[str, str]:
    """The command line, and what stands for what in it."""
    planes = {outcome.plane for outcome in report.outcomes}
    command = next((words for plane, words in _COMMANDS.items() if plane in planes), "check")
    address, remark = report.target.address, ""
    words = ["conformance", command]
    if "@throw-away/" in address:
        remark = f"The server was thrown away: {shown(report.target.origin)}."
    elif _PLAIN_ADDRESS.fullmatch(address):
        words.append(f"postgresql://{address}")
    else:
        words.append('"$URL"')
        remark = f"$URL is the URL of {code(address)}."
    words += ["--profile", quote(report.profile), "--through", quote(report.through)]
    if report.threshold != "must":
        words.append("--strict")
    words += [word for one in report.select for word in ("--select", quote(one))]
    words += [word for one in report.ignore for word in ("--ignore", quote(one))]
    if report.baseline is not None:
        words += ["--baseline", quote(report.baseline.file)]
    return " ".join(words), remark

"""The user that the server runs as: PostgreSQL refuses to run as root."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import CannotEvaluate


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An existing unprivileged user of this machine, for a process of root to start others as."""

    uid: int
    gid: int

    def runs(self, command: Sequence[str]) -> bool:
        """Whether the user can execute the command and it succeeds."""
        try:
            answer = subprocess.run(  # noqa: S603  the programs are ours to choose
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                cwd="/",
                user=self.uid,
                group=self.gid,
                extra_groups=[],
            )
        except PermissionError:
            return False
        return answer.returncode == 0

    def enters(self, folder: Path) -> bool:
        """Whether the user can reach the folder through all that lie above it."""
        return self.runs(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def take(self, tree: Path) -> None:
        """Make the user the owner of a tree, or of one file or folder, that is ours to give."""
        if sys.platform == "win32":
            raise NotImplementedError("only root has an account to start the server as")
        os.chown(tree, self.uid, self.gid)
        for folder, folders, files in os.walk(tree):
            for name in folders + files:
                os.chown(Path(folder, name), self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account | None:
    """The user to run a server as, or None for this process's own. Raises CannotEvaluate if there is none."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("nobody", "postgres"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise CannotEvaluate("PostgreSQL refuses to run as root, and there is neither a user nobody nor postgres")

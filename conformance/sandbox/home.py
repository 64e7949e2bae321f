"""A sandbox's own folder, of one layout on every system."""

import shutil
import tempfile
import time
import warnings
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from conformance.sandbox.account import Account
from conformance.sandbox.interrupts import interrupts_deferred
from conformance.sandbox.owner import this_process

PREFIX = "conformance-sandbox-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The folder of one sandbox and what lies in it; only `data` and `socket` belong to the server's user."""

    path: Path

    @property
    def owner(self) -> Path:
        """The file that says which process the sandbox belongs to."""
        return self.path / "owner"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.path / "data"

    @property
    def socket(self) -> Path:
        """The folder of the unix socket; its path is short because the system limits a socket's."""
        return self.path / "s"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "log"

    @property
    def programs(self) -> Path:
        """A copy of PostgreSQL's programs, where the server's user can't reach them."""
        return self.path / "programs"


def make_home(stack: ExitStack, base: Path, account: Account | None) -> Home:
    """A new sandbox folder below `base`, which an account given may pass through; the stack removes it."""
    with interrupts_deferred():
        home = Home(path=Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)))
        stack.callback(_remove, home.path)
        home.owner.write_text(this_process().to_json(), encoding="utf-8")
    for folder in (home.data, home.socket):
        folder.mkdir(mode=0o700)
        if account is not None:
            account.take(folder)
    if account is not None:
        home.path.chmod(0o711)
    return home


def _remove(path: Path) -> None:
    try:
        remove_tree(path)
    except OSError as error:
        # Not worth the run's result: the next run sweeps it.
        warnings.warn(f"the sandbox {path} could not be removed: {error}", RuntimeWarning, stacklevel=2)


def remove_tree(path: Path) -> None:
    """Remove a folder whose last writers may still be ending: try for 2 s. Raises OSError after that."""
    deadline = time.monotonic() + 2
    while True:
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            if not path.exists():
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        else:
            return
        time.sleep(0.05)

"""What costs more to work out than to read back is kept beside the contract, as Python keeps its byte code.

It is kept under the digest that Python has for sources, of every file that it was made from: what does not match is
not used.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from importlib.util import source_hash
from pathlib import Path
from typing import Any

from conformance.model.record import Record

_LOADED = time.time_ns()


class Kept(Record):
    """A JSON record of this name in `folder`, made from the TOML and the code of some folders."""

    name: str
    folder: Path
    made_from: Sequence[Path]

    def read(self) -> Any:
        """The record. Raises `OSError` where none was kept, `ValueError` where it is not whole."""
        return json.loads(self._file().read_bytes())

    def write(self, record: Any) -> None:
        """Keep the record in place of what was kept before; but not if a file has changed since this process began,
        whose code may then be older than the digest says."""
        if any(path.stat().st_mtime_ns >= _LOADED for path in self._files()):
            return
        file = self._file()
        partial = file.with_suffix(f".{os.getpid()}")
        try:
            file.parent.mkdir(exist_ok=True)
            partial.write_text(json.dumps(record), encoding="utf-8")
            for older in file.parent.glob(f"{self.name}.*.json"):
                older.unlink(missing_ok=True)
            partial.replace(file)
        except OSError:  # a read-only installation: the next run works it out again
            return

    def _files(self) -> list[Path]:
        return [
            folder / name
            for folder in self.made_from
            for name in sorted(entry.name for entry in os.scandir(folder))
            if name.endswith((".toml", ".py"))
        ]

    def _file(self) -> Path:
        parts = [part for path in self._files() for part in (path.name.encode(), path.read_bytes())]
        digest = source_hash(b"\0".join([self.name.encode(), *parts]))
        return self.folder / f"{self.name}.{digest.hex()}.json"

"""How hosts of code name a file: by its path in the repository, wherever the command was called."""

from __future__ import annotations

import os
from pathlib import Path


def in_repository(name: str) -> str:
    """The path of a file from the root of the repository that it is in, with slashes; of one in none from here, and of
    one that is not below, as it is."""
    path = Path(os.path.abspath(name))  # noqa: PTH100  as it is named, whatever symbolic links are on the way
    root = next((folder for folder in path.parents if (folder / ".git").exists()), Path.cwd())
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else name

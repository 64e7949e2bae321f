"""Where a key's node stands in a table of a power of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15


def slots(keys: NDArray[np.uint64], bits: int, odd: int = GOLDEN, skip: int = 0) -> NDArray[np.int64]:
    """`bits` bits of each key's product with `odd`, behind the first `skip`."""
    product = keys * np.uint64(odd)
    if skip:
        product <<= np.uint64(skip)
    product >>= np.uint64(64 - bits)
    return product.view(np.int64)

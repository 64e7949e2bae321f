"""What a look at a database does while the server is busy: the contract read, and what judges imported."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from conformance.errors import CannotEvaluate, ConformanceError
from conformance.model.contract import Contract


class Preparing(Thread):
    """The contract read, and then what judges imported, while the server is busy."""

    def __init__(self, load: Callable[[], Contract]) -> None:
        super().__init__(daemon=True)
        self._load = load
        self._read = Event()
        self._contract: Contract | None = None
        self._error: ConformanceError | None = None
        self.start()

    def run(self) -> None:
        try:
            self._contract = self._load()
        except ConformanceError as error:
            self._error = error
        finally:
            self._read.set()
        import conformance.judge
        import conformance.model.report
        import conformance.sources.decode  # noqa: F401
        from conformance.registry import checks

        checks()

    def contract(self) -> Contract:
        """The contract, once it is read. Raises what kept it from being read."""
        self._read.wait()
        if self._error is not None:
            raise self._error
        if self._contract is None:
            raise CannotEvaluate("the contract could not be read")
        return self._contract

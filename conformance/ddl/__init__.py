"""SQL of a schema that conforms, generated from the contract's living requirements."""

from conformance.ddl.write import ddl

__all__ = ["ddl"]

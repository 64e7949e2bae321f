"""The calls of each area of an implementation as plain statements about rows, without the looks and the locks that an
implementation has: one module an area, with `AREA`, `moves` and `STRAYS`."""

"""Partitions and inheriting tables in the JSON document of `catalog.sql`: what is below which relation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.model.catalog import PartitionKey
from conformance.sources.document import Record

_STRATEGIES = {"h": "hash", "l": "list", "r": "range"}


class Families:
    """The relations that were asked for, and what is below them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        relations: Iterable[Record] = document["relations"] or ()
        rows: Iterable[Record] = document["parts"] or ()
        self._names: dict[int, str] = {row[0]: row[2] for row in relations}
        self._keys: dict[int, Record] = {row[0]: row for row in document["partition_keys"] or ()}
        self._below: dict[int, dict[int, Record]] = {}
        self._mute: set[int] = set()
        self.columns: dict[int, list[Record]] = {}
        for row in rows:
            _, oid, parent, name, _, _, has_triggers, _ = row
            self._names[oid] = name
            self._below.setdefault(parent, {})[oid] = row
            self.columns[oid] = []
            if not has_triggers:
                self._mute.add(oid)
        for oid, *column in document["part_columns"] or ():
            self.columns[oid].append(column)
        self._leaves = {row[0]: self._leaves_of(row[0], row[2], row[3]) for row in relations}

    def below(self, oid: int) -> Iterator[Record]:
        """What is directly below a relation: oid, name, kind, whether it is a partition, whether it has triggers,
        bound."""
        for _, part, _, name, kind, partition, has_triggers, bound in self._below.get(oid, {}).values():
            yield part, name, kind, partition, has_triggers, bound

    def key(self, oid: int, names: Mapping[int, str]) -> PartitionKey | None:
        """What a partitioned table is partitioned by."""
        if (row := self._keys.get(oid)) is None:
            return None
        _, strategy, default, numbers = row
        return PartitionKey(
            strategy=_STRATEGIES[strategy],
            columns=tuple(names[number] for number in numbers if number in names),
            computed=0 in numbers,
            default=default,
        )

    def asleep(self, above: int, triggers: Mapping[int, Sequence[Record]]) -> dict[str, tuple[str, ...]]:
        """For each trigger the partitions, at any depth, in which its copy does not fire."""
        found: dict[str, set[str]] = {}
        for oid, part, *_ in self.below(above):
            for row in triggers.get(oid, ()):
                if row[12] and row[10] not in ("O", "A"):
                    found.setdefault(row[1], set()).add(part)
            for trigger, names in self.asleep(oid, triggers).items():
                found.setdefault(trigger, set()).update(names)
        return {trigger: tuple(sorted(names)) for trigger, names in found.items()}

    def bare(
        self, oid: int, target_oid: int, target: str, target_kind: str, awake: bool, watched: Iterable[int] | None
    ) -> tuple[str, ...]:
        """The relations that lack one of a foreign key's triggers, of which it takes two at either end."""
        if not awake:
            return tuple(dict.fromkeys((self._names[oid], target)))
        if watched is None:
            return ()
        here = self._leaves.get(oid, {oid: self._names[oid]})
        there = self._leaves.get(target_oid, {}) if target_kind == "p" else {target_oid: target}
        lacking = Counter([*here, *here, *there, *there])
        lacking.subtract(watched)
        names = {**here, **there}
        return tuple(names[relation] for relation in names if lacking[relation] > 0 or relation in self._mute)

    def _leaves_of(self, oid: int, name: str, kind: str) -> dict[int, str]:
        """The tables that hold the rows of a table, by oid."""
        if kind != "p":
            return {oid: name} if kind == "r" else {}
        found: dict[int, str] = {}
        for part, own, own_kind, *_ in self.below(oid):
            found |= self._leaves_of(part, own, own_kind)
        return found

"""Which blocks may match a connection: many filters are told apart by an address, without asking each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.dovecot.config import Block
from checker.dovecot.filters import Address, Filter, counted_as

_Key = tuple[str, int, int, int]
"""Local or remote, the version of the address, how many bits count, and these bits."""


class Candidates:
    """Blocks by the address that their filter begins with."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.order = {id(block): at for at, block in enumerate(blocks)}
        self.anywhere: list[Block] = []
        self.by_net: dict[_Key, list[Block]] = {}
        self.widths: set[tuple[str, int, int]] = set()
        for block in blocks:
            key = next(iter(_keys(block.filter, ())), None)
            if key is None:
                self.anywhere.append(block)
            else:
                self.by_net.setdefault(key, []).append(block)
                self.widths.add(key[:3])

    def of(self, query: Filter) -> list[Block]:
        """Return the blocks that may match a connection, in their order."""
        found = list(self.anywhere)
        for key in _keys(query, self.widths):
            found += self.by_net.get(key, ())
        return sorted(found, key=lambda block: self.order[id(block)])


def _keys(limits: Filter, widths: Iterable[tuple[str, int, int]]) -> Iterable[_Key]:
    """Return the keys of a filter's networks; with ``widths`` those of the wider networks that they lie in."""
    for kind, net in (("local", limits.local), ("remote", limits.remote)):
        if net is None or net.address is None or net.bits == 0:
            continue
        if not widths:
            yield _key(kind, net.address, net.bits)
        address = counted_as(net.address)
        for wanted, version, bits in widths:
            if wanted == kind and version == address.version:
                yield _key(kind, address, bits)


def _key(kind: str, address: Address, bits: int) -> _Key:
    return kind, address.version, bits, int(address) >> (address.max_prefixlen - bits)

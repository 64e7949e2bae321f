"""Cycles of directed graphs, exactly and in bounded memory: pure algorithms over the keys of nodes.

A key is eight bytes, the hash of a node's id or the id itself. Two nodes may share a key: that merges them, which may
feign a cycle and can never hide one. So what `suspects` clears is proven acyclic, and what it leaves is decided on
whole ids by `exact`.
"""

"""The state plane: one module an invariant, or a family of invariants that the contract's own claims give rise to.

A module has a docstring (what, why, how, example, repair, limits) and `invariants(contract)`; nothing is registered by
hand.
"""

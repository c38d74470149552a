"""What the engine refuses, and which rule a row or a plan breaks."""

from __future__ import annotations


class InvalidPool(ValueError):
    """An array of a pool or of a market breaks a rule of the statement.

    Attributes
    ----------
    rule : str
        ``length``, ``index``, ``nan``, ``fit``, ``load``, ``capacity``, ``cap``, ``period``,
        ``duplicate``, ``cycle``, ``priority``, ``skill`` or ``number``.
    row : int or None
        First row at fault, or None where the whole array is.
    field : str
        Name of the array.

    Examples
    --------
    >>> raise InvalidPool("fit", 3, "pair_fit")
    Traceback (most recent call last):
        ...
    matching.errors.InvalidPool: fit: pair_fit, row 3
    """

    def __init__(self, rule: str, row: int | None = None, field: str = "") -> None:
        self.rule, self.row, self.field = rule, row, field
        super().__init__(rule, row, field)

    def __str__(self) -> str:
        """Say the rule, the array and the row."""
        where = self.field if self.row is None else f"{self.field}, row {self.row}"
        return f"{self.rule}: {where}"


class Infeasible(ValueError):
    """A plan breaks a rule of the statement.

    Attributes
    ----------
    rule : str
        ``pairs``, ``seat``, ``need``, ``capacity``, ``cap``, ``filled``, ``kept``, ``fit``, ``bound`` or ``status``.
    detail : str
        Which row, agent, unit or day.

    Examples
    --------
    >>> raise Infeasible("seat", "seat 2 has two agents")
    Traceback (most recent call last):
        ...
    matching.errors.Infeasible: seat: seat 2 has two agents
    """

    def __init__(self, rule: str, detail: str) -> None:
        self.rule, self.detail = rule, detail
        super().__init__(rule, detail)

    def __str__(self) -> str:
        """Say the rule, then the detail."""
        return f"{self.rule}: {self.detail}"

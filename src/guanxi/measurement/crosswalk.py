"""Bands of fans against RFM classes of customers, person by person; the unlinked have a row and a column.

Persons as links for contact make them. A person has its best fan's band and its best customer's class.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE_MIN = 30
UNLINKED = "unlinked"
BANDS = ("igniter", "amplifier", "participant", "listener", "unknown", UNLINKED)
CLASSES = ("top", "high", "middle", "low", "no_orders", UNLINKED)


@dataclass(frozen=True)
class Cell:
    """The persons of one band and one class, and what they spent; ``band`` or ``rfm_class`` may be unlinked.

    Attributes:
        money: None where nobody here is linked to a customer.
        money_per_person: None where there are too few people to say, or no money is seen.
    """

    band: str
    rfm_class: str
    people: int
    money: int | None

    @property
    def money_per_person(self) -> float | None:
        """What one of them spent; None below the floor."""
        if self.money is None or self.people < PEOPLE_MIN:
            return None
        return self.money / self.people

    @property
    def code(self) -> str:
        """Why nothing can be said of a person here; empty where it can."""
        if self.money is None:
            return "not_linked"
        return "too_few_people" if self.people < PEOPLE_MIN else ""


@dataclass(frozen=True)
class Crosswalk:
    """All cells, empty ones included, row by row in the order of `BANDS` and `CLASSES`.

    Attributes:
        currency: of all the money.
        fans_linked: share of fans in a person that has a customer.
        customers_linked: share of customers in a person that has a fan.
    """

    cells: tuple[Cell, ...]
    currency: str
    fans_linked: float | None
    customers_linked: float | None

    def row(self, band: str) -> tuple[Cell, ...]:
        """The cells of one band."""
        return tuple(cell for cell in self.cells if cell.band == band)


def crosswalk(
    found: dict[tuple[str, str], tuple[int, int]],
    currency: str,
    fans_linked: float | None,
    customers_linked: float | None,
) -> Crosswalk:
    """The full grid from the cells that have people: (band, class) to (people, money)."""
    cells = []
    for band in BANDS:
        for rfm_class in CLASSES:
            people, money = found.get((band, rfm_class), (0, 0))
            seen = None if rfm_class == UNLINKED else money
            cells.append(Cell(band, rfm_class, people, seen))
    return Crosswalk(tuple(cells), currency, fans_linked, customers_linked)

"""What influence derives into the social side's lake: ties with their evidence, weights, communities."""

from __future__ import annotations

import pyarrow as pa

from guanxi.lake.table import LakeTable
from guanxi.vocabulary.ids import Side


def _derived(
    name: str, columns: list[tuple[str, pa.DataType]], absent: frozenset[str] = frozenset()
) -> LakeTable:
    schema = pa.schema([pa.field(n, t, nullable=n in absent) for n, t in columns])
    return LakeTable(Side.SOCIAL, name, schema, derived=True)


_UNNAMED = frozenset({"content", "reference", "alone"})

TIE_MOVE = _derived(
    "tie_move",
    [
        ("influencer", pa.int64()),
        ("influenced", pa.int64()),
        ("platform", pa.string()),
        ("content", pa.int64()),
        ("reference", pa.string()),
        ("alone", pa.int64()),
        ("first_day", pa.date32()),
    ],
    _UNNAMED,
)

TIE_GIVING = _derived(
    "tie_giving",
    [
        ("influencer", pa.int64()),
        ("content", pa.int64()),
        ("reference", pa.string()),
        ("first_day", pa.date32()),
    ],
    _UNNAMED,
)

TIE_HEARD = _derived(
    "tie_heard",
    [
        ("newest", pa.int64()),
        ("engagements", pa.int64()),
        ("until", pa.timestamp("us", tz="UTC")),
        ("edition", pa.int64()),
    ],
)

TIE_LAW = _derived(
    "tie_law",
    [
        ("counted", pa.bool_()),
        ("place", pa.int32()),
        ("strength", pa.float64()),
        ("share", pa.float64()),
        ("truncated", pa.bool_()),
        ("day", pa.date32()),
        ("basis", pa.string()),
        ("is_filled", pa.bool_()),
        ("half_life_days", pa.int64()),
        ("since", pa.date32()),
    ],
    frozenset({"half_life_days", "since"}),
)

PASSING = _derived(
    "passing",
    [("engagements", pa.int64()), ("passed_on", pa.int64()), ("named", pa.int64())],
)

CASCADE_STEP = _derived(
    "cascade_step",
    [
        ("content", pa.int64()),
        ("fan", pa.int64()),
        ("through", pa.int64()),
        ("happened_at", pa.timestamp("us", tz="UTC")),
    ],
)

TIE = _derived(
    "tie",
    [
        ("influencer", pa.int64()),
        ("influenced", pa.int64()),
        ("platform", pa.string()),
        ("successes", pa.int64()),
        ("opportunities", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("probability", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ],
)

_SECOND_SHARES = ("shuffled", "shuffled_low", "shuffled_high", "turned", "turned_low", "turned_high")
LIKENESS = _derived(
    "likeness",
    [
        ("platform", pa.string()),
        ("exposures", pa.int64()),
        ("followed", pa.int64()),
        ("anyway", pa.float64()),
        ("reversal", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("timed", pa.int64()),
        ("by_chance", pa.float64()),
        ("shuffled", pa.float64()),
        ("shuffled_low", pa.float64()),
        ("shuffled_high", pa.float64()),
        ("turned_followed", pa.int64()),
        ("turned", pa.float64()),
        ("turned_low", pa.float64()),
        ("turned_high", pa.float64()),
    ],
    frozenset({"share", "low", "high", *_SECOND_SHARES}),
)

SCREENED = _derived(
    "screened",
    [
        *((name, pa.int64()) for name in ("fan", "people", "mutual", "idle", "timed", "soon")),
        ("signs", pa.string()),
    ],
)

WEIGHT = _derived(
    "weight",
    [
        ("fan", pa.int64()),
        ("platform", pa.string()),
        ("weight", pa.float64()),
        ("direct", pa.int64()),
        ("second", pa.int64()),
        ("band", pa.string()),
        ("engagements", pa.float64()),
        ("engagements_low", pa.float64()),
        ("engagements_high", pa.float64()),
    ],
)

BAND_ACCESS = _derived("band_access", [("band", pa.string()), ("early_access", pa.int32())])

WEIGHT_MONTH = _derived(
    "weight_month", [("fan", pa.int64()), ("month", pa.date32()), ("weight", pa.float64())]
)

RESONANCE = _derived(
    "resonance",
    [
        ("fan", pa.int64()),
        ("facet", pa.string()),
        ("value", pa.string()),
        *((name, pa.int64()) for name in ("millionths", "moves", "carried", "timed", "soon")),
    ],
)

COMMUNITY = _derived(
    "community",
    [("fan", pa.int64()), ("community", pa.int32()), ("size", pa.int32()), ("since", pa.date32())],
)

TASTE = _derived(
    "taste", [("fan", pa.int64()), ("topic", pa.string()), ("n", pa.int64()), ("of_all", pa.int64())]
)

_ALIKE = [
    ("trait", pa.string()),
    ("ties", pa.int64()),
    ("known", pa.int64()),
    ("alike", pa.int64()),
    ("chance", pa.int64()),
]
HOMOPHILY = _derived("homophily", _ALIKE)

COMMUNITY_FACE = _derived(
    "community_face",
    [
        ("community", pa.int32()),
        ("trait", pa.string()),
        ("value", pa.string()),
        ("n", pa.int64()),
        ("known", pa.int64()),
        ("lift", pa.int64()),
    ],
)


def _of_customers(name: str, columns: list[tuple[str, pa.DataType]]) -> LakeTable:
    schema = pa.schema([pa.field(n, t) for n, t in columns])
    return LakeTable(
        Side.RELATIONSHIP, name, schema, derived=True, reveals=frozenset({Side.SOCIAL, Side.CUSTOMERS})
    )


CUSTOMER_HOMOPHILY = _of_customers("customer_homophily", _ALIKE)

NETWORK_VALUE = _of_customers(
    "network_value",
    [
        ("fan", pa.int64()),
        ("expected", pa.int64()),
        ("low", pa.int64()),
        ("high", pa.int64()),
        ("known", pa.int64()),
        ("people", pa.int64()),
    ],
)

PROSPECT = _of_customers(
    "prospect",
    [
        ("fan", pa.int64()),
        ("near", pa.int64()),
        ("near_good", pa.int64()),
        ("expected", pa.int64()),
        ("low", pa.int64()),
        ("high", pa.int64()),
    ],
)

REACH_SET = LakeTable(
    Side.RELATIONSHIP,
    "reach_set",
    pa.schema([pa.field(n, pa.int64(), nullable=False) for n in ("draw", "fan")]),
    derived=True,
    reveals=frozenset({Side.SOCIAL, Side.CUSTOMERS}),
)

TABLES = (
    TIE_MOVE,
    TIE_GIVING,
    TIE_HEARD,
    TIE_LAW,
    PASSING,
    CASCADE_STEP,
    TIE,
    LIKENESS,
    SCREENED,
    WEIGHT,
    BAND_ACCESS,
    WEIGHT_MONTH,
    RESONANCE,
    COMMUNITY,
    TASTE,
    HOMOPHILY,
    COMMUNITY_FACE,
    CUSTOMER_HOMOPHILY,
    NETWORK_VALUE,
    PROSPECT,
    REACH_SET,
)

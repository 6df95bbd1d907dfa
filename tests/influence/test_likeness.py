"""How much would have come anyway: estimated in worlds where it is planted."""

from __future__ import annotations

import pytest
from worlds import END, Block, block_of, contents, engagements, fans_of, mirrored, told

from guanxi.influence.learning.queries import likeness_of
from guanxi.influence.likeness.refresh import refresh_likeness
from guanxi.influence.refresh import refresh_ties
from guanxi.lake.engine import Engine
from guanxi.records.actor import SYSTEM
from guanxi.social import tables as social
from guanxi.vocabulary.progress import SILENT
from guanxi.world.brand import World, micros
from guanxi.world.doing import followings


def _planted(block: Block, engine: Engine) -> tuple[float, int]:
    """Of what followed shares within a week, the share that no share caused, and how much followed."""
    caused = followings(block.world, block.fans, block.bonds, block.events, micros(block.world.end), 0)
    engine.offer("caused", engagements(block.fans, caused).select(["fan", "content", "happened_at"]))
    engine.offer("asked", engine.ask(_FOLLOWED, until=END))
    row = engine.ask(
        "SELECT COUNT(*) AS n, COUNT(c.fan) AS caused FROM asked AS a LEFT JOIN (SELECT DISTINCT * FROM caused) AS c "
        "ON c.fan = a.fan AND c.content = a.content AND c.happened_at = a.did_at"
    ).to_pylist()[0]
    return 1 - row["caused"] / row["n"], row["n"]


_FOLLOWED = """
WITH shared AS (
    SELECT fan AS influencer, content, MIN(happened_at) AS shared_at FROM social.engagement
    WHERE kind IN ('shared', 'reshared') AND content IS NOT NULL AND happened_at <= $until GROUP BY 1, 2
), exposed AS (
    SELECT t.influenced AS fan, s.content, MIN(s.shared_at) AS shared_at
    FROM social.tie AS t JOIN shared AS s ON s.influencer = t.influencer GROUP BY 1, 2
), did AS (
    SELECT fan, content,
        MIN(CASE WHEN through IS NULL AND kind IN ('viewed', 'clicked', 'liked', 'commented') THEN happened_at END)
            AS did_at,
        MAX(CASE WHEN through IS NOT NULL OR kind IN ('shared', 'reshared') THEN 1 ELSE 0 END) AS named
    FROM social.engagement WHERE content IS NOT NULL GROUP BY 1, 2
)
SELECT e.fan, e.content, d.did_at FROM exposed AS e JOIN did AS d ON d.fan = e.fan AND d.content = e.content
WHERE d.named = 0 AND d.did_at > e.shared_at AND d.did_at <= e.shared_at + INTERVAL 7 DAY
"""


@pytest.mark.parametrize(
    ("world", "planted"),
    [
        (World(20_000, 7, END), 1.0),
        (World(20_000, 7, END, silent=0.22), 0.5),
        (World(20_000, 7, END, silent=4.0, engagements=3.0), 0.0),
    ],
)
def test_the_share_that_would_have_come_anyway_is_found_within_ten_points(
    engine: Engine, world: World, planted: float
) -> None:
    block = block_of(world)
    mirrored(social.FAN, fans_of(block))
    mirrored(social.CONTENT, contents(world))
    told(block.rows)
    refresh_ties(engine, END, SILENT)
    truth, followed = _planted(block, engine)
    found = refresh_likeness(engine, END)
    assert found is not None
    assert abs(truth - planted) < 0.1
    assert found.followed == followed
    assert found.share is not None
    assert abs(found.share - truth) <= 0.1
    kept = likeness_of(SYSTEM, engine)
    assert kept is not None
    second = kept.second
    assert second.shuffled is not None
    assert abs(second.shuffled - truth) <= 0.1
    assert not kept.disagrees
    by_chance = 2 * (second.by_chance + 1) ** 0.5
    assert (abs(second.timed - second.by_chance) < by_chance) == (planted == 1.0)
    assert second.turned_low is not None
    assert second.turned_high is not None
    assert second.turned_low - 0.1 <= truth <= second.turned_high + 0.1

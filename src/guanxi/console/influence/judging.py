"""The back-test of a choice as the page shows it: every way of choosing in one picture, and which one it favours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.charts import Chart, Series
from guanxi.influence import queries

OURS = "learned_model"
METHODS: Mapping[str, Promise] = {
    "learned_model": gettext_lazy("spread over learned ties (this list)"),
    "cascade_model": gettext_lazy("spread, all ties alike"),
    "most_movers": gettext_lazy("moved most people"),
    "most_moves": gettext_lazy("moved most often"),
    "greedy_cover": gettext_lazy("together moved most people"),
    "pagerank": gettext_lazy("PageRank"),
    "most_active": gettext_lazy("most active themselves"),
    "random": gettext_lazy("by lot"),
    "hindsight": gettext_lazy("best in hindsight (nobody could know)"),
}


def favoured(run: queries.RunRow) -> str:
    """Which way of those that could be known the past favours, and how far this list's own is from it."""
    reached = dict(run.backtest)
    best, own = reached.get(run.backtest_best), reached.get(OURS)
    if best is None or own is None:
        return ""
    if own >= best:
        return _("The back-test favours this list's own way: it reached %(own)s.") % {
            "own": written.share(own, 1)
        }
    told = _("The back-test favours “%(best)s”: it reached %(share)s, this list's own way %(own)s.")
    return told % {
        "best": words.word(METHODS, run.backtest_best),
        "share": written.share(best, 1),
        "own": written.share(own, 1),
    }


def judged(run: queries.RunRow) -> Chart:
    """The ways of choosing side by side: what each reached in the past, and what is expected of its list today."""
    caption = _(
        "Had each way chosen %(k)s fans on the earlier part of our own history: "
        "the share of those moved later (%(n)s people) whom its choice moved directly; "
        "beside it, the share of all who count that the model expects of such a list today"
    ) % {"k": run.k, "n": written.number(run.backtest_movers)}
    methods = [method for method, _reached in run.backtest]
    expected = Series(_("expected today, by the model"), _expected(run, methods), "soft", dashed=True)
    return Chart(
        "backtest",
        "across",
        caption,
        _("Way of choosing"),
        _("share reached"),
        [words.word(METHODS, method) for method in methods],
        [
            Series(_("share reached"), [reached for _method, reached in run.backtest], "social"),
            *([expected] if any(expected.values) else []),
        ],
        share=True,
        size="names",
    )


def _expected(run: queries.RunRow, methods: Sequence[str]) -> list[float | None]:
    """What the model expects of each list today, as a share of all who count; None where there is no list."""
    worth, lists = run.found.get("worth"), run.found.get("lists", {})
    if not worth:
        return [None for _ in methods]
    spreads = {name: one["spread"] for name, one in lists.items()} | {
        "learned_model": run.found["own_spread"]
    }
    return [spreads[name] / worth if name in spreads else None for name in methods]

"""The brand's mix in words and in a picture: how much promotes products, what that gets, and what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console import words, written
from guanxi.console.charts import Chart, Series
from guanxi.console.figures import Coverage, Figure
from guanxi.social import mix as rules
from guanxi.social.mix import Mix
from guanxi.social.queries.contents import UNKNOWN_TOPIC

SAYS: Mapping[str, Promise] = {
    "cant_say": gettext_lazy("Can't say: only %(known)s contents say whether they promote a product."),
    "less_product": gettext_lazy(
        "Leans to products: %(published)s of what you publish, %(engaged)s of the engagement. "
        "At most %(wanted)s of the last %(known)s would be in balance; tell more of other things."
    ),
    "room_for_product": gettext_lazy(
        "Room for products: %(published)s of what you publish gets %(engaged)s of the engagement."
    ),
    "balanced": gettext_lazy("In balance: %(published)s product gets %(engaged)s of the engagement."),
}
TONES = {"cant_say": "plain", "less_product": "wait", "room_for_product": "social", "balanced": "go"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one platform's mix asks for, the contents behind it, and what share of them can be judged."""

    platform: str
    text: str
    tone: str
    href: str
    coverage: Coverage


def in_words(mix: Mix) -> Suggestion:
    """The mix of one platform as a plain suggestion."""
    code = rules.suggestion(mix)
    text = str(SAYS[code]) % {
        "known": written.number(mix.known),
        "published": written.share(mix.published_share),
        "engaged": written.share(mix.engagement_share),
        "wanted": written.number(rules.product_wanted(mix)),
    }
    whole = mix.known + mix.unknown
    seen = Coverage(mix.known, whole, _("contents that say what they are about"), floor=0.0)
    return Suggestion(
        words.word(words.PLATFORMS, mix.platform), text, TONES[code], _href(mix.platform, "product"), seen
    )


def picture(mixes: Sequence[Mix]) -> Chart | None:
    """Product's share of what is published beside its share of the engagement, platform by platform."""
    shown = [mix for mix in mixes if mix.known >= rules.CONTENTS_MIN]
    if not shown:
        return None
    hrefs = [_href(mix.platform, "product") for mix in shown]
    return Chart(
        "mix",
        "bars",
        _(
            "Content about products: its share of what was published in the last 90 days, and of the engagement"
        ),
        _("Platform"),
        _("Share about products"),
        [words.word(words.PLATFORMS, mix.platform) for mix in shown],
        [
            Series(_("of what is published"), [mix.published_share for mix in shown], "money", hrefs=hrefs),
            Series(_("of the engagement"), [mix.engagement_share for mix in shown], "social", hrefs=hrefs),
        ],
        share=True,
    )


def rule() -> str:
    """The rule with its thresholds, as the page states it."""
    return _(
        "Leans too far: above %(leaning)s product when that gets less than its share of the engagement, above "
        "%(heavy)s in any case; below %(light)s there is room when it gets its share. "
        "Judged from %(least)s contents on."
    ) % {
        "leaning": written.share(rules.LEANING),
        "heavy": written.share(rules.HEAVY),
        "light": written.share(rules.LIGHT),
        "least": rules.CONTENTS_MIN,
    }


def topics_known(topics: Mapping[str, int]) -> Figure:
    """How many contents name a topic; the others are listed under not known."""
    whole = sum(topics.values())
    known = whole - topics.get(UNKNOWN_TOPIC, 0)
    return Figure(
        _("Contents with a topic"),
        written.number(known),
        "?topic=-#sheet" if known < whole else "?#sheet",
        side="social",
        coverage=Coverage(known, whole or None, _("contents"), floor=0.0),
    )


def _href(platform: str, about: str) -> str:
    asked = {"platform": platform, "about": about, "published": "recent"}
    return f"{reverse('content')}?{urlencode(asked)}#sheet"

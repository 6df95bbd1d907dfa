"""Makes the brand's own share links, from which every viewer's descends; tells views that nobody saw end."""

from __future__ import annotations

from datetime import datetime

from guanxi.listen.accept import Connection
from guanxi.listen.shares import tokens
from guanxi.listen.shares.marks import mark_key, write_token
from guanxi.listen.shares.views import SILENT_AT_ONCE, tell_silent
from guanxi.listen.viewers.pages import allow_page, page_address
from guanxi.records.actor import Actor, Permission, require
from guanxi.records.audit import record
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.vocabulary.facts import clean
from guanxi.vocabulary.platform import Platform
from guanxi.vocabulary.reasons import Refused

_TEXT_MAX = 200


def make_share_link(
    actor: Actor,
    place: Place,
    content: str,
    address: str,
    made_at: datetime,
    campaign: str | None = None,
    has_script: bool = True,
) -> str:
    """A link `/s/<token>` leads to the page and starts a share of the content; returns the token.

    An address is allowed as a page first, which only who may change settings can do. A page speaks of one
    content of one account for ever: what was shared cannot be made to have been something else.

    Args:
        actor: who makes it.
        place: the account whose fans share and open it.
        content: what the account calls the content.
        address: of the page, as it is allowed or to be allowed.
        made_at: now.
        campaign: what the openings belong to, if to any.
        has_script: whether the page runs `guanxi.js`; without it an opening counts at the redirect.
    """
    require(actor, Permission.CHANGE_CAMPAIGNS)
    if place.platform not in set(Platform):
        raise Refused("platform_unknown", place.platform)
    account, about = (clean(text.strip(), _TEXT_MAX) for text in (place.account, content))
    if not account or not about:
        raise Refused("share_link_incomplete")
    page = _page(actor, address, made_at)
    mark = tokens.draw_mark()
    with transaction(SOCIAL) as connection:
        _keep_page(connection, page, (place.platform, account, about, has_script), address)
        tokens.plant(connection, mark, page, clean((campaign or "").strip(), _TEXT_MAX) or None, made_at)
        record(SOCIAL, actor, "share_link_made", f"page:{page}", {"content": about})
    return write_token(mark_key(Installation.current().secrets.pepper), mark)


def _keep_page(connection: Connection, page: int, wanted: tuple[str, str, str, bool], address: str) -> None:
    """It is known what the page is about; refused where it was said to be about something else before."""
    connection.execute(
        "INSERT INTO shared_page (page, platform, account, content, has_script) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (page) DO NOTHING",
        (page, *wanted),
    )
    kept = connection.execute(
        "SELECT platform, account, content, has_script FROM shared_page WHERE page = %s", (page,)
    ).fetchone()
    if kept != wanted:
        raise Refused("page_speaks_of_another", address)


def tell_silent_views(now: datetime) -> int:
    """Page views that were never left are in the inbox, without dwell; says how many."""
    told = 0
    while True:
        with transaction(SOCIAL) as connection:
            some = tell_silent(connection, now)
        told += some
        if some < SILENT_AT_ONCE:
            return told


def _page(actor: Actor, address: str, now: datetime) -> int:
    kept = page_address(address)
    row = (
        raw(RELATIONSHIP)
        .execute("SELECT id FROM page_address WHERE address = %s AND withdrawn_at IS NULL", (kept,))
        .fetchone()
    )
    return int(row[0]) if row else allow_page(actor, address, now)

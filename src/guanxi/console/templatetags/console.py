"""Tags and filters that pages use: navigation, figures, coverage, tables, charts, icons, written values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guanxi.console import words, written
from guanxi.console.cells import Chip, band_chip, state_chip, verdict_chip
from guanxi.console.charts import Chart
from guanxi.console.figures import Coverage, Figure
from guanxi.console.icons import ICONS
from guanxi.console.reasons import sentence
from guanxi.console.ripples import Ripples
from guanxi.console.shell import Section, offered, section_of
from guanxi.console.tables import Table
from guanxi.records.actor import Permission
from guanxi.records.people import actor_of

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: RequestContext) -> list[Section]:
    """The sections that the reader may open."""
    user = getattr(context.get("request"), "user", None)
    return list(offered(actor_of(user))) if user is not None else []


@register.simple_tag
def gap() -> str:
    """The space between two sentences; Chinese ones have none."""
    return "" if written.chinese() else " "


@register.simple_tag
def section_for(name: str) -> Section | None:
    """The section of the page with this name."""
    return section_of(name)


@register.simple_tag(takes_context=True)
def allowed(context: RequestContext, permission: str) -> bool:
    """Whether the reader has the permission."""
    user = getattr(context.get("request"), "user", None)
    return user is not None and actor_of(user).may(Permission(permission))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon; it says nothing by itself and is hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.inclusion_tag("console/parts/strip.html")
def strip(figures: list[Figure]) -> dict[str, Any]:
    """A strip of numbers."""
    return {"figures": figures}


@register.inclusion_tag("console/parts/coverage.html")
def coverage(value: Coverage) -> dict[str, Any]:
    """What a number can see."""
    return {"coverage": value}


@register.inclusion_tag("console/parts/sheet.html")
def sheet(table: Table, tall: bool = True) -> dict[str, Any]:
    """A list with its heads, rows and pages."""
    return {"table": table, "tall": tall}


@register.inclusion_tag("console/parts/rows.html")
def plain_rows(table: Table) -> dict[str, Any]:
    """A short list without paging, as part of a page."""
    return {"table": table}


@register.inclusion_tag("console/parts/chart.html")
def chart(value: Chart) -> dict[str, Any]:
    """A chart with its caption and its table."""
    return {"chart": value}


@register.inclusion_tag("console/parts/ripples.html")
def rings(value: Ripples) -> dict[str, Any]:
    """The ring picture of one fan."""
    return {"ripples": value}


@register.inclusion_tag("console/parts/chip.html")
def state(code: str) -> dict[str, Chip]:
    """A state as a chip."""
    return {"chip": state_chip(code)}


@register.inclusion_tag("console/parts/chip.html")
def verdict(code: str) -> dict[str, Chip]:
    """A verdict of the leash as a chip."""
    return {"chip": verdict_chip(code)}


@register.inclusion_tag("console/parts/chip.html")
def band(code: str) -> dict[str, Chip]:
    """A band as a chip."""
    return {"chip": band_chip(code)}


@register.filter
def why(code: str) -> str:
    """A reason's sentence."""
    return sentence(code)


@register.filter
def platform(code: str) -> str:
    """A platform's name."""
    return words.word(words.PLATFORMS, code)


@register.filter
def kind(code: str) -> str:
    """An activity's word."""
    return words.word(words.KINDS, code)


@register.filter
def fact(code: str) -> str:
    """A fact's name or value, where the glossary has a word for it."""
    return words.word(words.FACTS, code)


@register.filter
def role(code: str) -> str:
    """A role's word."""
    return words.word(words.ROLES, code)


@register.filter
def number(value: float | None) -> str:
    """A whole number with grouped thousands."""
    return written.number(value)


@register.filter
def decimal(value: float | None) -> str:
    """A number with two digits."""
    return written.number(value, 2)


@register.filter
def tenths(value: int | None) -> str:
    """A score kept in tenths."""
    return written.tenths(value)


@register.filter
def share(value: float | None) -> str:
    """A share of one as per cent."""
    return written.share(value)


@register.filter
def percent(value: float | None) -> int:
    """A share of one as a whole number up to 100, for widths."""
    return round(max(0.0, min(1.0, value or 0.0)) * 100)


@register.filter
def money(value: int | None, currency: str) -> str:
    """An amount of smallest units."""
    return written.money(value, currency)


@register.filter
def day(value: date | None) -> str:
    """A day, ISO."""
    return written.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment to the minute, UTC."""
    return written.moment(value)


@register.filter
def in_words(value: date) -> str:
    """A day as a sentence shows it."""
    return written.day_in_words(value)


@register.filter
def month(value: date) -> str:
    """A month as a headline shows it."""
    return written.month_in_words(value)

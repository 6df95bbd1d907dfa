"""The few line icons of the console, as paths in a box of 16 by 16."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "search": "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
    "menu": "M2 4h12M2 8h12M2 12h12",
    "close": "M3.5 3.5l9 9m0-9l-9 9",
    "download": "M8 2v8m0 0L5 7m3 3l3-3M2.5 13.5h11",
    "columns": "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
    "sun": "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z"
    "M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1m8 8l1 1M3 13l1-1m8-8l1-1",
    "moon": "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z",
    "left": "M10 3L5 8l5 5",
    "right": "M6 3l5 5-5 5",
    "plus": "M8 3v10M3 8h10",
    "minus": "M3 8h10",
    "check": "M3 8.5l3.2 3.2L13 5",
    "play": "M5 3l8 5-8 5z",
    "pause": "M5.5 3v10M10.5 3v10",
    "fit": "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
    "undo": "M5.5 3L2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H7",
}

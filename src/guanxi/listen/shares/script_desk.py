"""The desk of `/guanxi.js`: our own script for the brand's pages, as it was built.

Refuses nothing but a method; says so where the script was not built.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

from guanxi.listen.door.http import Answer, Request, words


class ScriptDesk:
    """Answers `/guanxi.js`."""

    body_bytes_max = 0

    async def answer(self, request: Request) -> Answer:
        """The script; a browser that has it is told so."""
        if request.method not in ("GET", "HEAD"):
            return words(405, error="get_only")
        if request.path != "/guanxi.js" or (script := _script()) is None:
            return words(404, error="no_such_address")
        etag = f'"{hashlib.sha256(script).hexdigest()[:16]}"'
        headers = (("etag", etag), ("cache-control", "public, max-age=3600"))
        if request.headers.get("if-none-match") == etag:
            return Answer(304, b"", "text/javascript", headers)
        return Answer(200, script, "text/javascript; charset=utf-8", headers)


@lru_cache(maxsize=1)
def _script() -> bytes | None:
    built = files("guanxi.listen").joinpath("dist/guanxi.js")
    return built.read_bytes() if built.is_file() else None

"""What somebody newly wrote in a message: without quotations, signature and markup; pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_QUOTING = re.compile(
    r"^(on .{5,200}wrote:|am .{5,200}schrieb.*:|le .{5,200}a écrit.*:|el .{5,200}escribió:|il .{5,200}ha scritto:"
    r"|em .{5,200}escreveu:|.{0,200}(写道|寫道|さんは書きました|님이 작성)[:：]?"
    r"|-{2,}\s*(original message|forwarded message|原始邮件|原始郵件|元のメッセージ|원본 메시지"
    r"|ursprüngliche nachricht|message d'origine).*|_{10,}"
    r"|(from|von|de|da|发件人|寄件者|差出人|보낸 사람)\s*[:：].*)$",
    re.IGNORECASE,
)
_UNSEEN = frozenset({"script", "style", "head", "blockquote", "title"})
_BREAKING = frozenset({"p", "br", "div", "li", "tr"})


def new_words(text: str) -> str:
    """The lines before the first quotation or signature."""
    kept: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if line.startswith("-- ") or bare == "--" or _QUOTING.match(bare[:400]):
            break
        if not bare.startswith(">"):
            kept.append(bare)
    return "\n".join(kept).strip()


def words_of_html(markup: str) -> str:
    """The text that a reader of the markup sees, without what it quotes."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden.append(tag)
        if tag in _BREAKING:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)

"""Hears WhatsApp Cloud: the address challenge, then changes signed over the raw bytes.

A person is who their business-scoped id says, else their phone; both are told together, so that what was heard
under the phone alone can be linked. What people write is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Kept, Replies, Told
from guanxi.channels.reading import Object, Part, each_at, heard_of, object_at, read_object, text_at
from guanxi.channels.whatsapp.changes import told_in
from guanxi.channels.whatsapp.signing import HEADER, challenge, is_signed
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class WhatsAppInbound:
    """One number of WhatsApp."""

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    phone_number_id: str = ""

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the changes tell, or the answer to the address challenge."""
        if request.method == "GET":
            return _challenged(request.query, self.verify_token)
        if not is_signed(self.app_secret, request.headers.get(HEADER.lower(), ""), request.body):
            raise Refused("signature_wrong", "whatsapp")
        body = read_object(request.body)
        return heard_of(HookAnswer(), self._parts(body, request.received_at))

    def read_again(self, kept: Kept) -> Heard:
        """What a change tells that was kept with nothing but the part that was not understood."""
        change = read_object(kept.raw.encode())
        return heard_of(HookAnswer(), self._parts({"entry": [{"changes": [change]}]}, kept.received_at))

    def _parts(self, body: Object, received_at: datetime) -> Iterator[Part]:
        for i, entry in enumerate(each_at(body, "entry")):
            for j, change in enumerate(each_at(entry, "changes")):
                yield from _within(f"entry[{i}].changes[{j}]", self._told(change, received_at), change)

    def _told(self, change: Object, received_at: datetime) -> Sequence[tuple[Object, Sequence[Told] | None]]:
        number = text_at(object_at(change, "value", "metadata"), "phone_number_id")
        if self.phone_number_id and number and number != self.phone_number_id:
            return [(change, None)]
        return list(told_in(change, received_at))


def open_inbound(settings: Mapping[str, str]) -> WhatsAppInbound:
    """A number that hears under its app's secret."""
    for name in ("app_secret", "verify_token"):
        if not settings.get(name):
            raise Refused("setting_missing", name)
    return WhatsAppInbound(
        settings["app_secret"], settings["verify_token"], settings.get("phone_number_id", "")
    )


def _challenged(query: Mapping[str, str], verify_token: str) -> Heard:
    answer = challenge(query, verify_token)
    if answer is None:
        raise Refused("signature_wrong", "whatsapp")
    return Heard(HookAnswer(body=answer.encode()))


def _within(
    place: str, found: Sequence[tuple[Object, Sequence[Told] | None]], change: Object
) -> Iterator[Part]:
    for k, (raw, told) in enumerate(found):
        yield (place if raw is change else f"{place}[{k}]"), raw, told

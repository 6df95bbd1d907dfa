"""Hears replies to e-mail: one raw message a request, as the mail host received it, signed by that host.

Told are answers, opt-outs, bounces and complaints. What people write is not kept. Machines answer nobody: their
answers are noted and count as no reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from guanxi.channels.email.message import Letter, read_letter
from guanxi.channels.email.signing import HEADER, is_signed
from guanxi.channels.hook import Heard, HookAnswer, HookRequest, Replies, Told, Unread
from guanxi.channels.opt_out import is_opt_out, with_opt_out, withdrawal
from guanxi.vocabulary.activity import Kind
from guanxi.vocabulary.reasons import Refused


@dataclass(frozen=True, slots=True)
class EmailInbound:
    """One mailbox of the brand."""

    hook_secret: str = field(repr=False)
    address: str = ""

    def hear(self, request: HookRequest, replies: Replies) -> Heard:
        """What the message tells."""
        now = int(request.received_at.timestamp())
        if not is_signed(self.hook_secret, request.headers.get(HEADER.lower(), ""), request.body, now):
            raise Refused("signature_wrong", "email")
        letter = read_letter(request.body, request.received_at)
        if not letter.person:
            return Heard(HookAnswer(), unread=(Unread("from", "sender_missing", letter.subject),))
        return Heard(HookAnswer(), () if letter.person == self.address else tuple(_told(letter)))


def open_inbound(settings: Mapping[str, str]) -> EmailInbound:
    """A mailbox that hears under its hook's secret."""
    if not settings.get("hook_secret"):
        raise Refused("setting_missing", "hook_secret")
    return EmailInbound(settings["hook_secret"], settings.get("address", "").lower())


def _told(letter: Letter) -> Sequence[Told]:
    begun = Told(
        Kind.NOTED,
        letter.person,
        letter.written_at,
        letter.message_id,
        reference=letter.answers or None,
        traits={"notice": letter.sort, **letter.said_by_machine},
    )
    if letter.sort == "complaint":
        return (begun, withdrawal(begun, {"said": "complaint"}))
    if letter.sort:
        return (begun,)
    said = replace(begun, kind=Kind.MESSAGED, traits={"form": "email"})
    told = with_opt_out(said, letter.subject if is_opt_out(letter.subject) else letter.new_text)
    return [*told, _introduced(said, letter)]


def _introduced(said: Told, letter: Letter) -> Told:
    traits = {"email": letter.person, **({"name": letter.name} if letter.name else {})}
    identity = f"{said.identity}:who" if said.identity else ""
    return replace(said, kind=Kind.IDENTIFIED, identity=identity, reference=None, traits=traits)

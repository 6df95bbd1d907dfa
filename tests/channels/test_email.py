"""E-mail replies: who answers what, who opts out, and what machines say; signed by the mail host that posts them."""

from __future__ import annotations

import pytest
from hearing import CAME_AT, assert_refused, in_short, of_kind, posted, silent

from guanxi.channels.email.signing import HEADER, sign
from guanxi.channels.hook import Heard, HookRequest
from guanxi.channels.registry import open_inbound
from guanxi.vocabulary.reasons import Refused

SECRET = "hook-secret"
EMAIL = open_inbound("email", {"hook_secret": SECRET, "address": "Brand@example.com"})
NOW = int(CAME_AT.timestamp())
ANN = "ann@example.org"


def request(raw: str | bytes, at: int = NOW) -> HookRequest:
    body = raw if isinstance(raw, bytes) else raw.replace("\n", "\r\n").encode()
    return posted(body, {HEADER: sign(SECRET, at, body)})


def hear(raw: str | bytes) -> Heard:
    return EMAIL.hear(request(raw), silent)


def letter(
    text: str, subject: str = "Re: Spring", headers: str = "", sender: str = "Ann Lee <Ann@Example.org>"
) -> str:
    return (
        f"From: {sender}\nTo: brand@example.com\nSubject: {subject}\nMessage-ID: <r1@example.org>\n"
        f"In-Reply-To: <sent-7@example.com>\nDate: Sun, 22 Nov 2026 03:00:00 +0000\n{headers}"
        f'Content-Type: text/plain; charset="utf-8"\n\n{text}\n'
    )


def test_an_answer_tells_who_wrote_it_and_what_it_answers() -> None:
    heard = hear(letter("I like it"))
    assert in_short(heard) == [("messaged", ANN, "<sent-7@example.com>"), ("identified", ANN, None)]
    assert heard.told[0].identity == "<r1@example.org>"
    assert heard.told[0].happened_at.isoformat() == "2026-11-22T03:00:00+00:00"
    assert heard.told[1].traits == {"email": ANN, "name": "Ann Lee"}
    assert "I like it" not in str(heard.told)


def test_an_opt_out_is_found_above_the_quotation_and_not_within_it() -> None:
    quoted = "On Sat, 21 Nov 2026, Brand <brand@example.com> wrote:\n> Reply STOP to unsubscribe\n"
    assert of_kind(hear(letter(f"Unsubscribe\n\n{quoted}")), "withdrew")
    assert of_kind(hear(letter("退订\n\n-- \nAnn Lee\nCEO")), "withdrew")
    assert of_kind(hear(letter(f"Thank you!\n\n{quoted}")), "withdrew") == []
    assert of_kind(hear(letter("> stop")), "withdrew") == []


def test_a_subject_that_says_nothing_else_opts_out() -> None:
    assert of_kind(hear(letter("", subject="unsubscribe")), "withdrew")
    assert of_kind(hear(letter("hello", subject="Re: how to unsubscribe")), "withdrew") == []


def test_an_answer_in_markup_is_read_as_its_reader_sees_it() -> None:
    markup = "<style>p{}</style><p>Stop</p><blockquote>we will not stop</blockquote>"
    raw = letter(markup).replace("text/plain", "text/html")
    assert of_kind(hear(raw), "withdrew")


def test_machines_that_answer_are_noted_and_answer_nobody() -> None:
    for header in ("Auto-Submitted: auto-replied\n", "Precedence: auto_reply\n", "X-Autoreply: yes\n"):
        heard = hear(letter("I am away. STOP", headers=header))
        assert in_short(heard) == [("noted", ANN, "<sent-7@example.com>")]
        assert heard.told[0].traits == {"notice": "auto_reply"}
    assert of_kind(hear(letter("hi", headers="Auto-Submitted: no\n")), "messaged")


BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: brand@example.com
Subject: Undelivered
Message-ID: <b1@mx.example.org>
MIME-Version: 1.0
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

no such user
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; Ann@Example.org
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: brand@example.com
To: ann@example.org
Message-ID: <sent-7@example.com>
Subject: Spring

hello
--b--
"""


def test_a_bounce_is_about_whom_it_could_not_reach() -> None:
    (noted,) = hear(BOUNCE).told
    assert (noted.kind, noted.actor, noted.reference) == ("noted", ANN, "<sent-7@example.com>")
    assert noted.traits == {"notice": "bounce", "status": "5.1.1", "permanent": True}
    (soft,) = hear(BOUNCE.replace("5.1.1", "4.2.2").replace("failed", "delayed")).told
    assert (soft.traits or {})["permanent"] is False


COMPLAINT = """From: abuse@isp.example
To: fbl@example.com
Subject: complaint
Message-ID: <c1@isp.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a report
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: <ann@example.org>

--b
Content-Type: message/rfc822

From: brand@example.com
To: ann@example.org
Message-ID: <sent-7@example.com>

hello
--b--
"""


def test_a_complaint_withdraws() -> None:
    heard = hear(COMPLAINT)
    assert [(one.kind, one.actor) for one in heard.told] == [("noted", ANN), ("withdrew", ANN)]


def test_the_brands_own_messages_and_nobodys_tell_nothing() -> None:
    assert hear(letter("hello", sender="Us <brand@example.com>")).told == ()
    assert [one.reason for one in hear(letter("hello", sender="nobody")).unread] == ["sender_missing"]


def test_a_date_that_cannot_be_is_not_believed() -> None:
    for date in ("Sun, 22 Nov 2126 03:00:00 +0000", "yesterday", "Mon, 1 Jan 1990 00:00:00 +0000"):
        raw = letter("hi").replace("Sun, 22 Nov 2026 03:00:00 +0000", date)
        assert hear(raw).told[0].happened_at == CAME_AT


def test_only_what_is_signed_and_fresh_is_heard() -> None:
    body = letter("hi").encode()
    for given in ("", "t=1", f"t={NOW},v1=", sign("other", NOW, body), sign(SECRET, NOW, body + b" "), "é"):
        assert_refused(EMAIL, posted(body, {HEADER: given}), "signature_wrong")
    assert_refused(EMAIL, request(body, NOW - 301), "signature_wrong")
    assert_refused(EMAIL, request(body, NOW + 301), "signature_wrong")
    assert EMAIL.hear(request(body, NOW - 299), silent).told


def test_hostile_messages_break_nothing() -> None:
    assert_refused(EMAIL, request(b"x" * (512 * 1024 + 1)), "body_too_large")
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(500))
    assert_refused(EMAIL, request(f"From: ann@example.org\n{nested}"), "body_unreadable")
    deep = b"From: ann@example.org\nContent-Type: message/rfc822\n\n" * 300
    assert_refused(EMAIL, request(deep), "body_unreadable")
    with pytest.raises(Refused, match="body_unreadable"):
        hear(b"From: ann@example.org\nContent-Type: text/plain; charset=nonsense\n\nx")
    for raw in (b"", b"\x00\xff", b"From: =?x?q?=?=\n\n"):
        assert hear(raw).told == ()

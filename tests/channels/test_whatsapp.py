"""WhatsApp: messages, receipts, preferences and notices, signed over the raw bytes (shapes: pywa's test updates)."""

from __future__ import annotations

from typing import Any

from hearing import (
    as_json,
    asked,
    assert_identities_differ,
    assert_refused,
    in_short,
    of_kind,
    posted,
    silent,
)

from guanxi.channels.hook import Heard, HookRequest
from guanxi.channels.registry import open_inbound
from guanxi.channels.whatsapp.signing import HEADER, signature

SECRET = "app-secret"
SETTINGS = {"app_secret": SECRET, "verify_token": "my token"}
WHATSAPP = open_inbound("whatsapp", SETTINGS)
PHONE, SCOPED = "972987654321", "US.13491208655302741918"
METADATA = {"display_phone_number": "972123456789", "phone_number_id": "1122334455667"}


def request(*changes: tuple[str, dict[str, Any]]) -> HookRequest:
    made = [
        {"field": name, "value": {"messaging_product": "whatsapp", "metadata": METADATA, **v}}
        for name, v in changes
    ]
    body = as_json({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": made}]})
    return posted(body, {HEADER: signature(SECRET, body)})


def hear(field: str, **value: Any) -> Heard:
    heard = WHATSAPP.hear(request((field, value)), silent)
    assert heard.answer.status == 200
    assert_identities_differ(heard)
    return heard


def message(form: str, contact: dict[str, Any] | None = None, **more: Any) -> Heard:
    known = contact or {"profile": {"name": "Test Name"}, "wa_id": PHONE}
    sent = {"from": PHONE, "id": "wamid.x", "timestamp": "1697043223", "type": form, **more}
    return hear("messages", contacts=[known], messages=[sent])


def test_the_address_challenge_is_answered_for_our_token_alone() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "my token", "hub.challenge": "1158201444"}
    assert WHATSAPP.hear(asked(query), silent).answer.body == b"1158201444"
    assert_refused(WHATSAPP, asked({**query, "hub.verify_token": "other"}), "signature_wrong")
    assert_refused(WHATSAPP, asked({}), "signature_wrong")


def test_a_message_tells_its_sender_by_phone_until_the_platform_gives_another_id() -> None:
    heard = message("text", text={"body": "Body Text"})
    assert in_short(heard) == [("messaged", PHONE, "wamid.x"), ("identified", PHONE, None)]
    assert heard.told[1].traits == {"name": "Test Name", "phone": f"+{PHONE}"}
    assert heard.told[0].identity == "wamid.x"


def test_the_business_scoped_id_goes_before_the_phone_and_both_are_told() -> None:
    contact = {"profile": {"name": "Test Name"}, "wa_id": PHONE, "user_id": SCOPED}
    heard = message("text", contact, text={"body": "hi"})
    assert [one.actor for one in heard.told] == [SCOPED, SCOPED]
    assert (heard.told[1].traits or {})["phone"] == f"+{PHONE}"


def test_somebody_without_a_phone_is_who_their_scoped_id_says() -> None:
    sent = {
        "from_user_id": SCOPED,
        "id": "wamid.y",
        "timestamp": "1697043223",
        "type": "text",
        "text": {"body": "x"},
    }
    heard = hear("messages", contacts=[{"profile": {"name": "N"}, "user_id": SCOPED}], messages=[sent])
    assert in_short(heard)[0] == ("messaged", SCOPED, "wamid.y")
    assert heard.told[1].traits == {"name": "N"}


def test_every_form_of_message_is_told() -> None:
    for form in (
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "order",
        "unsupported",
    ):
        (said,) = of_kind(message(form), "messaged")
        assert (said.traits or {})["form"] == form


def test_an_answer_a_group_and_an_advertisement_are_told() -> None:
    heard = message(
        "text", text={"body": "x"}, context={"id": "wamid.0"}, group_id="g1", referral={"source_id": "ad-7"}
    )
    assert heard.told[0].traits == {"form": "text", "group": "g1", "answers": "wamid.0"}
    assert heard.told[0].content == "ad-7"


def test_buttons_are_clicks_and_one_that_says_stop_withdraws() -> None:
    pressed = message("button", button={"payload": "more", "text": "More"})
    assert in_short(pressed)[0] == ("clicked", PHONE, "more")
    listed = message(
        "interactive", interactive={"type": "list_reply", "list_reply": {"id": "row1", "title": "A"}}
    )
    assert in_short(listed)[0] == ("clicked", PHONE, "row1")
    assert of_kind(message("button", button={"payload": "s", "text": "Stop"}), "withdrew")


def test_reactions_and_what_is_taken_back() -> None:
    assert in_short(message("reaction", reaction={"message_id": "wamid.y", "emoji": "😮"}))[0] == (
        "liked",
        PHONE,
        "wamid.y",
    )
    assert of_kind(message("reaction", reaction={"message_id": "wamid.y", "emoji": ""}), "liked") == []
    gone = message("revoke", revoke={"original_message_id": "wamid.o"})
    assert in_short(gone)[0] == ("noted", PHONE, "wamid.o")


def test_an_opt_out_in_words_withdraws_everything() -> None:
    (withdrew,) = of_kind(message("text", text={"body": "STOP"}), "withdrew")
    assert withdrew.traits == {"said": "STOP"}


def preference(value: str, category: str = "marketing_messages") -> Heard:
    wish = {"wa_id": PHONE, "category": category, "value": value, "timestamp": 1731705721}
    return hear("user_preferences", contacts=[{"wa_id": PHONE}], user_preferences=[wish])


def test_the_platforms_own_switch_withdraws_and_grants_here() -> None:
    (stopped,) = preference("stop").told
    assert (stopped.kind, stopped.actor, stopped.traits) == ("withdrew", PHONE, {"channel": "whatsapp"})
    granted = preference("resume").told
    assert [(one.kind, (one.traits or {})["purpose"]) for one in granted] == [
        ("consented", "engage"),
        ("consented", "sell"),
    ]
    assert [one.reason for one in preference("bla", "unknown").unread] == ["kind_unknown"]


def test_receipts_are_noted_and_a_refusal_of_marketing_withdraws() -> None:
    def status(state: str, **more: Any) -> Heard:
        receipt = {"id": "wamid.x", "status": state, "timestamp": "1698266945", "recipient_id": PHONE, **more}
        return hear("messages", statuses=[receipt])

    (read,) = status("read", pricing={"category": "service"}).told
    assert (read.kind, read.actor, read.identity) == ("noted", PHONE, "wamid.x:read")
    assert read.traits == {"notice": "message_read", "category": "service"}
    refused = status("failed", errors=[{"code": 131050, "title": "stopped"}])
    assert [one.kind for one in refused.told] == ["noted", "withdrew"]
    assert len(status("failed", errors=[{"code": 130472}]).told) == 1


def test_a_changed_number_gives_both_the_same_contact() -> None:
    change = {"body": "changed", "wa_id": "972912345678", "type": "user_changed_number"}
    heard = hear(
        "messages",
        messages=[{"from": PHONE, "id": "w", "timestamp": "1", "type": "system", "system": change}],
    )
    known = [(one.actor, one.traits) for one in of_kind(heard, "identified")]
    assert known == [(PHONE, {"phone": "+972912345678"}), ("972912345678", {"phone": "+972912345678"})]


def test_a_changed_scoped_id_gives_both_the_same_mark() -> None:
    change = {"user_id": "MX.1", "previous_user_id": "CO.1", "type": "user_changed_user_id"}
    heard = hear("messages", messages=[{"id": "w", "timestamp": "1", "type": "system", "system": change}])
    assert [one.actor for one in heard.told] == ["CO.1", "CO.1", "MX.1"]
    assert heard.told[1].traits == heard.told[2].traits == {"union_id": "whatsapp:MX.1"}


def test_an_old_scoped_id_is_read_from_the_words_where_nothing_else_names_it() -> None:
    change = {
        "body": "User Ann changed from CO.1aB to MX.1",
        "user_id": "MX.1",
        "type": "user_changed_user_id",
    }
    heard = hear("messages", messages=[{"id": "w", "timestamp": "1", "type": "system", "system": change}])
    assert [one.actor for one in heard.told] == ["CO.1aB", "CO.1aB", "MX.1"]


def test_a_changed_number_changes_the_scoped_id_too_and_the_new_one_has_the_new_number() -> None:
    """Fields of the changelog of 2026-08-11."""
    change = {
        "body": f"User Ann changed from {PHONE} to 972912345678",
        "wa_id": "972912345678",
        "user_id": "US.2",
        "parent_user_id": "US.ENT.2",
        "previous_user_id": SCOPED,
        "previous_parent_user_id": "US.ENT.1",
        "type": "user_changed_number",
    }
    sent = {"from": PHONE, "from_user_id": "US.2", "id": "w", "timestamp": "1", "type": "system"}
    heard = hear("messages", messages=[{**sent, "system": change}])
    assert [(one.actor, one.traits) for one in heard.told] == [
        (SCOPED, {"notice": "user_changed_number"}),
        (SCOPED, {"union_id": "whatsapp:US.2"}),
        ("US.2", {"union_id": "whatsapp:US.2", "phone": "+972912345678"}),
        ("US.2", {"union_id": "whatsapp:US.ENT.2"}),
    ]


def test_an_id_that_is_told_by_its_own_field_is_the_same_person() -> None:
    """developer.8x8.com/connect/docs/whatsapp-business-scoped-user-ids: `user_id_update` as Meta sends it."""
    update = {
        "wa_id": PHONE,
        "detail": "User id for Test User has been updated.",
        "user_id": {"previous": SCOPED, "current": "US.24817305912873645029"},
        "timestamp": "1700000003",
    }
    contacts = [{"profile": {"name": "Test User"}, "wa_id": PHONE}]
    heard = hear("user_id_update", contacts=contacts, user_id_update=[update])
    mark = {"union_id": "whatsapp:US.24817305912873645029"}
    assert [(one.kind.value, one.actor, one.traits) for one in heard.told] == [
        ("noted", SCOPED, {"notice": "user_changed_user_id"}),
        ("identified", SCOPED, mark),
        ("identified", "US.24817305912873645029", {**mark, "phone": f"+{PHONE}"}),
    ]
    (unread,) = hear("user_id_update", user_id_update=[{"wa_id": PHONE}]).unread
    assert PHONE in unread.raw


def test_a_number_that_somebody_was_asked_for_is_theirs_and_a_card_they_pass_on_is_not() -> None:
    """Meta's business-scoped-user-ids, "Contacts webhook": `origin` tells one from the other."""
    card = {"name": {"formatted_name": "N"}, "phones": [{"phone": "+1 650 555 1234", "type": "CELL"}]}
    sender = {"profile": {"name": "N"}, "user_id": SCOPED}
    sent = {"from_user_id": SCOPED, "id": "w", "timestamp": "1", "type": "contacts"}

    def told(of_card: str, **more: str) -> list[Any]:
        messages = [{**sent, **more, "contacts": [{**card, "origin": of_card}]}]
        heard = hear("messages", contacts=[sender], messages=messages)
        assert [one.kind.value for one in heard.told] == ["messaged", "identified"]
        return [one.traits for one in of_kind(heard, "identified")]

    assert told("contact_request") == [{"name": "N", "phone": "+16505551234"}]
    assert told("", origin="contact_request") == [{"name": "N", "phone": "+16505551234"}]
    assert told("other") == [{"name": "N"}]


def test_an_id_that_all_portfolios_of_a_business_share_is_evidence() -> None:
    contact = {"profile": {"name": "N"}, "user_id": SCOPED, "parent_user_id": "US.ENT.118157"}
    heard = message("text", contact, **{"from_user_id": SCOPED}, text={"body": "hi"})
    assert heard.told[1].traits == {"name": "N", "union_id": "whatsapp:US.ENT.118157"}


def test_notices_of_the_account_are_kept_and_some_are_alarms() -> None:
    (notice,) = hear("account_update", event="DISABLED_UPDATE", ban_info={"x": 1}).told
    assert (notice.actor, notice.traits) == (
        "",
        {
            "messaging_product": "whatsapp",
            "event": "DISABLED_UPDATE",
            "notice": "account_update",
            "alarm": True,
        },
    )


def test_a_message_for_another_number_is_set_aside() -> None:
    other = open_inbound("whatsapp", {**SETTINGS, "phone_number_id": "999"})
    heard = other.hear(
        request(("messages", {"messages": [{"from": PHONE, "id": "1", "type": "text"}]})), silent
    )
    assert (heard.told, len(heard.unread)) == ((), 1)


def test_only_what_is_signed_over_the_raw_bytes_is_heard() -> None:
    body = b'{"entry":[],"x":"\\u00e9"}'
    assert WHATSAPP.hear(posted(body, {HEADER: signature(SECRET, body)}), silent).told == ()
    rewritten = '{"entry":[],"x":"é"}'.encode()
    for given in (signature(SECRET, rewritten), signature("other", body), "", "sha256=", "é"):
        assert_refused(WHATSAPP, posted(body, {HEADER: given}), "signature_wrong")

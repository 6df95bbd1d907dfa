"""A message opts out when the whole of it says so, in whatever language; never by a word within it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guanxi.channels.hook import Told
from guanxi.channels.opt_out import is_opt_out, with_opt_out
from guanxi.channels.registry import open_inbound
from guanxi.vocabulary.activity import Kind
from wechat_pushes import SETTINGS, as_xml, push, request, silent

ASKING = """
stop|STOP|Stop!|  stop.  |“Stop”|"unsubscribe"|Quit|END|revoke|opt out|Opt-out|OPTOUT|opt  out|cancel|/stop|stop 🙏|
please stop|Stop, please!|Stop please. Thanks|unsubscribe me|don't contact me|Don’t contact me|stop texting me!!|
退订|退訂|TD|td|回复TD|取消订阅|取消關注|请退订|退订，谢谢|不要再发了！|别再发了|拒收|停止|勿扰|ＳＴＯＰ|
停止|配信停止|やめてください|送らないでください。|ストップ|配信停止お願いします|
수신거부|그만|구독 취소|보내지 마세요|
abmelden|Abbestellen!|Bitte abmelden|Stopp|keine Werbung mehr|KÜNDIGEN|
arrêt|ARRETER|désabonner|desabonner|Se désabonner svp|
baja|BAJA|Darme de baja, por favor|no más mensajes|cancelar suscripción|
basta|disiscrivimi|cancellami, grazie|
sair|descadastrar|não quero mais|CANCELAR|
стоп|отписаться|afmelden|berhenti|ยกเลิก|hủy đăng ký|
"""
NOT_ASKING = """
don't stop|Please don't stop sending these|stop by the shop tomorrow?|when does the sale end|the end of the road|
cancel my order 1234|can I cancel?|how do I unsubscribe from the other list|I quit smoking|bus stop 12|
我想退订旧手机号的套餐怎么弄|停止营业了吗|别停|tdk|TD 12|退订流程是什么|这个可以取消吗|
やめられない|止まらない|停止線|그만큼|중지된 상품 있나요|
ich möchte mich nicht abmelden|stopp mal kurz die Uhr|keine Ahnung|
arrêt de bus|la fin|basta pensarci|la baja temporada|sair hoje à noite|alto y claro|
yes|hello|thanks|谢谢|请|你好|1|👍|…|
"""


def _each(text: str) -> list[str]:
    return [one.strip("\n") for one in text.split("|") if one.strip()]


@pytest.mark.parametrize("message", _each(ASKING))
def test_a_message_that_is_nothing_but_such_words_opts_out(message: str) -> None:
    assert is_opt_out(message)


@pytest.mark.parametrize("message", _each(NOT_ASKING))
def test_a_word_within_a_sentence_is_no_opt_out(message: str) -> None:
    assert not is_opt_out(message)


@pytest.mark.parametrize("message", ["", " ", "\n", "!!!", "stop " * 200, "\x00stop\x00stop", "ﾟ", "\u202e"])
def test_odd_messages_are_no_opt_out_and_break_nothing(message: str) -> None:
    assert not is_opt_out(message)


def test_an_opt_out_withdraws_everything_and_is_counted_beside_its_message() -> None:
    message = Told(Kind.MESSAGED, "ann", datetime(2026, 11, 1, tzinfo=UTC), "m1", reference="m1")
    said, withdrew = with_opt_out(message, "STOP")
    assert (said, withdrew.kind, withdrew.actor, withdrew.identity) == (
        message,
        "withdrew",
        "ann",
        "m1:withdrew",
    )
    assert withdrew.traits == {"said": "STOP"}
    assert with_opt_out(message, "stop by") == (message,)


def test_a_word_that_opts_out_withdraws_on_wechat_too() -> None:
    from_wechat = open_inbound("wechat", {**SETTINGS, "mode": "plain"})
    for words, kinds in (("退订", ["messaged", "withdrew"]), ("退订流程是什么", ["messaged"])):
        heard = from_wechat.hear(request(as_xml(push("text", "1", Content=words))), silent)
        assert [one.kind for one in heard.told] == kinds

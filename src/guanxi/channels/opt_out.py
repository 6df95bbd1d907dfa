"""Whether a message asks to be left alone, in the languages that people write to brands in; pure.

The whole message must be such a word or phrase once punctuation and courtesies are off: a word within a
sentence ("don't stop", "cancel my order") is no opt-out. English words: TCPA, 47 CFR 64.1200(a)(10) as of
2025-04-11 (stop, quit, end, revoke, opt out, cancel, unsubscribe), and those carriers add.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from guanxi.channels.hook import Told
from guanxi.vocabulary.activity import Kind

WORDS_MAX = 64
_ENGLISH = """
stop|stop all|stopall|quit|end|revoke|optout|opt out|opt me out|cancel|unsubscribe|unsub|unsubscribe me|remove|
remove me|remove me from your list|remove me from the list|take me off|take me off your list|leave me alone|
stop it|stop messaging me|stop texting me|stop emailing me|stop sending me messages|stop sending messages|
stop contacting me|do not contact me|don't contact me|dont contact me|do not message me|don't message me|
no more messages|no more emails|no more texts|stop promotions|stop marketing
"""
_CHINESE = """
退订|td|t退订|回复td|退定|取消订阅|取消关注|取消推送|拒收|拒绝接收|停止|停止发送|停止推送|不要再发|不要再发了|不要再发送|别再发|
别再发了|别发了|不要发了|请勿打扰|勿扰|不要打扰我|别打扰我|不想再收到|不再接收|退出|退订所有|
退訂|取消訂閱|取消關注|拒絕接收|停止發送|不要再發|不要再發了|別再發了|請勿打擾
"""
_JAPANESE = """
停止|配信停止|配信を停止|配信停止希望|配信解除|解除|購読解除|退会|やめて|やめてください|止めて|止めてください|送らないで|
送らないでください|もう送らないで|もう送らないでください|ストップ|いりません|オプトアウト
"""
_KOREAN = """
수신거부|수신 거부|거부|중지|그만|그만 보내|그만 보내세요|그만보내세요|해지|구독취소|구독 취소|구독해지|구독 해지|스톱|
보내지 마세요|보내지마세요|연락하지 마세요|차단
"""
_GERMAN = """
stopp|abmelden|abbestellen|abmeldung|kündigen|austragen|widerruf|widerrufen|ich widerrufe|keine werbung|
keine werbung mehr|keine nachrichten mehr|keine mails mehr|nicht mehr schreiben|bitte löschen sie mich
"""
_FRENCH = """
arrêt|arrêter|arrêtez|désabonner|désabonnement|me désabonner|désinscription|désinscrire|me désinscrire|
se désabonner|stop pub|plus de messages|ne plus recevoir|annuler l'abonnement|retirez-moi
"""
_SPANISH = """
alto|parar|pare|detener|baja|darme de baja|dar de baja|darse de baja|cancelar|cancelar suscripción|
no más mensajes|no mas mensajes|anular suscripción|no me escriban más|desuscribir|desuscribirme
"""
_ITALIAN = """
basta|ferma|fermati|disiscrivi|disiscrivimi|disiscrivermi|cancellami|annulla iscrizione|disdici|
non scrivetemi più|niente più messaggi|cancella iscrizione
"""
_PORTUGUESE = """
sair|pare|parar|cancelar|cancelar inscrição|descadastrar|me descadastre|remover|não quero mais|
não quero mais receber|chega de mensagens|anular subscrição|cancelar subscrição
"""
_OTHERS = """
стоп|отписаться|отписка|отмена|не пишите мне|stoppen|afmelden|uitschrijven|avsluta|avregistrera|stopp alla|
berhenti|henti|stop langganan|berhenti berlangganan|ยกเลิก|หยุด|ยกเลิกการรับข่าวสาร|hủy|huỷ đăng ký|hủy đăng ký|dừng|
dur|iptal|abonelikten çık|توقف|إلغاء|إلغاء الاشتراك|الغاء الاشتراك|बंद|बंद करो
"""
_COURTESIES = (
    "please|pls|plz|thank you|thanks|thx|bitte|danke|por favor|gracias|obrigado|obrigada|per favore|grazie|"
    "s'il vous plaît|s'il vous plait|svp|merci|hi|hello|hey|now|请|谢谢|您好|你好|お願いします|"
    "ありがとう|제발|부탁합니다|пожалуйста"
)
_COURTESIES_MAX = 4
_IDEOGRAPHS = 0x1100


def is_opt_out(message: str) -> bool:
    """Whether the message as a whole asks to be left alone.

    >>> is_opt_out("  STOP! "), is_opt_out("请退订。"), is_opt_out("Please don't stop the music")
    (True, True, False)
    """
    if not message or len(message) > 4 * WORDS_MAX:
        return False
    words = _folded(message)
    return words in _PHRASES or _without_courtesy(words) in _PHRASES


def with_opt_out(message: Told, text: str) -> tuple[Told, ...]:
    """The message, and the withdrawal of every purpose on every channel where its text asks for that."""
    if not message.actor or not is_opt_out(text):
        return (message,)
    return message, withdrawal(message, {"said": text[:WORDS_MAX]})


def withdrawal(told: Told, traits: dict[str, str] | None = None) -> Told:
    """What somebody did, told as a withdrawal; without traits it is of every purpose on every channel."""
    identity = f"{told.identity}:withdrew" if told.identity else ""
    return replace(
        told, kind=Kind.WITHDREW, identity=identity, traits=traits or None, content=None, through=None
    )


def _folded(text: str) -> str:
    """Without case, accents and punctuation: the words, one space apart."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = (letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join("".join(letter if _says(letter) else " " for letter in bare).split())


def _says(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


def _without_courtesy(words: str) -> str:
    """What is left once courtesies are off both ends."""
    for _ in range(_COURTESIES_MAX):
        shorter = next((rest for rest in _rests(words) if rest), words)
        if shorter == words or shorter in _PHRASES:
            return shorter
        words = shorter
    return words


def _rests(words: str) -> Iterator[str]:
    """A courtesy of an alphabet stands apart; Chinese, Japanese and Korean write without spaces."""
    for courtesy in _COURTEOUS:
        space = " " if ord(courtesy[0]) < _IDEOGRAPHS else ""
        if words.startswith(courtesy + space):
            yield words.removeprefix(courtesy + space).strip()
        if words.endswith(space + courtesy):
            yield words.removesuffix(space + courtesy).strip()


_ALL = "|".join(
    (_ENGLISH, _CHINESE, _JAPANESE, _KOREAN, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _PORTUGUESE, _OTHERS)
)
_PHRASES = frozenset(_folded(phrase) for phrase in _ALL.split("|") if phrase.strip())
_COURTEOUS = tuple(_folded(courtesy) for courtesy in _COURTESIES.split("|"))

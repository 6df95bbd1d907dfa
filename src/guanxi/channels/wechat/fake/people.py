"""What people do with an account: each deed changes the world and is pushed to the account's hook.

The fields are those of WeChat's own events and messages.
"""

from __future__ import annotations

import secrets
from typing import Any

from guanxi.channels.wechat.fake.calls import Notice
from guanxi.channels.wechat.fake.chaos import Switch
from guanxi.channels.wechat.fake.courier import Courier, Delivery
from guanxi.channels.wechat.fake.world import Account, Person, World, open_window

MESSAGE_WINDOW, MESSAGE_SENDS = 48 * 3600.0, 5
DEED_WINDOW, DEED_SENDS = 60.0, 3
# The smallest picture there is: one clear pixel.
_PIXEL = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
)


class People:
    """The people around one account."""

    def __init__(self, world: World, courier: Courier, account: Account) -> None:
        self._world, self._courier, self._account = world, courier, account

    def follow(self, person: Person, scene: str = "", ticket: str = "") -> Delivery:
        """They follow, perhaps by scanning a picture."""
        person.follows, person.followed_at = True, int(self._world.clock())
        person.scene, person.came_by = scene, "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH"
        open_window(person, DEED_SENDS, DEED_WINDOW, self._world.clock())
        more = {"EventKey": f"qrscene_{scene}", "Ticket": ticket} if scene else {"EventKey": ""}
        followed = self._event(person, "subscribe", **more)
        if scene and self._world.chaos.strikes(Switch.SCAN_TOO):
            self._event(person, "SCAN", EventKey=scene, Ticket=ticket)
        return followed

    def unfollow(self, person: Person) -> Delivery:
        """They follow no more."""
        person.follows, person.sends_left, person.sends_until = False, 0, 0.0
        return self._event(person, "unsubscribe", EventKey="")

    def say(self, person: Person, text: str) -> Delivery:
        """They write a text."""
        open_window(person, MESSAGE_SENDS, MESSAGE_WINDOW, self._world.clock())
        return self._message(person, "text", Content=text)

    def show(self, person: Person, picture: str = "https://mmbiz.example/1.jpg") -> Delivery:
        """They send a picture."""
        open_window(person, MESSAGE_SENDS, MESSAGE_WINDOW, self._world.clock())
        number = self._world.keep_media(self._account, "image", _PIXEL)
        return self._message(person, "image", PicUrl=picture, MediaId=number)

    def scan(self, person: Person, scene: str, ticket: str = "") -> Delivery:
        """They scan a picture: a follower is told of as such, anybody else follows."""
        if not person.follows:
            return self.follow(person, scene, ticket)
        open_window(person, DEED_SENDS, DEED_WINDOW, self._world.clock())
        return self._event(person, "SCAN", EventKey=scene, Ticket=ticket)

    def click(self, person: Person, key: str) -> Delivery:
        """They choose an entry of the menu."""
        open_window(person, DEED_SENDS, DEED_WINDOW, self._world.clock())
        return self._event(person, "CLICK", EventKey=key)

    def view(self, person: Person, page: str) -> Delivery:
        """They open a page from the menu."""
        return self._event(person, "VIEW", EventKey=page, MenuId="421000001")

    def locate(self, person: Person, latitude: float, longitude: float) -> Delivery:
        """Their place is reported."""
        place = {"Latitude": f"{latitude:.6f}", "Longitude": f"{longitude:.6f}", "Precision": "65.000000"}
        return self._event(person, "LOCATION", **place)

    def pay(self, person: Person) -> Delivery:
        """They paid, and follow because the box was ticked."""
        person.follows, person.followed_at = True, int(self._world.clock())
        return self._event(person, "subscribe", EventKey=f"last_trade_no_{secrets.randbelow(10**16):016d}")

    def permit(self, person: Person, template: str, accepts: bool = True) -> Delivery:
        """They allow one notice of a template, or refuse it; of several, where spaces part them.

        One answer is an object and several are a list, as in life.
        """
        for one in template.split():
            person.permits[one] = person.permits.get(one, 0) + 1 if accepts else 0
        said = "accept" if accepts else "reject"
        answers = [
            {"TemplateId": one, "SubscribeStatusString": said, "PopupScene": "0"} for one in template.split()
        ]
        answer = answers[0] if len(answers) == 1 else answers
        return self._event(person, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": answer})

    def revoke(self, person: Person, what: str = "205") -> Delivery:
        """They take back what they had shown; the platform itself is the sender, as in life."""
        return self._of_authorization(person, "user_authorization_revoke", RevokeInfo=what)

    def cancel(self, person: Person) -> Delivery:
        """They leave WeChat, and all about them must go."""
        person.follows = False
        return self._of_authorization(person, "user_authorization_cancellation")

    def block(self, person: Person, blocks: bool = True) -> None:
        """They take no more messages; WeChat tells nobody."""
        person.blocks = blocks

    def leave_unheard(self, person: Person) -> None:
        """They unfollow while the hook is deaf: no push tells of it."""
        person.follows = False

    def follow_unheard(self, person: Person) -> None:
        """They follow while the hook is deaf: no push tells of it."""
        person.follows, person.followed_at = True, int(self._world.clock())

    def _of_authorization(self, person: Person, event: str, **fields: Any) -> Delivery:
        whose = {"OpenID": person.openid, "AppID": self._account.app_id, **fields}
        if person.union_id:
            whose["UnionID"] = person.union_id
        platform = Person("oPlatformOfWeChatItself00000")
        return self._courier.deliver(self._account, platform, {"MsgType": "event", "Event": event, **whose})

    def _event(self, person: Person, event: str, **fields: Any) -> Delivery:
        notice: Notice = {"MsgType": "event", "Event": event, **fields}
        return self._courier.deliver(self._account, person, notice)

    def _message(self, person: Person, kind: str, **fields: Any) -> Delivery:
        number = 23_000_000_000_000_000 + secrets.randbelow(10**15)
        return self._courier.deliver(self._account, person, {"MsgType": kind, **fields, "MsgId": number})

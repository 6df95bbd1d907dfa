"""A few simulated people who live their lives: they follow, read, chat, scan and sometimes leave.

Chance is an argument; the same seed lives the same lives.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from guanxi.channels.wechat.fake.courier import Courier, Delivery
from guanxi.channels.wechat.fake.people import People
from guanxi.channels.wechat.fake.world import Account, Person, World

NAMES = (
    "小林",
    "阿May",
    "陈先生",
    "Lily",
    "周周",
    "王小姐",
    "老赵",
    "Momo",
    "子涵",
    "一只猫",
    "Grace",
    "大宝",
)
TEXTS = (
    "你好",
    "在吗?",
    "有什么新品",
    "价格多少",
    "会员怎么加入",
    "谢谢",
    "退订",
    "门店在哪里",
    "hello",
    "活动还有吗",
)
PAGES = ("https://brand.example/spring", "https://brand.example/story", "https://brand.example/shop")
KEYS = ("new", "store", "member")


def settle_in(world: World, account: Account, count: int, rng: random.Random) -> None:
    """So many people know of the account."""
    for place in range(count):
        name = NAMES[place % len(NAMES)] + (str(place // len(NAMES)) if place >= len(NAMES) else "")
        union_id = f"oU{rng.getrandbits(100):025x}"
        world.meet(account, name, union_id=union_id, phone=f"138{rng.randrange(10**8):08d}")


def lives(
    world: World, courier: Courier, account: Account, rng: random.Random
) -> Iterator[tuple[str, Delivery]]:
    """What somebody does next, and how it was taken; without end."""
    people = People(world, courier, account)
    while True:
        person = rng.choice(list(account.people.values()))
        yield _deed(people, account, person, rng)


def _deed(people: People, account: Account, person: Person, rng: random.Random) -> tuple[str, Delivery]:
    if not person.follows:
        scene = rng.choice([str(one["scene"]) for one in account.pictures.values()] or [""])
        return f"{person.name} follows", people.follow(person, scene if rng.random() < 0.6 else "")
    deeds: list[tuple[float, Callable[[], tuple[str, Delivery]]]] = [
        (5, lambda: _says(people, person, rng.choice(TEXTS))),
        (3, lambda: (f"{person.name} opens a page", people.view(person, rng.choice(PAGES)))),
        (2, lambda: (f"{person.name} uses the menu", people.click(person, rng.choice(KEYS)))),
        (1, lambda: (f"{person.name} sends a picture", people.show(person))),
        (0.3, lambda: (f"{person.name} unfollows", people.unfollow(person))),
    ]
    scenes = [str(one["scene"]) for one in account.pictures.values()]
    if scenes:
        deeds.append((2, lambda: (f"{person.name} scans a picture", people.scan(person, rng.choice(scenes)))))
    (_, chosen) = rng.choices(deeds, [weight for weight, _ in deeds])[0]
    return chosen()


def _says(people: People, person: Person, text: str) -> tuple[str, Delivery]:
    return f"{person.name}: {text}", people.say(person, text)

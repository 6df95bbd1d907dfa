"""The words of the simulated world: cities, topics, names; and nicknames as hostile as real ones."""

from __future__ import annotations

CITIES = (
    "Shanghai", "Beijing", "Guangzhou", "Shenzhen", "Chengdu", "Hangzhou", "Wuhan", "Xi'an",
    "Taipei", "Tokyo", "Bangkok", "Singapore", "Kuala Lumpur", "London", "New York",
)  # fmt: skip
CITY_HOURS = (8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 7, 8, 8, 0, -5)
TOPICS = ("tea", "cooking", "travel", "design", "family", "music", "sport", "wellness")
TITLES = (
    "春茶上市",
    "一杯好茶的时间",
    "Tea and travel",
    "设计师的茶席",
    "周末带孩子采茶",
    "A song for tea",
    "跑后喝什么",
    "静心十分钟",
)
EVENTS = (
    "click", "read", "like", "comment", "reply", "mention", "message", "answer", "attend",
    "share", "open", "forward", "join_group", "unfollow",
)  # fmt: skip
SURNAMES = (
    "王",
    "李",
    "张",
    "刘",
    "陈",
    "杨",
    "黄",
    "赵",
    "周",
    "吴",
    "徐",
    "孙",
    "Tan",
    "Sato",
    "Smith",
    "Wong",
)
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "子涵",
    "宇轩",
    "Mei",
    "Kenji",
    "Anna",
    "James",
)
MOODS = (
    "快乐的",
    "安静的",
    "爱喝茶的",
    "远方的",
    "Little ",
    "晨间",
    "山里的",
    "sleepy ",
    "小",
    "北方的",
    "Dear ",
    "雨天",
)
BEINGS = ("小猫", "阿明", "tea", "旅人", "Lily", "大熊", "柠檬", "Momo", "青年", "豆豆", "Kai", "云")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(\"http://127.0.0.1\",\"茶\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\u202egnp.exe",
    "\u200f\u202b\u0645\u0631\u062d\u0628\u0627\u202c",
    "👩‍👩‍👧‍👦🍵🏳️‍🌈",
    "Z̷̡͊a̵l̸g̶o",
    "{{7*7}}${7*7}",
    "'; DROP TABLE fan;--",
    "\u200b\u200b\u200b",
    "null",
    "𠮷野家",
)  # fmt: skip

"""Whatever a platform answers, asking it ends in words or in a refusal, never in a crash."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.channels.asking import open_directory
from guanxi.channels.calling import Way
from guanxi.channels.directory import Directory
from guanxi.vocabulary.reasons import Refused
from small_line import group, user

WORDS = """
errcode errmsg follow_user external_contact_list external_contact follow_info tag_id tags createtime next_cursor
fail_info tag_group tag id name deleted group_chat_list chat_id group_chat member_list userid type join_time userIds
memberIds next displayName language groupName data openid next_openid user_info_list subscribe subscribe_time
tagid_list
"""
NAMES = st.sampled_from(WORDS.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just("wmAnn"),
    st.just("\ud83d"),
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
ACCOUNTS = {
    "wechat": {"app_id": "wx1", "app_secret": "s"},
    "wecom": {"corp_id": "ww1", "secret": "s"},
    "line": {"access_token": "t"},
}


def tries(directory: Directory) -> None:
    known = [user(1), group(1), "wmAnn"]
    for ask in (
        lambda: [one for page in directory.followers() for one in page],
        lambda: list(directory.people(known)),
        lambda: list(directory.tags()),
        lambda: list(directory.tagged("1")),
        lambda: list(directory.groups(known)),
        lambda: directory.set_tag("VIP", "VIP", known, True),
    ):
        try:
            ask()
        except Refused:
            continue


@pytest.mark.parametrize("platform", ACCOUNTS)
@settings(max_examples=50, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=8))
def test_answers_of_any_shape_are_read_or_refused(platform: str, answers: list[Any]) -> None:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
        said = left.pop(0) if left else {}
        return httpx.Response(
            200, content=json.dumps(said).encode(), headers={"content-type": "application/json"}
        )

    way = Way(transport=httpx.MockTransport(answer), pause=lambda _: None)
    directory = open_directory(platform, ACCOUNTS[platform], way)
    tries(directory)
    directory.close()

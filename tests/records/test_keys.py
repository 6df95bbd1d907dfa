from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.records.keys import Contact, contact_key, fan_key, normalised, row_keys


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "+8613800138000",
        "+86 138-0013-8000",
        "0086 138 0013 8000",
        "１３８００１３８０００",
        "(+86)138.0013.8000",
    ],
)
def test_a_mainland_phone_is_the_same_however_it_is_written(written: str) -> None:
    assert normalised(Contact.PHONE, written) == "8613800138000"


@pytest.mark.parametrize(
    "written", ["", "123", "call me", "0000000000", "138001380001234567", "138x0138000", "٣٤٥٦٧٨٩٠"]
)
def test_what_is_nobodys_phone_gives_no_key(written: str) -> None:
    assert normalised(Contact.PHONE, written) is None


@pytest.mark.parametrize(
    "written", ["", "ann", "ann@", "@example.com", "a b@example.com", "ann@host", "a@b@c.de"]
)
def test_what_is_no_address_gives_no_key(written: str) -> None:
    assert normalised(Contact.EMAIL, written) is None


@given(st.sampled_from(sorted(Contact)), st.text(max_size=40))
def test_writing_one_way_is_final(kind: Contact, written: str) -> None:
    once = normalised(kind, written)
    assert once is None or normalised(kind, once) == once


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_no_two_fans_read_the_same(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (fan_key(b"p", *one) == fan_key(b"p", *other)) == (one == other)


def test_keys_of_another_installation_or_kind_are_others() -> None:
    keys = {
        contact_key(b"p", "phone", "8613800138000"),
        contact_key(b"q", "phone", "8613800138000"),
        contact_key(b"p", "email", "8613800138000"),
        *row_keys(b"p", "customer", "wechat", "a", ["1"]),
        fan_key(b"p", "wechat", "a", "1"),
    }
    assert len(keys) == 5
    assert {len(key) for key in keys} == {16}

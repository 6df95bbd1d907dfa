"""Echo over real HTTP: what is known after each kind of trouble, and that nothing is kept twice."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from guanxi.channels.echo.chaos import Chaos, Mood
from guanxi.channels.echo.outbound import EchoChannel
from guanxi.channels.echo.receiver import Receiver, start
from guanxi.channels.port import Channel, Failure, OutboundMessage, SendState
from guanxi.channels.registry import open_channel

SECRET = b"shared between two ends"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    running = start(tmp_path, SECRET)
    yield running
    running.stop()


@pytest.fixture
def channel(receiver: Receiver) -> Iterator[EchoChannel]:
    opened = EchoChannel(receiver.address, SECRET, answer_seconds=20)
    yield opened
    opened.close()


def letter(body: str = "你好", id: UUID | None = None) -> OutboundMessage:
    return OutboundMessage(id or uuid4(), "echo", "brand", "fan-1", body)


def test_a_message_is_kept_and_acknowledged(receiver: Receiver, channel: EchoChannel) -> None:
    result = channel.send(letter())
    assert result.state is SendState.ACCEPTED
    assert result.receipt == "echo-1"
    assert receiver.received()[0]["body"] == "你好"
    assert receiver.received()[0]["address"] == "fan-1"


def test_the_same_message_twice_is_kept_once_with_one_receipt(
    receiver: Receiver, channel: EchoChannel
) -> None:
    message = letter()
    first, second = channel.send(message), channel.send(message)
    assert first.receipt == second.receipt
    assert second.code == "repeated"
    assert [line["repeated"] for line in receiver.received()] == [False, True]


def test_a_receiver_that_falls_silent_after_accepting_leaves_it_unknown(
    receiver: Receiver, channel: EchoChannel
) -> None:
    receiver.chaos = Chaos(silent=1, silence_seconds=1.5)
    message = letter()
    assert EchoChannel(receiver.address, SECRET, answer_seconds=1).send(message).state is SendState.UNKNOWN
    assert channel.look_up(message.id).receipt == "echo-1"


def test_an_unreadable_answer_leaves_it_unknown(receiver: Receiver, channel: EchoChannel) -> None:
    receiver.chaos = Chaos(garbled=1)
    assert channel.send(letter()).state is SendState.UNKNOWN
    assert len(receiver.received()) == 1


def test_a_busy_receiver_may_be_tried_again_and_a_blocked_person_may_not(
    receiver: Receiver, channel: EchoChannel
) -> None:
    receiver.chaos = Chaos(refusing=1)
    assert channel.send(letter()).failure is Failure.TRANSIENT
    receiver.chaos = Chaos(blocked=1)
    assert channel.send(letter()).failure is Failure.CONTACT
    assert receiver.received() == []


def test_a_wrong_secret_is_an_account_failure(receiver: Receiver) -> None:
    stranger = EchoChannel(receiver.address, b"another")
    result = stranger.send(letter())
    assert (result.state, result.failure) == (SendState.REFUSED, Failure.ACCOUNT)
    assert stranger.look_up(uuid4()).state is SendState.UNKNOWN
    assert receiver.received() == []


def test_a_stale_signature_is_refused(receiver: Receiver) -> None:
    late = EchoChannel(receiver.address, SECRET, clock=lambda: receiver.clock() - 301)
    assert late.send(letter()).code == "signature"


def test_a_message_that_never_came_is_known_not_to_have_come(channel: EchoChannel) -> None:
    result = channel.look_up(uuid4())
    assert (result.state, result.code) == (SendState.REFUSED, "never_came")


def test_no_connection_means_surely_not_accepted() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = EchoChannel(address, SECRET).send(letter())
    assert (result.state, result.failure) == (SendState.REFUSED, Failure.TRANSIENT)


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [("/", b"", 404), ("/messages/7", b"", 404), (f"/messages/{UUID(int=8)}", b"x" * 70_000, 413)],
)
def test_strange_requests_are_refused(receiver: Receiver, path: str, content: bytes, status: int) -> None:
    assert httpx.put(receiver.address + path, content=content, trust_env=False).status_code == status


def test_what_was_received_survives_a_restart_and_a_line_cut_off_does_not(tmp_path: Path) -> None:
    first = start(tmp_path, SECRET)
    message = letter()
    receipt = EchoChannel(first.address, SECRET).send(message).receipt
    first.stop()
    with (tmp_path / "received.jsonl").open("ab") as file:
        file.write(b'{"id": "cut')
    second = start(tmp_path, SECRET)
    again = EchoChannel(second.address, SECRET).send(message)
    assert (again.receipt, again.code) == (receipt, "repeated")
    assert len(second.received()) == 2
    second.stop()


def test_a_message_meets_the_same_mood_every_time_it_comes() -> None:
    chaos = Chaos(refusing=0.2, silent=0.2, garbled=0.2, seed="s")
    ids = [str(uuid4()) for _ in range(500)]
    moods = [chaos.mood(id) for id in ids]
    assert moods == [chaos.mood(id) for id in ids]
    assert 60 < moods.count(Mood.SILENT) < 140


def test_the_registry_opens_echo_as_a_channel(receiver: Receiver) -> None:
    opened = open_channel("echo", {"address": receiver.address, "secret": SECRET.decode()})
    assert isinstance(opened, Channel)
    assert opened.send(letter()).state is SendState.ACCEPTED
    opened.close()

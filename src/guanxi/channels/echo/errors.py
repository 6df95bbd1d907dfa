"""What Echo's answers mean: which refusals may be tried again and which say something about the person."""

from __future__ import annotations

from guanxi.channels.port import Failure, SendResult, SendState

_FAILURES = {
    400: Failure.MESSAGE,
    401: Failure.ACCOUNT,
    404: Failure.ACCOUNT,
    410: Failure.CONTACT,
    413: Failure.MESSAGE,
    429: Failure.TRANSIENT,
    503: Failure.TRANSIENT,
}


def refusal(status: int, code: str) -> SendResult:
    """The result of an answer other than success; a status Echo never gives leaves everything open."""
    failure = _FAILURES.get(status)
    if failure is None:
        return SendResult(SendState.UNKNOWN, code=f"http_{status}")
    return SendResult(SendState.REFUSED, code=code or f"http_{status}", failure=failure)

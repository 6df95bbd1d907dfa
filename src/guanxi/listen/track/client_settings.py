"""What Segment's browser client asks before it sends: `/v1/projects/<write key>/settings`.

Tells it to send to this door and nowhere else, and to load nothing from anybody. Shape: `CDNSettings` of
@segment/analytics-next 1.84, `src/browser/settings.ts`; its `AnalyticsBrowser.load` reads it.
"""

from __future__ import annotations

from guanxi.listen.door.http import Answer, Headers, words

_PLACES = ("projects", "settings")
_KEPT: Headers = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))


def key_asked_for(path: str) -> str | None:
    """The write key whose settings an address names; None where it is no such address.

    >>> key_asked_for("/v1/projects/k1/settings"), key_asked_for("/v1/projects/k1")
    ('k1', None)
    """
    parts = path.removeprefix("/v1/").split("/")
    return parts[1] if len(parts) == 3 and (parts[0], parts[2]) == _PLACES else None


def settings_answer(key: str, door: str, headers: Headers) -> Answer:
    """The client sends to this door by the scheme that it is reached by, and measures itself for nobody.

    Args:
        key: the client's write key, which the door knows.
        door: scheme and host of this door.
        headers: those of every answer.
    """
    scheme, _, host = door.partition("://")
    here = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": scheme}
    answer = words(
        200,
        integrations={"Segment.io": {**here, "unbundledIntegrations": []}},
        plan={"track": {}, "identify": {}, "group": {}},
        edgeFunction={},
        remotePlugins=[],
        legacyVideoPluginsEnabled=False,
        metrics={"sampleRate": 0, "host": f"{host}/v1"},
    )
    return Answer(200, answer.body, headers=(*headers, *_KEPT))

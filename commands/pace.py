"""The pace at which somebody may ask."""

import time
from collections import OrderedDict
from uuid import UUID

from people.actors import Actor
from people.rate_limits import CLIENTS_SHARE
from store.errors import TooMany


class Pace:
    """How fast one person may command: a bucket of tokens each, on each node."""

    PERSONS_AT_MOST = 50_000

    def __init__(self, burst: int, per_second: float) -> None:
        self.burst = burst
        self.per_second = per_second
        self._buckets: OrderedDict[UUID, tuple[float, float]] = OrderedDict()

    def take(self, person_id: UUID) -> None:
        """Take one token.

        Raises:
            TooMany: there is none; it says when there will be.
        """
        now = time.monotonic()
        tokens, at = self._buckets.pop(person_id, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - at) * self.per_second)
        if tokens < 1:
            self._buckets[person_id] = (tokens, now)
            raise TooMany(retry_after_seconds=(1 - tokens) / self.per_second)
        self._buckets[person_id] = (tokens - 1, now)
        if len(self._buckets) > self.PERSONS_AT_MOST:
            self._buckets.popitem(last=False)


class UploadPace:
    """How fast one person may begin to send files; a client a quarter as fast."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._team = Pace(burst, per_second)
        self._clients = Pace(max(1, burst // CLIENTS_SHARE), per_second / CLIENTS_SHARE)

    def take(self, actor: Actor) -> None:
        """Take one token.

        Raises:
            TooMany: there is none; it says when there will be.
        """
        (self._clients if actor.kind == "client" else self._team).take(actor.id)

"""Loads: people who post without pause while something breaks."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Protocol

from tests.patience import PATIENT_SECONDS


class Poster(Protocol):
    """Someone who posts until they are answered."""

    async def post(self, body: str) -> None:
        """Post a message, again and again under one key until it is acknowledged."""


class Load:
    """What was acknowledged so far."""

    def __init__(self) -> None:
        self.acknowledged_at: dict[str, float] = {}
        """When each text was said yes to, by the monotonic clock."""
        self._news = asyncio.Event()

    async def more(self, number: int, seconds: float = PATIENT_SECONDS) -> None:
        """Wait until so many more are acknowledged."""
        goal = len(self.acknowledged_at) + number
        async with asyncio.timeout(seconds):
            while len(self.acknowledged_at) < goal:
                self._news.clear()
                await self._news.wait()

    def note(self, body: str) -> None:
        self.acknowledged_at[body] = time.monotonic()
        self._news.set()


@asynccontextmanager
async def posting(*posters: Poster, pause_seconds: float = 0.01) -> AsyncIterator[Load]:
    """Meanwhile all of them post, each text once. At the end each finishes what it has begun."""
    load, ended = Load(), asyncio.Event()
    tasks = [
        asyncio.create_task(_post(poster, f"{nr}", load, ended.is_set, pause_seconds))
        for nr, poster in enumerate(posters)
    ]
    try:
        yield load
        ended.set()
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _post(poster: Poster, name: str, load: Load, ended: Callable[[], bool], pause_seconds: float) -> None:
    for nr in count():
        if ended():
            return
        body = f"{name}/{nr}"
        await poster.post(body)
        load.note(body)
        await asyncio.sleep(pause_seconds)

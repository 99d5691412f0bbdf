"""Calls of the wire contract, by somebody or by a stranger."""

from typing import Any

import httpx

from tests.web.houses import House


async def get(house: House, who: str | None, path: str, **query: Any) -> httpx.Response:
    async with house.bot(who) as bot:
        return await bot.get(f"/api/v1{path}", params=query)


async def run(house: House, who: str, name: str, fields: Any, **headers: str) -> httpx.Response:
    async with house.bot(who, **headers) as bot:
        return await bot.post(f"/api/v1/commands/{name}", json=fields)

"""Sorting: a list that the server drew stays in its order when the script takes over."""

import asyncio
import random
from asyncio.subprocess import PIPE
from pathlib import Path

import orjson
import pytest

from store.texts.sorting import by_name
from tests.hub.test_browsers import NODE, PACKAGES
from tests.patience import PATIENT_SECONDS

SMALL = "aăâäbcdiîsșştțţz" + "абвгґдеєёжзиіїйкуўыья"
LETTERS = SMALL + SMALL.upper()
SORTER = """
import { readFileSync } from "node:fs";
import { compareNames } from "./sorting.mjs";
const { names, language } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(names.sort((one, other) => compareNames(one, other, language))));
"""


def names() -> list[str]:
    """Each letter alone, before and behind letters of both scripts, and a thousand names of all of them."""
    beside = [
        f"{one}{other}" for letter in LETTERS for near in "nzня" for one, other in ((letter, near), (near, letter))
    ]
    chance = random.Random(2026)
    mixed = ["".join(chance.choices(f"{LETTERS}'’- 129", k=chance.randint(2, 5))) for _nr in range(1000)]
    return sorted({*LETTERS, *beside, *(name for name in mixed if name == name.strip())})


@pytest.fixture(scope="module")
async def sorter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The browser's own module, as a script of Node's."""
    folder = tmp_path_factory.mktemp("sorter")
    source, script = PACKAGES / "models" / "sorting.ts", folder / "sorter.mjs"
    script.write_text(SORTER)
    built = ("--bundle", "--format=esm", f"--outfile={folder / 'sorting.mjs'}", "--log-level=error")
    await run(str(PACKAGES / "node_modules" / "esbuild" / "bin" / "esbuild"), str(source), *built)
    return script


@pytest.mark.parametrize("language", ["en", "ro", "uk"])
async def test_names_of_three_alphabets_stand_in_one_order_on_the_server_and_in_the_browser(
    sorter: Path, language: str
) -> None:
    given = names()
    assert len(given) > 1500
    asked = orjson.dumps({"names": given, "language": language})
    assert by_name(given, language, str) == orjson.loads(await run(str(sorter), said=asked))


async def run(*arguments: str, said: bytes = b"") -> bytes:
    node = await asyncio.create_subprocess_exec(NODE, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    out, err = await asyncio.wait_for(node.communicate(said), PATIENT_SECONDS)
    assert node.returncode == 0, err.decode()
    return out

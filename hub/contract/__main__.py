"""Writes the contract's files, or with ``--check`` fails when they aren't what the classes give."""

import json
import sys
from pathlib import Path

from hub.contract import asyncapi, finds, openapi, parts, sentences, tab_elements, typescript
from hub.operations.release import on_disk

ROOT = Path(__file__).resolve().parents[2]


def files() -> dict[Path, str]:
    """These are the contract's files, by path."""
    number = on_disk()
    return {
        ROOT / "docs/api/openapi.json": json.dumps(openapi(number), indent=2, ensure_ascii=False) + "\n",
        ROOT / "docs/api/asyncapi.json": json.dumps(asyncapi(number), indent=2, ensure_ascii=False) + "\n",
        ROOT / "web/client/contract.ts": typescript(),
        ROOT / "web/client/finds.ts": finds(),
        ROOT / "web/client/parts.ts": parts(),
        ROOT / "web/client/sentences.ts": sentences(),
        ROOT / "web/client/tab-elements.ts": tab_elements(),
    }


def main() -> int:
    stale = {path: text for path, text in files().items() if not path.is_file() or path.read_text() != text}
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} isn't what the classes give: run python -m hub.contract\n")
        return 1 if stale else 0
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

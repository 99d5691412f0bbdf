"""Logs while tests run: as served, without the drawing of every frame, which takes seconds and holds everyone up."""

import structlog


def keep_plain() -> None:
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])

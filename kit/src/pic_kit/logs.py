"""One line per event on stderr: JSON where PIC_LOG=json, else for human eyes; secrets never reach it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from pic_kit.repeats import SaidBefore

HIDDEN = "[hidden]"
SECRET_NAMES = ("_SECRET", "_PASSWORD", "_TOKEN", "_KEY")
SHORTEST_SECRET = 6  # shorter ones would hide harmless words; the deployment guide asks for 32 bytes
_SECRET_FIELD = re.compile(r"authorization|cookie|credential|password|secret|token|private_key", re.I)
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=Bearer )[^\s\"']+|(?<=Basic )[^\s\"']+")
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")


def configure_logs(environment: Mapping[str, str], stream: TextIO | None = None) -> None:
    """For the whole process: our own events from `info` on, those of libraries from `warning` on."""
    as_json = environment.get("PIC_LOG", "") == "json"
    out = sys.stderr if stream is None else stream
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_formatter(as_json, Mask(known_secrets(environment)), colours=out.isatty()))
    handler.addFilter(SaidBefore("aiokafka"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for library in ("aiokafka", "alembic", "asyncio", "httpx", "httpcore", "sqlalchemy", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)


def _shared() -> list[Processor]:
    """What an event of ours and a record of a library both get."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secret_fields,
    ]


def _formatter(as_json: bool, mask: Mask, *, colours: bool) -> logging.Formatter:
    # Tracebacks are plain: the pretty ones print local variables, and with them whatever was secret.
    rendering: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=colours, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            )
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering, mask],
    )


def hide_secret_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A field whose name says that it is secret is logged without its value."""
    return {name: HIDDEN if _SECRET_FIELD.search(name) else value for name, value in event.items()}


class Mask:
    """The last step before the line is written: known secrets, tokens and passwords in URLs are replaced."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}
        known = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", _TOKEN.sub(HIDDEN, str(line)))
        return self._known.sub(HIDDEN, text) if self._known else text


def known_secrets(environment: Mapping[str, str]) -> set[str]:
    """What the environment gives in confidence: variables named so, and the passwords of database URLs."""
    found = {value for name, value in environment.items() if name.endswith(SECRET_NAMES)}
    for name, value in environment.items():
        if name.endswith("_DATABASE_URL"):
            password = urlsplit(value).password or ""
            found |= {password, unquote(password)}
    return {secret for secret in found if len(secret) >= SHORTEST_SECRET}

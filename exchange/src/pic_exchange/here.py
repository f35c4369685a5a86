"""An exchange in this process for whoever plays scenarios on it: spoken to without a socket between."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pic_exchange.garbage import look_rarely
from pic_exchange.in_process import InProcess
from pic_exchange.places import SECRET_VARIABLE, operator_secret
from pic_kit.settings import LASTING, Settings
from pic_replay.exchange import Exchange


@asynccontextmanager
async def exchange_here(data: Path, *, secret: str | None = None) -> AsyncIterator[Exchange]:
    """The same application that `pic up` serves. The socket and its HTTP were a fifth of a step."""
    # Law and models stay: to look through them for garbage was a sixth of the start, a twentieth of a step.
    gc.disable()
    from pic_exchange.embedded import EmbeddedExchange

    secret = secret or operator_secret()
    settings = Settings.from_environment({"PIC_DATA": str(data), SECRET_VARIABLE: secret, LASTING: "no"})
    async with EmbeddedExchange(settings).running() as embedded:
        look_rarely()
        transport = InProcess(embedded.app)
        async with Exchange("http://embedded", secret, transport=transport) as exchange:
            yield exchange

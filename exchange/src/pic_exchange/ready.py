"""`python -m pic_exchange.ready [port]`: exit 0 when the service on this machine is ready."""

from __future__ import annotations

import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException


def ready(port: int, *, timeout: float = 3.0) -> bool:
    """Whether /readyz answers 200. No proxy is asked, unlike with urllib."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


if __name__ == "__main__":
    raise SystemExit(0 if ready(int(sys.argv[1]) if len(sys.argv) > 1 else 8400) else 1)

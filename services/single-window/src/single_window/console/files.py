"""The files that the console's pages need: style, script, icon."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from single_window.console.rendering import HEADERS
from single_window.console.session import PATH

router = APIRouter(include_in_schema=False)
MEDIA_TYPES = {
    "console.css": "text/css",
    "case.css": "text/css",
    "print.css": "text/css",
    "live.js": "text/javascript",
    "sign-in.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@router.get("/")
async def front() -> Response:
    """The front door leads to the console."""
    return RedirectResponse(f"{PATH}/", 303)


@router.get(PATH + "/files/{name}")
async def console_file(name: str) -> Response:
    """Only what is named above is served."""
    if name not in MEDIA_TYPES:
        raise HTTPException(404, "no such file")
    headers = HEADERS | {"Cache-Control": "no-cache"}
    return Response(_content(name), media_type=MEDIA_TYPES[name], headers=headers)


@cache
def _content(name: str) -> bytes:
    return (files("single_window.console") / "static" / name).read_bytes()

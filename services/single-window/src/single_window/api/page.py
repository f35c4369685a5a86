"""The page: plain files, served with a policy that forbids everything else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class File(NamedTuple):
    name: str
    media_type: str


FILES = {
    "": File("index.html", "text/html"),
    "window.css": File("window.css", "text/css"),
    "window.js": File("window.js", "text/javascript"),
    "icon.svg": File("icon.svg", "image/svg+xml"),
}


@router.get("/")
async def index() -> Response:
    """The console."""
    return _serve("")


@router.get("/page/{name}")
async def page_file(name: str) -> Response:
    """What the console needs."""
    return _serve(name)


def _serve(name: str) -> Response:
    if (file := FILES.get(name)) is None:
        raise HTTPException(404, "no such file")
    return Response(_content(file.name), media_type=file.media_type, headers=HEADERS)


@cache
def _content(name: str) -> bytes:
    return (files("single_window") / "page" / name).read_bytes()

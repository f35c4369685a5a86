"""Where things are on this machine: scenarios, the data folder, the operator's secret."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECRET_VARIABLE = "PIC_OPERATOR_SECRET"  # noqa: S105 - the name of a variable, not a secret


def scenarios_folder() -> Path:
    """The scenario library of this checkout, else one in the current folder."""
    inside = ROOT / "scenarios"
    return inside if inside.is_dir() else Path("scenarios")


def secret_file() -> Path:
    return Path(os.environ.get("PIC_HOME", ".pic")) / "operator-secret"


def operator_secret() -> str:
    """From the environment, else from the file that `pic up` and the stack share; made at the first use."""
    if (given := os.environ.get(SECRET_VARIABLE)) is not None:
        return given
    path = secret_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text("utf-8").strip()

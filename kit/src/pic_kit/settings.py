"""Where a service finds its database, the bus and its issuer: the environment, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Five years as the record of a movement is kept; the outbox as long, for a lost log is made again from it.
FIVE_YEARS = "1827"
LASTING = "PIC_LASTING"


def _keep_days(env: Mapping[str, str]) -> Mapping[str, int]:
    return {
        "answers": int(env.get("PIC_KEEP_ANSWERS_DAYS", "30")),
        "outbox": int(env.get("PIC_KEEP_OUTBOX_DAYS", FIVE_YEARS)),
        "audit": int(env.get("PIC_KEEP_AUDIT_DAYS", FIVE_YEARS)),
    }


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process. Every field's environment variable is listed in docs/environment.md."""

    data: Path
    bus_url: str
    database_urls: Mapping[str, str]
    deployment: str
    states: frozenset[str]
    issuer: str
    jwks_url: str | None
    stale_after: float
    cases_partitions: int
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    keep_days: Mapping[str, int] = field(default_factory=lambda: _keep_days({}))
    lasting: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """PIC_DATA, KAFKA_BOOTSTRAP_SERVERS, PIC_<SERVICE>_DATABASE_URL, PIC_DEPLOYMENT, PIC_STATES, ..."""
        env = dict(os.environ if environment is None else environment)
        folder = Path(env.get("PIC_DATA", ".pic/data"))
        brokers = env.get("KAFKA_BOOTSTRAP_SERVERS")
        urls = {
            name.removeprefix("PIC_").removesuffix("_DATABASE_URL").lower().replace("_", "-"): value
            for name, value in env.items()
            if name.startswith("PIC_") and name.endswith("_DATABASE_URL")
        }
        return cls(
            data=folder,
            bus_url=f"kafka://{brokers}" if brokers else f"embedded:///{folder / 'bus.sqlite3'}",
            database_urls=urls,
            deployment=env.get("PIC_DEPLOYMENT", "local"),
            states=frozenset(part for part in env.get("PIC_STATES", "").replace(" ", "").split(",") if part),
            issuer=env.get("PIC_ISSUER", "pic-sandbox"),
            jwks_url=env.get("PIC_JWKS_URL"),
            stale_after=float(env.get("PIC_STALE_AFTER_SECONDS", "30")),
            cases_partitions=int(env.get("PIC_CASES_PARTITIONS", "6")),
            environment=env,
            keep_days=_keep_days(env),
            lasting=env.get(LASTING) != "no",
        )

    def database_url(self, store: str) -> str:
        """The database of a store (`notifier`, `window`, ...): its variable, or a file in the data folder."""
        return self.database_urls.get(store) or f"sqlite+aiosqlite:///{self.data / store}.sqlite3"

    def hosts(self, state: str) -> bool:
        """Whether this process plays the authorities of a State.

        `BE,DE` hosts these two, `-BE,-DE` every State but these, no list every State.
        """
        if f"-{state}" in self.states:
            return False
        named = {name for name in self.states if not name.startswith("-")}
        return not named or state in named

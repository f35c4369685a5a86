"""Where the other services are: the environment of a stack. In one process nothing of this is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pic_kit.settings import Settings

ANY_STATE = "*"


def most_worlds(settings: Settings) -> int:
    """PIC_WORLDS_MOST: sandboxes that may be open at once."""
    return int(settings.environment.get("PIC_WORLDS_MOST", "1000"))


@dataclass(frozen=True, slots=True)
class Upstreams:
    """Base URLs of the services behind the front door; `consent` by State, `*` for every other."""

    notifier: str | None
    customs: str | None
    consent: Mapping[str, str]

    @classmethod
    def from_settings(cls, settings: Settings) -> Upstreams:
        """PIC_NOTIFIER_URL, PIC_CUSTOMS_URL, PIC_CONSENT_URLS (`BE+NL=http://one:8412;*=http://two:8413`)."""
        env = settings.environment
        return cls(
            notifier=env.get("PIC_NOTIFIER_URL"),
            customs=env.get("PIC_CUSTOMS_URL"),
            consent=_by_state(env.get("PIC_CONSENT_URLS", "")),
        )

    def consent_for(self, state: str | None) -> str | None:
        """The process that plays this State's authorities."""
        return self.consent.get(state or ANY_STATE) or self.consent.get(ANY_STATE)

    @property
    def services(self) -> Mapping[str, str]:
        """Name -> URL of every process, each once, in a fixed order."""
        groups: dict[str, list[str]] = {}
        for state, url in self.consent.items():
            groups.setdefault(url, []).append(state)
        consents = {f"consent-{'+'.join(states)}": url for url, states in groups.items()}
        single = {"notifier": self.notifier, **consents, "customs": self.customs}
        return {name: url for name, url in single.items() if url}


def _by_state(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        states, equals, url = part.partition("=")
        if not equals or not url:
            raise ValueError(f"PIC_CONSENT_URLS: {part!r} is not STATE+STATE=URL")
        found |= {state.strip(): url.strip().rstrip("/") for state in states.split("+")}
    return found

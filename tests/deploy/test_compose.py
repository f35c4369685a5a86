"""What the Compose Specification's schema cannot say about docker-compose.yml and the image."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pic_exchange.servers import kafka_local
from tests.support.composed import ROOT, composed, services

SERVICES = sorted(services())
STEPS = {name for name, service in services().items() if service.get("command") == ["migrate"]}
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def waits_for(service: dict[str, Any]) -> dict[str, str]:
    return {name: wait["condition"] for name, wait in service.get("depends_on", {}).items()}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_only_for_what_is_there_and_can_come(name: str) -> None:
    for other, condition in waits_for(services()[name]).items():
        assert other in services()
        expected = "service_completed_successfully" if other in STEPS else "service_healthy"
        assert condition == expected


def test_nobody_waits_for_himself() -> None:
    waiting = {name: set(waits_for(service)) for name, service in services().items()}
    while free := {name for name, others in waiting.items() if not others}:
        waiting = {name: others - free for name, others in waiting.items() if name not in free}
    assert waiting == {}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root_or_may_become_it(name: str) -> None:
    service = services()[name]
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_to_a_major_version_at_least(name: str) -> None:
    _, _, tag = services()[name]["image"].rpartition(":")
    assert re.match(r"\d+(\.\d+)*", tag)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_of_memory_processor_and_processes(name: str) -> None:
    service = services()[name]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["pids_limit"] > 0


@pytest.mark.parametrize("name", sorted(set(SERVICES) - STEPS))
def test_what_runs_for_ever_is_restarted_and_its_health_is_asked(name: str) -> None:
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_migration_that_failed_is_not_run_for_ever(name: str) -> None:
    assert services()[name]["restart"] == "no"


def test_only_the_front_door_is_reached_from_outside_each_port_once() -> None:
    published = [(name, port) for name, service in services().items() for port in service.get("ports", [])]
    assert published == [("single-window", "127.0.0.1:8400:8400")]
    assert composed()["networks"]["backbone"] == {"internal": True}
    outside = [name for name, service in services().items() if "outside" in service["networks"]]
    assert outside == ["single-window"]


def test_networks_and_volumes_that_are_used_are_declared() -> None:
    networks = {name for service in services().values() for name in service["networks"]}
    sources = {v.split(":")[0] for service in services().values() for v in service.get("volumes", [])}
    assert networks == set(composed()["networks"])
    assert {source for source in sources if not source.startswith(".")} == set(composed()["volumes"])
    assert [source for source in sources if source.startswith(".") and not (ROOT / source).is_file()] == []


def test_kafka_is_the_version_that_the_tests_run_on_and_forgets_nothing_either() -> None:
    kafka = services()["kafka"]
    pom = (ROOT / "deploy" / "kafka-local" / "pom.xml").read_text("utf-8")
    tested = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([\d.]+)</version>", pom)
    assert tested is not None
    assert kafka["image"] == f"apache/kafka:{tested[1]}"
    given = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in kafka["environment"].items()
    }
    local = dict(line.split("=", 1) for line in kafka_local().PROPERTIES.splitlines())
    keeping = [name for name in local if re.search(r"retention|auto\.create|replication|min\.isr", name)]
    assert len(keeping) >= 8
    assert {name: given[name] for name in keeping} == {name: local[name] for name in keeping}


def test_the_image_runs_as_a_number_that_is_not_root_and_compose_says_the_same() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users[-1:] == [services()["notifier"]["user"]]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


def test_the_image_stands_on_the_python_of_the_project() -> None:
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"python:3.11-slim"}
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_every_package_of_the_image_is_checked_by_its_hash_or_made_here() -> None:
    installs = re.findall(r"pip install (.+?)(?: \\)?$", DOCKERFILE, re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_what_the_image_copies_is_let_through_and_nothing_else_is() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    copied = [line.split()[1:-1] for line in re.findall(r"^COPY (?!--).+$", DOCKERFILE, re.MULTILINE)]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == {
        part for parts in copied for part in parts
    }

"""The contract as files: one JSON Schema per message and document, one AsyncAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pic_schemas.catalogue import CATALOGUE, TOPICS, MessageType
from pic_schemas.documents import AuthorityBlocks, DraftNotification, MovementDocument, NotificationDocument
from pic_schemas.envelope import CONTENT_TYPE, WORLD_PATTERN
from pic_schemas.messages.base import CASES

Schema = dict[str, Any]

DOCUMENTS: Mapping[str, type[BaseModel]] = {
    "notification-document": NotificationDocument,
    "draft-notification": DraftNotification,
    "authority-blocks": AuthorityBlocks,
    "movement-document": MovementDocument,
}
SERVICES = ("notifier", "consent", "customs-gateway", "single-window")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ABOUT = """\
Messages of the PIC exchange: CloudEvents 1.0 in Kafka's binary mode, attributes in `ce_*` headers, the
payload in the body.
Writers are strict, readers ignore fields they do not know. An additive change keeps the version of a type;
anything else is a new type beside the old.
"""


def schemas() -> dict[str, Schema]:
    """Name -> JSON Schema of every message type and every document."""
    models = {line.type: line.model for line in CATALOGUE.values()} | dict(DOCUMENTS)
    return {name: _schema(name, model) for name, model in models.items()}


def files() -> dict[str, str]:
    """Path below `schemas/` -> text; the same code always yields the same text."""
    texts = {f"json/{name}.json": _json(schema) for name, schema in schemas().items()}
    return texts | {"asyncapi.yaml": _yaml(asyncapi())}


def asyncapi() -> Schema:
    """The AsyncAPI 3.1 document: channels are topics, operations say which service sends and reads what."""
    _, definitions = models_json_schema(
        [(line.model, "validation") for line in CATALOGUE.values()],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "asyncapi": "3.1.0",
        "info": {"title": "PIC exchange", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": CONTENT_TYPE,
        "channels": {topic: _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {
            "messages": {line.type: _message(line) for line in CATALOGUE.values()},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
            "schemas": definitions["$defs"],
        },
    }


def _schema(name: str, model: type[BaseModel]) -> Schema:
    return {"$schema": _DIALECT, "$id": f"urn:pic-exchange:schema:{name}", **model.model_json_schema()}


def _on(topic: str) -> list[MessageType]:
    return [line for line in CATALOGUE.values() if line.topic == topic]


def _channel(topic: str) -> Schema:
    return {
        "address": topic,
        "description": TOPICS[topic],
        "messages": {line.type: {"$ref": f"#/components/messages/{line.type}"} for line in _on(topic)},
        "bindings": {"kafka": {"topic": topic}},
    }


def _message(line: MessageType) -> Schema:
    key = "{world}:{case}" if line.topic == CASES else "{world}"
    return {
        "name": line.type,
        "title": line.model.__name__,
        "summary": line.summary,
        "description": f"Legal basis: {line.basis}.",
        "contentType": CONTENT_TYPE,
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "bindings": {"kafka": {"key": {"type": "string", "description": key}}},
        "payload": {"$ref": f"#/components/schemas/{line.model.__name__}"},
        "x-owner": line.owner,
        "x-senders": [role.value for role in line.senders],
        "x-receivers": [role.value for role in line.receivers],
    }


def _operations() -> Iterator[tuple[str, Schema]]:
    for service in SERVICES:
        for topic in TOPICS:
            own = [line for line in _on(topic) if line.owner == service]
            others = [line for line in _on(topic) if line.owner != service]
            if own:
                yield f"{service}.send.{topic}", _operation("send", topic, own, f"{service} owns these facts")
            if others:
                # Every service reads the whole topic: one history in one order.
                yield (
                    f"{service}.receive.{topic}",
                    _operation("receive", topic, others, f"{service} reads on"),
                )


def _operation(action: str, topic: str, lines: list[MessageType], summary: str) -> Schema:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{line.type}"} for line in lines],
    }


def _headers() -> Schema:
    text: Schema = {"type": "string"}
    uuid: Schema = {"type": "string", "format": "uuid"}
    time: Schema = {"type": "string", "format": "date-time"}
    properties: Schema = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": uuid | {"description": "Follows from the cause: the same cause yields the same id"},
        "ce_source": text | {"description": "/{service}/{STATE}, the producer that owns the fact"},
        "ce_type": text,
        "ce_time": time | {"description": "When it happened, in the world's clock"},
        "ce_recordedtime": time | {"description": "When it was recorded, in the world's clock"},
        "ce_world": text | {"pattern": WORLD_PATTERN},
        "ce_case": text | {"description": "Case id; absent for what belongs to no case"},
        "ce_sequence": text | {"pattern": "^[1-9][0-9]*$", "description": "Per case and source, from 1"},
        "ce_sender": text | {"description": "STATE/role/agency"},
        "ce_recipients": text | {"description": "STATE/role/agency, joined by commas"},
        "ce_channel": {"enum": ["electronic", "paper"]},
        "ce_causationid": uuid | {"description": "The event, command or deadline behind it"},
        "ce_traceparent": text | {"description": "W3C trace context"},
        "content-type": {"const": CONTENT_TYPE},
    }
    optional = ("ce_case", "ce_traceparent")
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(document: Schema) -> str:
    return yaml.dump(document, Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=110)

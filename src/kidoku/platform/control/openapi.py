"""OpenAPI 3.1 of the control API, made from the declared routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

import kidoku
from kidoku.http.sessions import SESSION_PATH
from kidoku.platform.control.paths import ROOT
from kidoku.platform.control.problems import ErrorAnswer
from kidoku.platform.control.routing import Route

NAMES = re.compile(r"\{(\w+)\}")
REF = "#/components/schemas/{name}"

ABOUT = """Plays the world around a bot: people with phones, Official Accounts with their Manager, time to wait for what
happens. Every answer carries `X-Kidoku-Cursor`, the cursor of live events from before the request: give it as `since`
to `/wait` or `/events`, and nothing that the request caused is missed. IDs are strings; times are milliseconds since
the epoch."""


@lru_cache(maxsize=2)
def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The whole document."""
    shapes = [
        shape for route in routes for shape in (route.asks, route.query, route.gives) if shape is not None
    ]
    unique = list(dict.fromkeys([*shapes, ErrorAnswer]))
    schemas, components = msgspec.json.schema_components(unique, ref_template=REF)
    by_shape = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = paths.setdefault(ROOT + route.path, {})
        path[route.method.lower()] = operation(route, by_shape, components)
    paths[SESSION_PATH] = session(by_shape)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kidoku control API", "version": kidoku.__version__, "description": ABOUT},
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"key": []}],
    }


def operation(route: Route, by_shape: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [path_parameter(name) for name in NAMES.findall(route.path)],
        "responses": {"200": answer(route, by_shape), "default": error(by_shape)},
    }
    if route.query is not None:
        made["parameters"] += query_parameters(by_shape[route.query], components)
    if route.asks is not None:
        made["requestBody"] = request_body(route, by_shape)
    return made


def session(by_shape: dict[Any, Any]) -> dict[str, Any]:
    """The path that the guard in front of this API answers."""
    told = {"keyNeeded": {"type": "boolean"}, "signedIn": {"type": "boolean"}}
    key = {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}
    asks = {"content": {"application/json": {"schema": key}}}

    def one(name: str, summary: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": properties}
        found = {"description": summary, "content": {"application/json": {"schema": schema}}}
        return {
            "operationId": name,
            "summary": summary,
            "tags": ["session"],
            "responses": {"200": found, "default": error(by_shape)},
            **more,
        }

    return {
        "get": one("getSession", "Whether a key is needed and known", told),
        "post": one("postSession", "Exchange the control key for a session cookie", {}, requestBody=asks),
        "delete": one("deleteSession", "End the session", {}),
    }


def path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def query_parameters(schema: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    whole = components[schema["$ref"].rpartition("/")[2]]
    needed = whole.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": one}
        for name, one in whole["properties"].items()
    ]


def request_body(route: Route, by_shape: dict[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": by_shape[route.asks]}}
    if route.form:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        properties = {
            "file": file,
            "type": {"enum": ["image", "video", "audio", "file"]},
            "duration": {"type": "integer"},
            "imageSetId": {"type": "string"},
            "imageSetIndex": {"type": "integer"},
            "imageSetTotal": {"type": "integer"},
        }
        form = {"type": "object", "properties": properties, "required": ["file", "type"]}
        content["multipart/form-data"] = {"schema": form}
    return {"content": content}


def answer(route: Route, by_shape: dict[Any, Any]) -> dict[str, Any]:
    schema = by_shape[route.gives] if route.gives is not None else {}
    return {
        "description": route.summary,
        "headers": {"X-Kidoku-Cursor": {"schema": {"type": "string"}}},
        "content": {route.media: {"schema": schema}},
    }


def error(by_shape: dict[Any, Any]) -> dict[str, Any]:
    return {
        "description": "What went wrong",
        "content": {"application/json": {"schema": by_shape[ErrorAnswer]}},
    }

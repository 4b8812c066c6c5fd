"""OpenAPI 3.1, made from the declared routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

import kidoku
from kidoku.http.json_api.about import About
from kidoku.http.json_api.problems import ErrorAnswer
from kidoku.http.json_api.route import Route

NAMES = re.compile(r"\{(\w+)\}")
REF = "#/components/schemas/{name}"

ERROR = {
    "description": "What went wrong",
    "content": {"application/json": {"schema": {"$ref": REF.format(name=ErrorAnswer.__name__)}}},
}
"""The answer of every operation when something goes wrong."""


def document(about: About, routes: Sequence[Route[Any]]) -> dict[str, Any]:
    """The whole document."""
    shapes = [
        shape for route in routes for shape in (route.asks, route.query, route.gives) if shape is not None
    ]
    unique = list(dict.fromkeys([*shapes, ErrorAnswer]))
    schemas, components = msgspec.json.schema_components(unique, ref_template=REF)
    by_shape = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = paths.setdefault(about.root + route.path, {})
        path[route.method.lower()] = operation(about, route, by_shape, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Kidoku {about.name}", "version": kidoku.__version__, "description": about.text},
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": {**paths, **about.elsewhere},
        "components": {"schemas": components, "securitySchemes": about.keys},
        "security": about.security,
    }


def operation(
    about: About, route: Route[Any], by_shape: dict[Any, Any], components: dict[str, Any]
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [path_parameter(name) for name in NAMES.findall(route.path)],
        "responses": {"200": answer(about, route, by_shape), "default": ERROR},
    }
    if route.query is not None:
        made["parameters"] += query_parameters(by_shape[route.query], components)
    if route.asks is not None:
        made["requestBody"] = request_body(route, by_shape)
    elif route.file:
        made["requestBody"] = {"required": True, "content": {one: {} for one in route.file}}
    return made


def path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def query_parameters(schema: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    whole = components[schema["$ref"].rpartition("/")[2]]
    needed = whole.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": one}
        for name, one in whole["properties"].items()
    ]


def request_body(route: Route[Any], by_shape: dict[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": by_shape[route.asks]}}
    if route.form is not None:
        content["multipart/form-data"] = {"schema": route.form}
    return {"content": content}


def answer(about: About, route: Route[Any], by_shape: dict[Any, Any]) -> dict[str, Any]:
    schema = by_shape[route.gives] if route.gives is not None else {}
    return {
        "description": route.summary,
        "headers": {name: {"schema": {"type": "string"}} for name in about.headers},
        "content": {route.media: {"schema": schema}},
    }

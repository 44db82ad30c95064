"""Which routers make up the two doors, and how the API describes itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

import service.api.accounts
import service.api.after_event
import service.api.attachments
import service.api.attendees
import service.api.contracts
import service.api.directories
import service.api.door
import service.api.event_tables
import service.api.events
import service.api.feedback
import service.api.figures
import service.api.follow_ups
import service.api.invitations
import service.api.ledger
import service.api.match_quality
import service.api.matches
import service.api.me
import service.api.meetings
import service.api.organizations
import service.api.postings
import service.api.projects
import service.api.report
import service.api.search
import service.api.seatings
import service.api.tokens
import service.pages.account
import service.pages.account_invitations
import service.pages.accounts
import service.pages.admin
import service.pages.after_event
import service.pages.attachments
import service.pages.attendees
import service.pages.conflicts
import service.pages.contracts
import service.pages.door
import service.pages.event_letters
import service.pages.event_tables
import service.pages.events
import service.pages.facts
import service.pages.feedback
import service.pages.floor
import service.pages.follow_ups
import service.pages.gallery
import service.pages.incidents
import service.pages.invitations
import service.pages.ledger
import service.pages.match_quality
import service.pages.matches
import service.pages.meetings
import service.pages.organizations
import service.pages.overview
import service.pages.own_data
import service.pages.personal
import service.pages.postings
import service.pages.privacy
import service.pages.projects
import service.pages.report
import service.pages.scientists
import service.pages.search
import service.pages.seating_grid
import service.pages.seating_plans
import service.pages.sensitive_words
import service.pages.signing_in
import service.pages.single_sign_on
import service.pages.synonyms
import service.pages.table_talk
import service.pages.tokens
import service.pages.verification
import service.pages.workbench
from service.policy.routes import gate_of
from service.web.problems import Problem

API_ROUTERS: list[APIRouter] = [
    service.api.attachments.router,
    *service.api.feedback.routers,
    *service.api.postings.routers,
    service.api.matches.router,
    service.api.match_quality.router,
    service.api.attendees.router,
    service.api.event_tables.router,
    service.api.events.router,
    service.api.after_event.router,
    service.api.door.router,
    service.api.seatings.router,
    service.api.invitations.router,
    service.api.meetings.router,
    service.api.follow_ups.router,
    service.api.accounts.router,
    service.api.directories.router,
    service.api.organizations.router,
    service.api.projects.router,
    service.api.contracts.router,
    service.api.ledger.router,
    service.api.figures.router,
    service.api.report.router,
    service.api.search.router,
    service.api.tokens.router,
    service.api.me.router,
]

PAGE_ROUTERS: list[APIRouter] = [
    service.pages.attachments.router,
    service.pages.signing_in.router,
    service.pages.single_sign_on.router,
    service.pages.verification.router,
    service.pages.account.router,
    service.pages.tokens.router,
    service.pages.account_invitations.router,
    service.pages.accounts.router,
    *service.pages.feedback.routers,
    *service.pages.postings.routers,
    service.pages.matches.router,
    service.pages.match_quality.router,
    service.pages.door.router,
    service.pages.seating_plans.router,
    service.pages.seating_grid.router,
    service.pages.floor.router,
    service.pages.event_letters.router,
    service.pages.event_letters.papers,
    service.pages.event_tables.router,
    service.pages.attendees.router,
    service.pages.scientists.router,
    service.pages.table_talk.router,
    service.pages.events.router,
    service.pages.after_event.router,
    service.pages.invitations.router,
    service.pages.personal.router,
    service.pages.meetings.router,
    service.pages.follow_ups.router,
    service.pages.admin.router,
    *service.pages.facts.routers,
    service.pages.gallery.router,
    service.pages.organizations.router,
    service.pages.workbench.router,
    service.pages.overview.router,
    service.pages.contracts.router,
    service.pages.ledger.router,
    service.pages.projects.router,
    service.pages.report.router,
    service.pages.search.router,
    service.pages.sensitive_words.router,
    service.pages.synonyms.router,
    service.pages.conflicts.router,
    service.pages.privacy.router,
    service.pages.own_data.router,
    service.pages.incidents.router,
]


TOKENS = (
    "接口令牌，在“我的账号”里新建。权限范围 read、write 管全部，needs:read、events:write 等只管 /api/v1 后的第一个词；"
    "到期或收回后立即失效，不能用来管理令牌、登录、密码与动态口令。"
)


def _say_who_may_ask(app: FastAPI, paths: dict[str, Any]) -> None:
    """Name the token at every operation, as required where the policy lets nobody in without one."""
    for route in iter_route_contexts(app.routes):
        operations = paths.get((route.path or "").replace(":int}", "}"), {})
        for method in route.methods or ():
            gate = gate_of(method, route.path or "", "")
            if method.lower() in operations and gate is not None:
                operations[method.lower()]["security"] = [{"bearer": []}, *([{}] if gate.is_public else [])]


def describe(app: FastAPI) -> None:
    """Let the OpenAPI document name the problem details and the bearer token."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            components = schema.setdefault("components", {})
            models = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components.setdefault("schemas", {}).update(models.pop("$defs", {}))
            components["schemas"]["Problem"] = models
            components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "description": TOKENS}}
            _say_who_may_ask(app, schema["paths"])
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # FastAPI's documented way to extend the document

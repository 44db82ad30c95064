"""A real identity provider for the tests: Canaille, served on a port of its own, with its people and its clients."""

from __future__ import annotations

import datetime
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from canaille import create_app
from canaille.app.session import UserSession
from canaille.backends import Backend
from flask import g
from joserfc.jwk import RSAKey
from pytest_iam import Server

CLIENT_ID, CLIENT_SECRET = "woshou", "a secret between the two"
BACK = "http://testserver/login/sso/callback"


@dataclass
class Provider:
    """The running provider. ``methods`` is how its person signed in there, such as password and otp."""

    server: Server
    methods: list[str] = field(default_factory=lambda: ["password"])

    @property
    def issuer(self) -> str:
        """Its name, which is also where it answers."""
        return self.server.url.rstrip("/")

    def add_client(self, client_id: str = CLIENT_ID) -> None:
        """A program that may sign people in."""
        with self.server.app.app_context():
            client = self.server.models.Client(
                client_id=client_id,
                client_secret=CLIENT_SECRET,
                client_name=client_id,
                client_id_issued_at=datetime.datetime.now(datetime.UTC),
                redirect_uris=[BACK],
                grant_types=["authorization_code"],
                response_types=["code"],
                scope=["openid", "email", "profile"],
                token_endpoint_auth_method="client_secret_basic",
            )
            self.server.backend.save(client)
            client.audience = [client]
            self.server.backend.save(client)

    def add_person(self, email: str, *, verified: bool = True) -> Any:
        """Somebody who signs in there. The provider vouches for the address of those marked so."""
        with self.server.app.app_context():
            person = self.server.models.User(
                user_name=f"person-{uuid.uuid4().hex[:8]}",
                formatted_name="示例人员",
                family_name="示例",
                emails=[email],
                organization="verified" if verified else "unverified",
                password=str(uuid.uuid4()),
            )
            self.server.backend.save(person)
        self.server.consent(person)
        return person

    def visit(self, person: Any, location: str) -> str:
        """Sign in at ``location``; the address that the provider sends the browser back to."""
        self.server.logged_user = person
        try:
            answer = self.server.test_client.get(location)
        finally:
            self.server.logged_user = None
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def trade(self, code: str, code_verifier: str) -> dict[str, Any]:
        """What the provider gives a client for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": code_verifier,
        }
        answer = self.server.test_client.post("/oauth/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
        told: dict[str, Any] = answer.get_json()
        assert answer.status_code == 200, told
        return told


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serve a provider at a free port of this machine."""
    with socket.socket() as probe, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        key = RSAKey.generate_key(2048)
        key.ensure_kid()
        config = {
            "TESTING": True,
            "ENV_FILE": None,
            "SECRET_KEY": str(uuid.uuid4()),
            "WTF_CSRF_ENABLED": False,
            "PREFERRED_URL_SCHEME": "http",
            "SERVER_NAME": f"localhost:{port}",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "LOGGING": _QUIET},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
        app = create_app(config=config, env_file=None, env_prefix="NO_SUCH_PREFIX_")
        app.config["CANAILLE_OIDC"]["USERINFO_MAPPING"]["EMAIL_VERIFIED"] = (
            "{% if user.organization == 'verified' %}true{% endif %}"
        )
        patch.setattr(Backend.instance, "query", _exactly(Backend.instance.query))
        server = Server(app, port, Backend.instance)
        provider = Provider(server)

        @app.before_request
        def signed_in() -> None:
            if server.logged_user is not None:
                moment = datetime.datetime.now(datetime.UTC)
                g.session = UserSession(server.logged_user, moment, list(provider.methods))

        thread = threading.Thread(target=server.httpd.serve_forever)
        thread.start()
        try:
            provider.add_client()
            yield provider
        finally:
            server.httpd.shutdown()
            thread.join(timeout=30)
            server.httpd.server_close()


def _exactly(query: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """The provider's store in memory finds codes that are not the one asked for; only those that are count."""

    def asked(model: Any, **wanted: Any) -> list[Any]:
        texts = {name: value for name, value in wanted.items() if name == "code"}
        return [row for row in query(model, **wanted) if all(getattr(row, name) == texts[name] for name in texts)]

    return asked


_QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"canaille": {"class": "logging.NullHandler"}},
    "loggers": {"canaille": {"level": "ERROR", "handlers": ["canaille"]}},
}


def query_of(address: str) -> dict[str, str]:
    """The query of an address, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

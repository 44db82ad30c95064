"""The identity provider of single sign-on (OpenID Connect Core 1.0): found, asked and believed only so far.

Everything is asked of the issuer's own host, over HTTPS unless the issuer is this machine itself, without redirects,
within seconds and up to a size. What it says of a person counts once signature, issuer, audience, times and nonce hold.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256, sha384, sha512
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.config import Settings
from service.errors import Forbidden, Unavailable

SECONDS = 5.0
MOST_BYTES = 256 * 1024
CLOCK_SKEW_SECONDS = 60
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a key pair; never ``none``, never one made with the client's own secret."""
SECOND_FACTOR_CONTEXTS = frozenset({"phr", "phrh", "https://refeds.org/profile/mfa"})
"""Values of ``acr`` that mean more than a password (OpenID EAP ACR Values 1.0, REFEDS MFA Profile)."""
_HASHES = {"256": sha256, "384": sha384, "512": sha512}
AWAY = "统一身份认证暂时没有正常应答，请稍后再试，或改用密码登录；如一直如此，请告知系统管理员。"
NOT_BELIEVED = "统一身份认证的应答没有通过核对，本次没有登录。请回到登录页重新开始。"


@dataclass(frozen=True)
class Provider:
    """Where the provider answers; addresses as it names them itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool
    """Whether it says in each answer who it is (RFC 9207)."""


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for. ``email`` is empty unless the provider verified it."""

    issuer: str
    subject: str
    email: str
    second_factor: bool


def is_offered(settings: Settings) -> bool:
    """Whether single sign-on is set up."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def discover(settings: Settings) -> Provider:
    """Where the issuer answers (OpenID Connect Discovery 1.0). Raises Unavailable when it does not say, or misleads."""
    told = _ask(settings, "GET", f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
    names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    found = {name: told.get(name) for name in names}
    if not all(isinstance(value, str) for value in found.values()) or found["issuer"] != settings.oidc_issuer:
        raise Unavailable(AWAY)
    userinfo = told.get("userinfo_endpoint") or ""
    for address in (*list(found.values())[1:], *([userinfo] if userinfo else [])):
        _check_address(settings, str(address))
    return Provider(
        **{name: str(value) for name, value in found.items()},
        userinfo_endpoint=str(userinfo),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def address_to_visit(
    settings: Settings, provider: Provider, *, redirect_uri: str, state: str, nonce: str, code_verifier: str
) -> str:
    """Where the browser goes to sign in: authorization code flow with PKCE (RFC 7636, S256)."""
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(code_verifier),
        "code_challenge_method": "S256",
    }
    return str(add_params_to_uri(provider.authorization_endpoint, list(asked.items())))


def person_of(
    settings: Settings, provider: Provider, *, code: str, redirect_uri: str, nonce: str, code_verifier: str, now: int
) -> Person:
    """Trade the code for who signed in. ``now``: seconds since 1970.

    Raises Unavailable when the provider does not answer, Forbidden when it refuses or its answer does not hold.
    """
    answer = _ask(
        settings,
        "POST",
        provider.token_endpoint,
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
        },
        auth=httpx.BasicAuth(settings.oidc_client_id, settings.oidc_client_secret),
    )
    keys = _ask(settings, "GET", provider.jwks_uri)
    access_token = answer.get("access_token")
    claims = believed(settings, answer.get("id_token"), keys, nonce=nonce, access_token=access_token, now=now)
    told = claims
    if "email" not in claims and provider.userinfo_endpoint and isinstance(access_token, str):
        bearer = {"Authorization": f"Bearer {access_token}"}
        told = _ask(settings, "GET", provider.userinfo_endpoint, headers=bearer)
        if told.get("sub") != claims["sub"]:
            raise Forbidden(NOT_BELIEVED)
    return Person(provider.issuer, claims["sub"], _verified_email(told), _showed_second_factor(claims))


def believed(
    settings: Settings, id_token: Any, keys: Mapping[str, Any], *, nonce: str, access_token: Any, now: int
) -> dict[str, Any]:
    """The claims of an ID token that passes every check of OpenID Connect Core 1.0 §3.1.3.7. Raises Forbidden."""
    client = settings.oidc_client_id
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        token = jwt.decode(str(id_token), KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type] # a set of keys as JSON
        registry.validate(token.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Forbidden(NOT_BELIEVED) from error
    claims = dict(token.claims)
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    parties = [claims.get("azp")] if len(audience) > 1 or "azp" in claims else []
    if not claims["sub"] or len(claims["sub"]) > 200 or any(party != client for party in parties):
        raise Forbidden(NOT_BELIEVED)
    if "at_hash" in claims and not _belongs(str(claims["at_hash"]), str(access_token), str(token.header["alg"])):
        raise Forbidden(NOT_BELIEVED)
    return claims


def _belongs(at_hash: str, access_token: str, algorithm: str) -> bool:
    """Whether the access token is the one the ID token was given with (§3.1.3.6)."""
    made = _HASHES.get(algorithm[-3:], sha512)(access_token.encode()).digest()
    half = urlsafe_b64encode(made[: len(made) // 2]).rstrip(b"=").decode()
    return hmac.compare_digest(half, at_hash)


def _verified_email(told: Mapping[str, Any]) -> str:
    """Some providers write the truth value as text."""
    verified = told.get("email_verified") in (True, "true", "True")
    email = told.get("email")
    return email.strip().lower() if verified and isinstance(email, str) else ""


def _showed_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for more than a password (RFC 8176)."""
    methods = claims.get("amr")
    return (isinstance(methods, list) and "mfa" in methods) or claims.get("acr") in SECOND_FACTOR_CONTEXTS


def _check_address(settings: Settings, address: str) -> None:
    """Raises Unavailable unless the address is the issuer's own host and port, over HTTPS or on this machine."""
    issuer, asked = urlsplit(settings.oidc_issuer), urlsplit(address)
    secure = asked.scheme == "https" or (asked.scheme == "http" and issuer.hostname in LOOPBACK)
    own = (asked.scheme, asked.netloc) == (issuer.scheme, issuer.netloc)
    if not (secure and own and asked.hostname) or asked.username is not None:
        raise Unavailable(AWAY)


def _ask(settings: Settings, method: str, address: str, **options: Any) -> dict[str, Any]:
    """The JSON object the provider answers with. Raises Unavailable, or Forbidden when it refuses what was asked."""
    _check_address(settings, address)
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, **options) as answer,
        ):
            if answer.status_code in (400, 401, 403) and method == "POST":
                raise Forbidden(NOT_BELIEVED)
            if answer.status_code != 200:
                raise Unavailable(AWAY)
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise Unavailable(AWAY)
        told = httpx.Response(200, content=body).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Unavailable(AWAY) from error
    if not isinstance(told, dict):
        raise Unavailable(AWAY)
    return told

"""Wherever an address may say where to go next, no way of writing another host leads there."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest

from models import HandshakeEventState
from tests.factories import PASSWORD
from tests.trust.asking import Answer
from tests.trust.people import HERE
from tests.trust.standing import Standing

OPEN = HandshakeEventState.OPEN
EVIL = "evil.example"
PLAIN = (
    "//{e}", "///{e}", "////{e}", "/\\{e}", "\\\\{e}", "\\/{e}", "/\\/{e}", "//\\{e}", "/\\\\{e}", "https:{e}",
    "https:/{e}", "https://{e}", "http://{e}", "HTTPS://{e}", "hTtP:\\\\{e}", "https:\\{e}", "ftp://{e}",
    "//{e}/needs", "//{e}%2fneeds", "/%2f{e}", "/%5c{e}", "%2f%2f{e}", "%2F%2F{e}", "/%09/{e}", "/\t/{e}",
    "/\n/{e}", "/\r/{e}", "\t//{e}", "\n//{e}", " //{e}", "//{e} ", "/ /{e}", "/\u00a0/{e}", "/\u2028/{e}",
    "/\u2029/{e}", "/\u200b/{e}", "/\ufeff/{e}", "/\u3000/{e}", "\u2044\u2044{e}", "\uff0f\uff0f{e}", "/\uff0f{e}",
    "\u2215\u2215{e}", "//\uff45vil.example", "//{e}:80", "//user@{e}", "//localhost@{e}", "https://testserver@{e}",
    "https://testserver.{e}", "//testserver.{e}", "//{e}#testserver", "//{e}?testserver", "//{e}/testserver",
    "https://{e}/.testserver", "//[::1]@{e}", "//{e}\\@testserver", "/./\\{e}", "/../\\{e}",
    "/needs\r\nLocation: https://{e}", "/needs%0d%0aLocation:%20https://{e}", "\x00//{e}", "/\x00/{e}", "/\x0b/{e}",
    "/\x0c/{e}", "/\x1f/{e}", "javascript:location='//{e}'", "JaVaScRiPt://{e}/%0aalert(1)", "data:text/html,{e}",
    "vbscript://{e}", "java\tscript:alert(1)", "blob:https://{e}", "file://{e}/etc", "mailto:a@{e}", "//0x7f.1",
    "//2130706433", "///{e}//", "//{e}//..", ".//{e}", "..//{e}", "{e}", "www.{e}", "?next=//{e}", "#//{e}", "@{e}",
    ":@{e}", "://{e}", ";//{e}", ",//{e}", "'//{e}", "\"//{e}", "<//{e}", "//{e};", "/;//{e}", "//;@{e}",
    "https:///{e}", "https:////{e}", "http:/\\{e}", "http:\\/{e}", "https:\t//{e}", "ht\ntps://{e}",
    "//\u0435vil.example", "//xn--vil-5cd.example", "//evil\u3002example", "//evil\uff0eexample",
    "//evil%E3%80%82example", "%68ttps://{e}", "/%5C%5C{e}", "/%255c{e}", "/%252f{e}",
)  # fmt: skip
TARGETS = [one.replace("{e}", EVIL) for one in PLAIN]


def _host(answer: Answer) -> str:
    """Where a browser goes from a page of ours, as the URL standard reads the header; "" when it stays."""
    where = "".join(sign for sign in answer.headers.get("location", "/") if sign not in "\t\r\n").strip("\x00\x1f ")
    found = urlsplit(urljoin("http://testserver/login", where.replace("\\", "/")))
    stays = found.netloc in ("", "testserver") and found.scheme in ("", "http")
    return "" if stays else where


def _signing_in(standing: Standing, target: str) -> Answer:
    account = standing.world.accounts["ENTERPRISE"]
    fields = {"email": account.email, "password": PASSWORD, "next": target}
    return standing.at_door["anonymous"].form("/login", fields)


def _writing(standing: Standing, target: str) -> Answer:
    officer = standing.at_door["ORGANIZER here"]
    invitation = next(
        one
        for one in standing.world.of("Invitation")
        if one.region == HERE and one.part("HandshakeEvent").state is OPEN
    )
    version = officer.get(f"/api/v1/invitations/{invitation.id}").json["version"]
    return officer.form(f"/invitations/{invitation.id}/seats", {"seats": 1, "version": version, "back": target})


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", [_signing_in, _writing])
def test_no_target_leads_to_another_host(standing: Standing, way: Callable[[Standing, str], Answer]) -> None:
    answers = {target: way(standing, target) for target in TARGETS}

    gone = {target: answer.headers["location"] for target, answer in answers.items() if _host(answer)}
    print(f"targets: {len(TARGETS)}, led elsewhere: {len(gone)}")
    assert {answer.status for answer in answers.values()} == {303}
    assert gone == {}
    assert len(set(TARGETS)) >= 100
    assert way(standing, "/needs?q=1").headers["location"].startswith("/needs?q=1")


@pytest.mark.parametrize("standing", ["sqlite"], indirect=True)
def test_a_target_in_an_address_is_kept_for_the_form_alone(standing: Standing) -> None:
    for target in TARGETS:
        answer = standing.at_door["anonymous"].get(f"/login?next={target}".replace("#", "%23"))
        assert answer.status in (200, 404)
        assert "location" not in answer.headers
        assert not re.search(rf"""(href|action|src)=["'][^"']*{EVIL}""", answer.text)


def test_the_reading_of_a_header_knows_what_leads_away() -> None:
    away = ("//evil.example", "/\\evil.example", "/\t/evil.example", "https:evil.example", "javascript:alert(1)")

    assert [where for where in away if not _host(Answer(303, {"location": where}, b""))] == []
    assert _host(Answer(303, {"location": "/needs?q=//evil.example"}, b"")) == ""

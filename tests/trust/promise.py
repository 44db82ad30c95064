"""What is promised of every address, written by hand: who may come in, how far their word reaches, about which record.

A heading says who, by letter: E 企业, I 科研院所, B 经纪人, O 组织方, L 领导, A 系统管理员, S 安全管理员, U 审计员, X
本单位账号管理员; ``all`` is everybody and ``members`` whoever is signed in. After a letter stands how far: ``own`` the
records of one's own organization, ``region`` those of one's region, ``author`` one's own organization's and what one
wrote for another; nothing: all. After ``of`` stands the kind of record that the first number names. An address that is
added to the service is added here, or the tests fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TABLE = """
# all
GET / /search /search/suggest /organizations /organizations.{} /api/v1/search /api/v1/organizations
GET /facts /facts/indicators /facts/indicators.{} /facts/indicators/{} /facts/key-technologies
GET /facts/key-technologies.{} /facts/key-technologies/{} /facts/programmes /facts/programmes.{} /facts/programmes/{}
GET /facts/sources/{} /facts/sources/{}.{} /facts/taxonomies/{} /api/v1/categories /api/v1/regions
GET /gallery /healthz /readyz /static /door-worker.js /w/{} /t/{} /api/openapi.json /privacy /privacy/{}
GET /t/{}/talks/{}/outcome /i/{}/talks/{}/outcome
POST /t/{}/talks/{}/outcome /i/{}/talks/{}/outcome
GET /setup /login /login/second-factor /login/sso/callback /forgot /reset /join/{}
GET /i/{} /i/{}/event.ics /i/{}/replace /i/{}/wishes
POST /i/{}/reply /i/{}/replace /i/{}/wishes /i/{}/feedback
POST /setup /login /login/second-factor /login/sso /logout /demo/enter/{} /forgot /reset /join/{}
GET /needs /needs.{} /achievements /achievements.{} /api/v1/needs /api/v1/achievements
GET /matches /matches.{} /api/v1/matches /events /events.{}

# all of Organization
GET /organizations/{} /api/v1/organizations/{}
# all of Need
GET /needs/{} /needs/{}/matches /api/v1/needs/{}
# all of Achievement
GET /achievements/{} /achievements/{}/matches /api/v1/achievements/{}
# all of Match
GET /matches/{} /matches/{}/against /matches/{}/against/{}
GET /api/v1/matches/{} /api/v1/matches/{}/against /api/v1/matches/{}/against/{}

# members
GET /workbench /account /account/email /account/password /account/second-factor /account/tokens /searches
POST /account/email/change /account/email/code /account/email/prove /account/password
POST /account/second-factor/begin /account/second-factor/codes /account/second-factor/confirm
POST /account/second-factor/stop /account/sessions/end-others /account/sessions/{}/end /account/devices/{}/forget
POST /account/tokens /account/tokens/{}/revoke /searches /api/v1/searches /api/v1/tokens
GET /api/v1/session /api/v1/sessions /api/v1/tokens /api/v1/searches
DELETE /api/v1/sessions /api/v1/sessions/{} /api/v1/tokens/{}
GET /invitations /invitations.{} /meetings /meetings.{} /projects /projects.{} /contracts /contracts.{} /ledger
GET /ledger.{} /matches/run /api/v1/events /api/v1/invitations /api/v1/meetings /api/v1/projects /api/v1/contracts
GET /api/v1/entries /api/v1/figures /follow-ups /follow-ups.{} /api/v1/follow-ups
GET /account/confirm /account/data /account/data.{} /api/v1/me/data /api/v1/me/consents
POST /account/confirm /account/data/ask /account/data/close /account/data/consent /account/data/withdraw
POST /account/data/name /account/data/recommendations /api/v1/me/consents /api/v1/me/requests
DELETE /api/v1/me/consents/{}
# members of SavedSearch
GET /searches/{}/edit /api/v1/searches/{}
POST /searches/{}/edit /searches/{}/seen /searches/{}/delete /api/v1/searches/{}/seen
PUT /api/v1/searches/{}
DELETE /api/v1/searches/{}
# members of HandshakeEvent
GET /events/{} /api/v1/events/{} /api/v1/events/{}/programme /events/{}/grid /events/{}/network
GET /events/{}/minutes.docx /api/v1/events/{}/minutes
# members of Invitation
GET /invitations/{} /api/v1/invitations/{}
# O:region B L A U of HandshakeEvent
GET /events/{}/after /api/v1/events/{}/after
# members of Meeting
GET /meetings/{}/notes.docx
GET /meetings/{} /api/v1/meetings/{} /api/v1/meetings/{}/opinions
# members of FollowUp
GET /follow-ups/{} /api/v1/follow-ups/{}
# members of Project
GET /projects/{} /api/v1/projects/{}
# members of Contract
GET /api/v1/contracts/{}
# members of InvestmentEntry
GET /api/v1/entries/{}

# E I O B L
GET /needs/feedback /needs/feedback.{} /achievements/feedback /achievements/feedback.{}
GET /api/v1/needs/feedback /api/v1/achievements/feedback
# E O B
GET /needs/new
POST /needs/new /needs/assist /api/v1/needs /api/v1/needs/assist
# E I O B
GET /achievements/new
POST /achievements/new /achievements/assist /api/v1/achievements /api/v1/achievements/assist
# E:own I:own O:author B:author of Need
GET /needs/{}/edit
POST /needs/{}/edit /needs/{}/submit /needs/{}/withdraw /api/v1/needs/{}/submit /api/v1/needs/{}/withdraw
PUT /api/v1/needs/{}
# E:own I:own O:author B:author of Achievement
GET /achievements/{}/edit
POST /achievements/{}/edit /achievements/{}/submit /achievements/{}/withdraw
POST /api/v1/achievements/{}/submit /api/v1/achievements/{}/withdraw
PUT /api/v1/achievements/{}
# O:region of Need
POST /needs/{}/return /needs/{}/publish /needs/{}/take-down
POST /api/v1/needs/{}/return /api/v1/needs/{}/publish /api/v1/needs/{}/take-down
# O:region of Achievement
POST /achievements/{}/return /achievements/{}/publish /achievements/{}/take-down
POST /api/v1/achievements/{}/return /api/v1/achievements/{}/publish /api/v1/achievements/{}/take-down
# E:own I:own O:region of Need
POST /needs/{}/win /api/v1/needs/{}/win
# E:own I:own O:region of Achievement
POST /achievements/{}/win /api/v1/achievements/{}/win

# O:region B of Match
POST /matches/{}/shortlist /matches/{}/introduce
POST /api/v1/matches/{}/shortlist /api/v1/matches/{}/introduce
# E:own I:own O:region B of Match
POST /matches/{}/dismiss /api/v1/matches/{}/dismiss /matches/{}/restore /api/v1/matches/{}/restore
# E:own I:own of Match
POST /matches/{}/answer /api/v1/matches/{}/answer

# O
GET /events/new
POST /events/new /api/v1/events
# O:region B L A U of HandshakeEvent
GET /events/{}/floor /events/{}/wall /events/{}/tables/cards /events/{}/tables/{}/card /events/{}/programme
# O:region of HandshakeEvent
GET /events/{}/edit /events/{}/invite /events/{}/seat /api/v1/events/{}/candidates /api/v1/events/{}/invitees
POST /events/{}/edit /events/{}/invite /events/{}/seat /api/v1/events/{}/invitations /api/v1/events/{}/meetings
POST /events/{}/open /events/{}/schedule /events/{}/reopen /events/{}/hold /events/{}/archive /events/{}/cancel
POST /api/v1/events/{}/open /api/v1/events/{}/schedule /api/v1/events/{}/reopen /api/v1/events/{}/hold
POST /api/v1/events/{}/archive /api/v1/events/{}/cancel
GET /events/{}/plans /events/{}/plans/{} /api/v1/events/{}/plans /api/v1/events/{}/plans/{}
GET /api/v1/events/{}/seating-problem
POST /events/{}/plans /events/{}/plans/{}/apply /events/{}/plans/{}/repair /events/{}/grid
POST /api/v1/events/{}/plans /api/v1/events/{}/plans/{}/apply /api/v1/events/{}/plans/{}/repair
POST /api/v1/events/{}/seating-cost /api/v1/events/{}/rearrange
GET /events/{}/door /events/{}/walk-in /events/{}/badges
POST /events/{}/door /events/{}/door/places /events/{}/walk-in /events/{}/fill-in /api/v1/events/{}/door-notes
PUT /api/v1/events/{}
# O:region B L of HandshakeEvent
GET /events/{}/attendees /api/v1/events/{}/attendees
# O:region of HandshakeEvent
GET /events/{}/letters /events/{}/letters.{} /events/{}/tables /events/{}/tables/{} /api/v1/events/{}/letters
GET /api/v1/events/{}/further-invitees
POST /events/{}/letters/send /events/{}/letters/remind /events/{}/letters/{}/copied /events/{}/tables/{}
POST /events/{}/tables/{}/remove /api/v1/events/{}/letters/send /api/v1/events/{}/letters/remind
POST /api/v1/events/{}/letters/{}/copied
PUT /api/v1/events/{}/tables/{}
DELETE /api/v1/events/{}/tables/{}
# members of HandshakeEvent
GET /api/v1/events/{}/tables
# E:own I:own B:own O:region of Invitation
POST /invitations/{}/answer /api/v1/invitations/{}/answer
GET /invitations/{}/attendees/new /invitations/{}/wishes /api/v1/invitations/{}/attendees
GET /api/v1/invitations/{}/wishes
POST /invitations/{}/attendees/new /invitations/{}/wishes /api/v1/invitations/{}/attendees
POST /api/v1/invitations/{}/wishes
# E:own I:own B:own O:region of Attendee
GET /attendees/{} /attendees/{}/edit /attendees/{}/replace /api/v1/attendees/{}
POST /attendees/{}/edit /attendees/{}/replace /attendees/{}/answer /attendees/{}/link
POST /api/v1/attendees/{}/answer /api/v1/attendees/{}/reply /api/v1/attendees/{}/replace /api/v1/attendees/{}/link
PUT /api/v1/attendees/{}
# I:own O of Organization
GET /organizations/{}/scientists /organizations/{}/scientists/new /api/v1/organizations/{}/scientists
POST /organizations/{}/scientists/new /api/v1/organizations/{}/scientists
# I:own O of Scientist
GET /scientists/{}/edit
POST /scientists/{}/edit
PUT /api/v1/scientists/{}
# O:region of Invitation
POST /invitations/{}/seats /invitations/{}/check-in /invitations/{}/no-show /invitations/{}/lapse
POST /api/v1/invitations/{}/seats /api/v1/invitations/{}/check-in /api/v1/invitations/{}/no-show
POST /api/v1/invitations/{}/lapse
# E:own I:own O:region B of Meeting
POST /meetings/{}/outcome /meetings/{}/next-step /meetings/{}/not-held /meetings/{}/opinion
POST /api/v1/meetings/{}/opinion /api/v1/meetings/{}/outcome /api/v1/meetings/{}/next-step /api/v1/meetings/{}/not-held
# E:own I:own O:region B of FollowUp
POST /follow-ups/{}/done /follow-ups/{}/drop /follow-ups/{}/reopen /follow-ups/{}/change
POST /api/v1/follow-ups/{}/done /api/v1/follow-ups/{}/drop /api/v1/follow-ups/{}/reopen /api/v1/follow-ups/{}/change
# O:region of Meeting
POST /meetings/{}/move /meetings/{}/confirm /meetings/{}/cancel /meetings/{}/lock /meetings/{}/unlock
POST /api/v1/meetings/{}/lock /api/v1/meetings/{}/unlock
POST /api/v1/meetings/{}/move /api/v1/meetings/{}/confirm /api/v1/meetings/{}/cancel

# O B
GET /projects/new
POST /projects/new /api/v1/projects
# O:region B of Project
GET /projects/{}/edit /projects/{}/parties/new /projects/{}/contracts/new /projects/{}/entries/new
POST /projects/{}/edit /projects/{}/parties/new /projects/{}/parties/{}/remove /projects/{}/contract
POST /projects/{}/start /projects/{}/accept /projects/{}/terminate /projects/{}/contracts/new
POST /projects/{}/entries/new /api/v1/projects/{}/accept /api/v1/projects/{}/contract /api/v1/projects/{}/contracts
POST /api/v1/projects/{}/entries /api/v1/projects/{}/parties /api/v1/projects/{}/parties/{}/remove
POST /api/v1/projects/{}/start /api/v1/projects/{}/terminate
PUT /api/v1/projects/{}
# O:region B of Contract
GET /contracts/{}/edit
POST /contracts/{}/edit
PUT /api/v1/contracts/{}
# O:region B of InvestmentEntry
GET /ledger/{}/reverse
POST /ledger/{}/reverse /api/v1/entries/{}/reverse
# members of Need
GET /needs/{}/attachments /api/v1/needs/{}/attachments
# members of Achievement
GET /achievements/{}/attachments /api/v1/achievements/{}/attachments
# members of Meeting
GET /meetings/{}/attachments /api/v1/meetings/{}/attachments
# members of Project
GET /projects/{}/attachments /api/v1/projects/{}/attachments
# members of Contract
GET /contracts/{}/attachments /api/v1/contracts/{}/attachments
# members of InvestmentEntry
GET /ledger/{}/attachments /api/v1/entries/{}/attachments
# E:own I:own O:author B:author of Need
POST /needs/{}/attachments /api/v1/needs/{}/attachments
# E:own I:own O:author B:author of Achievement
POST /achievements/{}/attachments /api/v1/achievements/{}/attachments
# E:own I:own O:region B of Meeting
POST /meetings/{}/attachments /api/v1/meetings/{}/attachments
# O:region B of Project
POST /projects/{}/attachments /api/v1/projects/{}/attachments
# O:region B of Contract
POST /contracts/{}/attachments /api/v1/contracts/{}/attachments
# O:region B of InvestmentEntry
POST /ledger/{}/attachments /api/v1/entries/{}/attachments
# members of Attachment
GET /attachments/{} /api/v1/attachments/{} /api/v1/attachments/{}/content
# E:own I:own O:region B of Attachment
POST /attachments/{}/remove
DELETE /api/v1/attachments/{}

# O B L U A
GET /report /report.{} /api/v1/report /api/v1/figures/funnel

# A O
GET /organizations/new
POST /organizations/new /api/v1/organizations
# A O of Organization
GET /organizations/{}/edit
POST /organizations/{}/edit
PUT /api/v1/organizations/{}
# S O of Organization
GET /organizations/{}/conflicts
POST /organizations/{}/conflicts/tie /organizations/{}/conflicts/blacklist
# S O of OrganizationTie
POST /ties/{}/remove
# S O of BlacklistEntry
POST /blacklist/{}/lift

# A X
GET /account-invitations /account-invitations/new
POST /account-invitations/new /api/v1/account-invitations
# A X:own of AccountInvitation
POST /account-invitations/{}/revoke /account-invitations/{}/send-again
POST /api/v1/account-invitations/{}/revoke /api/v1/account-invitations/{}/send-again
# X
GET /colleagues /api/v1/colleagues
# A S X:own of Account
GET /accounts/{}
POST /accounts/{}/code /accounts/{}/organization-admin /accounts/{}/switch /accounts/{}/unlock
POST /api/v1/accounts/{}/organization-admin /api/v1/accounts/{}/switch /api/v1/accounts/{}/unlock
# S of Account
POST /accounts/{}/approve /accounts/{}/reset-second-factor
POST /api/v1/accounts/{}/approve /api/v1/accounts/{}/reset-second-factor
# A of Account
POST /accounts/{}/role /api/v1/accounts/{}/role
# A S
GET /admin/accounts /admin/accounts.{} /api/v1/accounts /admin/privacy
POST /admin/privacy
# A
GET /admin/accounts/new /admin /admin/jobs /admin/jobs.{} /admin/synonyms /admin/synonyms.{} /admin/synonyms/new
GET /quality/weights
POST /admin/accounts/new /api/v1/accounts /admin/demo/remove /admin/jobs/{}/retry /admin/synonyms/new /quality/learn
POST /quality/weights /quality/weights/shipped /quality/weights/try /quality/weights/{}/activate
POST /api/v1/quality/learn /api/v1/quality/trial /api/v1/quality/weights /api/v1/quality/weights/shipped
POST /api/v1/quality/weights/{}/activate
# A of Synonym
GET /admin/synonyms/{}/edit
POST /admin/synonyms/{}/edit
# A U
GET /admin/audit /admin/audit.{}
# S
GET /admin/sensitive-words /admin/sensitive-words.{} /admin/sensitive-words/new
POST /admin/sensitive-words/new
GET /admin/privacy-requests /admin/privacy-requests.{} /admin/incidents /admin/incidents.{} /admin/incidents/new
POST /admin/incidents/new
# S of PersonalDataRequest
GET /admin/privacy-requests/{}
POST /admin/privacy-requests/{}
# S of DataIncident
GET /admin/incidents/{}/edit /admin/incidents/{}/affected /admin/incidents/{}/affected.{}
POST /admin/incidents/{}/edit
# S of SensitiveWord
GET /admin/sensitive-words/{}/edit
POST /admin/sensitive-words/{}/edit
# A O B
POST /admin/matching
# A O L
GET /quality /api/v1/quality /api/v1/quality/weights
"""


@dataclass(frozen=True)
class Promise:
    """One address: letter → how far ("" everywhere); ``all`` and ``members`` stand for themselves."""

    method: str
    path: str
    who: dict[str, str]
    kind: str


def bare(path: str) -> str:
    """An address with its placeholders left unnamed."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _read(table: str) -> dict[tuple[str, str], Promise]:
    promises: dict[tuple[str, str], Promise] = {}
    who: dict[str, str] = {}
    kind = ""
    for line in filter(None, table.splitlines()):
        if line.startswith("# "):
            letters, _, kind = line[2:].partition(" of ")
            who = {one.partition(":")[0]: one.partition(":")[2] for one in letters.split()}
            continue
        method, *paths = line.split()
        for path in paths:
            if (method, path) in promises:
                raise ValueError(f"promised twice: {method} {path}")
            promises[method, path] = Promise(method, path, who, kind)
    return promises


PROMISES = _read(TABLE)

"""What each address of the programs' door takes. See ``routes`` for how to read it."""

from __future__ import annotations

API = """
GET    /api/v1/needs                                           public
POST   /api/v1/needs                                           create_need
POST   /api/v1/needs/assist                                    create_need
GET    /api/v1/needs/feedback                                  read_feedback
GET    /api/v1/achievements/feedback                           read_feedback
GET    /api/v1/needs/{posting_id:int}                          public                            Need
PUT    /api/v1/needs/{posting_id:int}                          edit_posting                      Need
POST   /api/v1/needs/{posting_id:int}/submit                   submit_posting                    Need
POST   /api/v1/needs/{posting_id:int}/withdraw                 withdraw_posting                  Need
POST   /api/v1/needs/{posting_id:int}/return                   review_posting                    Need
POST   /api/v1/needs/{posting_id:int}/publish                  review_posting                    Need
POST   /api/v1/needs/{posting_id:int}/take-down                take_down_posting                 Need
POST   /api/v1/needs/{posting_id:int}/win                      close_posting                     Need
GET    /api/v1/achievements                                    public
POST   /api/v1/achievements                                    create_achievement
POST   /api/v1/achievements/assist                             create_achievement
GET    /api/v1/achievements/{posting_id:int}                   public                            Achievement
PUT    /api/v1/achievements/{posting_id:int}                   edit_posting                      Achievement
POST   /api/v1/achievements/{posting_id:int}/submit            submit_posting                    Achievement
POST   /api/v1/achievements/{posting_id:int}/withdraw          withdraw_posting                  Achievement
POST   /api/v1/achievements/{posting_id:int}/return            review_posting                    Achievement
POST   /api/v1/achievements/{posting_id:int}/publish           review_posting                    Achievement
POST   /api/v1/achievements/{posting_id:int}/take-down         take_down_posting                 Achievement
POST   /api/v1/achievements/{posting_id:int}/win               close_posting                     Achievement
GET    /api/openapi.json                                       public
GET    /api/v1/search                                          public
GET    /api/v1/categories                                      public
GET    /api/v1/regions                                         public
GET    /api/v1/organizations                                   public
POST   /api/v1/organizations                                   manage_organizations
GET    /api/v1/organizations/{organization_id}                 public                            Organization
PUT    /api/v1/organizations/{organization_id}                 manage_organizations              Organization
GET    /api/v1/matches                                         public
GET    /api/v1/matches/{match_id}                              public                            Match
GET    /api/v1/matches/{match_id}/against                      public                            Match
GET    /api/v1/matches/{match_id}/against/{other_id}           public                            Match
POST   /api/v1/matches/{match_id}/answer                       answer_match                      Match
POST   /api/v1/matches/{match_id}/dismiss                      dismiss_match                     Match
POST   /api/v1/matches/{match_id}/introduce                    introduce_match                   Match
POST   /api/v1/matches/{match_id}/restore                      shortlist_match|dismiss_match     Match
POST   /api/v1/matches/{match_id}/shortlist                    shortlist_match                   Match
GET    /api/v1/events                                          read_figures
POST   /api/v1/events                                          plan_event
GET    /api/v1/events/{event_id}                               read_figures                      HandshakeEvent
PUT    /api/v1/events/{event_id}                               plan_event                        HandshakeEvent
POST   /api/v1/events/{event_id}/archive                       plan_event                        HandshakeEvent
POST   /api/v1/events/{event_id}/cancel                        plan_event                        HandshakeEvent
GET    /api/v1/events/{event_id}/attendees                     see_attendees                     HandshakeEvent
GET    /api/v1/events/{event_id}/letters                       invite                            HandshakeEvent
POST   /api/v1/events/{event_id}/letters/send                  invite                            HandshakeEvent
POST   /api/v1/events/{event_id}/letters/remind                invite                            HandshakeEvent
POST   /api/v1/events/{event_id}/letters/{letter_id}/copied    invite                            HandshakeEvent
GET    /api/v1/events/{event_id}/tables                        read_figures                      HandshakeEvent
PUT    /api/v1/events/{event_id}/tables/{number}               plan_event                        HandshakeEvent
DELETE /api/v1/events/{event_id}/tables/{number}               plan_event                        HandshakeEvent
GET    /api/v1/invitations/{invitation_id}/attendees           answer_invitation                 Invitation
POST   /api/v1/invitations/{invitation_id}/attendees           answer_invitation                 Invitation
GET    /api/v1/invitations/{invitation_id}/wishes              answer_invitation                 Invitation
POST   /api/v1/invitations/{invitation_id}/wishes              answer_invitation                 Invitation
GET    /api/v1/attendees/{attendee_id}                         answer_invitation                 Attendee
PUT    /api/v1/attendees/{attendee_id}                         answer_invitation                 Attendee
POST   /api/v1/attendees/{attendee_id}/answer                  answer_invitation                 Attendee
POST   /api/v1/attendees/{attendee_id}/reply                   answer_invitation                 Attendee
POST   /api/v1/attendees/{attendee_id}/replace                 answer_invitation                 Attendee
POST   /api/v1/attendees/{attendee_id}/link                    answer_invitation                 Attendee
GET    /api/v1/organizations/{organization_id}/scientists      keep_scientists                   Employer
POST   /api/v1/organizations/{organization_id}/scientists      keep_scientists                   Employer
PUT    /api/v1/scientists/{scientist_id}                       keep_scientists                   Scientist
GET    /api/v1/events/{event_id}/candidates                    seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/door-notes                    check_in                          HandshakeEvent
GET    /api/v1/events/{event_id}/further-invitees              invite                            HandshakeEvent
POST   /api/v1/events/{event_id}/hold                          plan_event                        HandshakeEvent
POST   /api/v1/events/{event_id}/invitations                   invite                            HandshakeEvent
GET    /api/v1/events/{event_id}/invitees                      invite                            HandshakeEvent
POST   /api/v1/events/{event_id}/meetings                      seat_meeting                      HandshakeEvent
GET    /api/v1/events/{event_id}/plans                         seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/plans                         seat_meeting                      HandshakeEvent
GET    /api/v1/events/{event_id}/plans/{plan_id}               seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/plans/{plan_id}/apply         seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/plans/{plan_id}/repair        seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/seating-cost                  seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/rearrange                     seat_meeting                      HandshakeEvent
GET    /api/v1/events/{event_id}/seating-problem               seat_meeting                      HandshakeEvent
POST   /api/v1/events/{event_id}/open                          plan_event                        HandshakeEvent
GET    /api/v1/events/{event_id}/programme                     read_figures                      HandshakeEvent
POST   /api/v1/events/{event_id}/reopen                        plan_event                        HandshakeEvent
POST   /api/v1/events/{event_id}/schedule                      plan_event                        HandshakeEvent
GET    /api/v1/invitations                                     read_figures
GET    /api/v1/invitations/{invitation_id}                     read_figures                      Invitation
POST   /api/v1/invitations/{invitation_id}/answer              answer_invitation                 Invitation
POST   /api/v1/invitations/{invitation_id}/check-in            check_in                          Invitation
POST   /api/v1/invitations/{invitation_id}/lapse               invite                            Invitation
POST   /api/v1/invitations/{invitation_id}/no-show             check_in                          Invitation
POST   /api/v1/invitations/{invitation_id}/seats               invite                            Invitation
GET    /api/v1/meetings                                        read_figures
GET    /api/v1/meetings/{meeting_id}                           read_figures                      Meeting
POST   /api/v1/meetings/{meeting_id}/cancel                    seat_meeting                      Meeting
POST   /api/v1/meetings/{meeting_id}/confirm                   seat_meeting                      Meeting
POST   /api/v1/meetings/{meeting_id}/lock                      seat_meeting                      Meeting
POST   /api/v1/meetings/{meeting_id}/unlock                    seat_meeting                      Meeting
POST   /api/v1/meetings/{meeting_id}/move                      seat_meeting                      Meeting
POST   /api/v1/meetings/{meeting_id}/next-step                 record_outcome                    Meeting
POST   /api/v1/meetings/{meeting_id}/not-held                  record_outcome|seat_meeting       Meeting
GET    /api/v1/meetings/{meeting_id}/opinions                  read_figures                     Meeting
POST   /api/v1/meetings/{meeting_id}/opinion                   record_outcome                   Meeting
POST   /api/v1/meetings/{meeting_id}/outcome                   record_outcome                    Meeting
GET    /api/v1/events/{event_id}/after                         read_report                      HandshakeEvent
GET    /api/v1/events/{event_id}/minutes                       read_figures                     HandshakeEvent
GET    /api/v1/follow-ups                                      read_figures
GET    /api/v1/follow-ups/{task_id}                            read_figures                     FollowUp
POST   /api/v1/follow-ups/{task_id}/done                       follow_up                        FollowUp
POST   /api/v1/follow-ups/{task_id}/drop                       follow_up                        FollowUp
POST   /api/v1/follow-ups/{task_id}/reopen                     follow_up                        FollowUp
POST   /api/v1/follow-ups/{task_id}/change                     follow_up                        FollowUp
GET    /api/v1/projects                                        read_figures
POST   /api/v1/projects                                        open_project
GET    /api/v1/projects/{project_id}                           read_figures                      Project
PUT    /api/v1/projects/{project_id}                           edit_project                      Project
POST   /api/v1/projects/{project_id}/accept                    edit_project                      Project
POST   /api/v1/projects/{project_id}/contract                  edit_project                      Project
POST   /api/v1/projects/{project_id}/contracts                 add_contract                      Project
POST   /api/v1/projects/{project_id}/entries                   add_entry                         Project
POST   /api/v1/projects/{project_id}/parties                   edit_project                      Project
POST   /api/v1/projects/{project_id}/parties/{party_id}/remove edit_project                      Project
POST   /api/v1/projects/{project_id}/start                     edit_project                      Project
POST   /api/v1/projects/{project_id}/terminate                 edit_project                      Project
GET    /api/v1/contracts                                       read_figures
GET    /api/v1/contracts/{contract_id}                         read_figures                      Contract
PUT    /api/v1/contracts/{contract_id}                         add_contract                      Contract
GET    /api/v1/entries                                         read_figures
GET    /api/v1/entries/{entry_id}                              read_figures                      InvestmentEntry
POST   /api/v1/entries/{entry_id}/reverse                      reverse_entry                     InvestmentEntry
GET    /api/v1/figures                                         read_figures
GET    /api/v1/figures/funnel                                  read_report
GET    /api/v1/report                                          read_report
GET    /api/v1/quality                                         read_quality
POST   /api/v1/quality/learn                                   set_weights
POST   /api/v1/quality/trial                                   set_weights
GET    /api/v1/quality/weights                                 read_quality
POST   /api/v1/quality/weights                                 set_weights
POST   /api/v1/quality/weights/shipped                         set_weights
POST   /api/v1/quality/weights/{weights_id}/activate           set_weights
GET    /api/v1/searches                                        keep_search
POST   /api/v1/searches                                        keep_search
DELETE /api/v1/searches/{search_id}                            keep_search                       SavedSearch
GET    /api/v1/searches/{search_id}                            keep_search                       SavedSearch
PUT    /api/v1/searches/{search_id}                            keep_search                       SavedSearch
POST   /api/v1/searches/{search_id}/seen                       keep_search                       SavedSearch
GET    /api/v1/me/data                                         keep_own_account
GET    /api/v1/me/consents                                     keep_own_account
POST   /api/v1/me/consents                                     keep_own_account
DELETE /api/v1/me/consents/{kind}                              keep_own_account
POST   /api/v1/me/requests                                     keep_own_account
GET    /api/v1/session                                         keep_own_account
GET    /api/v1/sessions                                        keep_own_account
DELETE /api/v1/sessions                                        keep_own_account
DELETE /api/v1/sessions/{handle}                               keep_own_account
GET    /api/v1/tokens                                          keep_own_account
POST   /api/v1/tokens                                          keep_own_account
DELETE /api/v1/tokens/{handle}                                 keep_own_account
GET    /api/v1/accounts                                        see_accounts
POST   /api/v1/accounts                                        manage_accounts
GET    /api/v1/colleagues                                      keep_colleagues
POST   /api/v1/account-invitations                             manage_accounts|invite_colleagues
POST   /api/v1/account-invitations/{invitation_id}/revoke      manage_accounts|invite_colleagues AccountInvitation
POST   /api/v1/account-invitations/{invitation_id}/send-again  manage_accounts|invite_colleagues AccountInvitation
POST   /api/v1/accounts/{account_id}/approve                   approve_accounts                  Account
POST   /api/v1/accounts/{account_id}/organization-admin        keep_accounts|keep_colleagues     Account
POST   /api/v1/accounts/{account_id}/reset-second-factor       reset_second_factor               Account
POST   /api/v1/accounts/{account_id}/role                      manage_accounts                   Account
POST   /api/v1/accounts/{account_id}/switch                    keep_accounts|keep_colleagues     Account
POST   /api/v1/accounts/{account_id}/unlock                    keep_accounts|keep_colleagues     Account
"""

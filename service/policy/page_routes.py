"""What each page takes: method, address, who, and the kind of record it is about. See ``routes`` for how to read it."""

from __future__ import annotations

OPEN = """
GET  /                                       public
GET  /search                                 public
GET  /search/suggest                         public
GET  /organizations                          public
GET  /organizations.{form}                   public
GET  /organizations/{organization_id:int}    public Organization
GET  /facts                                  public
GET  /facts/indicators                       public
GET  /facts/indicators.{form}                public
GET  /facts/indicators/{record_id:int}       public
GET  /facts/key-technologies                 public
GET  /facts/key-technologies.{form}          public
GET  /facts/key-technologies/{record_id:int} public
GET  /facts/programmes                       public
GET  /facts/programmes.{form}                public
GET  /facts/programmes/{record_id:int}       public
GET  /facts/sources/{key}                    public
GET  /facts/sources/{key}.{form}             public
GET  /facts/taxonomies/{scheme}              public
GET  /gallery                                public
GET  /privacy                                public
GET  /privacy/{number:int}                   public
GET  /healthz                                public
GET  /readyz                                 public
GET  /static                                 public
GET  /door-worker.js                         public
GET  /w/{token}                              public
GET  /t/{token}                              public
GET  /t/{token}/talks/{meeting_id:int}/outcome public
POST /t/{token}/talks/{meeting_id:int}/outcome public
GET  /i/{token}/talks/{meeting_id:int}/outcome public
POST /i/{token}/talks/{meeting_id:int}/outcome public
GET  /setup                                  public
POST /setup                                  public
GET  /login                                  public
POST /login                                  public
GET  /login/second-factor                    public
POST /login/second-factor                    public
POST /login/sso                              public
GET  /login/sso/callback                     public
POST /logout                                 public
POST /demo/enter/{account_id}                public
GET  /forgot                                 public
POST /forgot                                 public
GET  /reset                                  public
POST /reset                                  public
GET  /join/{token}                           public
POST /join/{token}                           public
GET  /i/{token}                              public
GET  /i/{token}/event.ics                    public
GET  /i/{token}/replace                      public
GET  /i/{token}/wishes                       public
POST /i/{token}/reply                        public
POST /i/{token}/replace                      public
POST /i/{token}/wishes                       public
POST /i/{token}/feedback                     public
"""

POSTINGS = """
GET  /needs                                   public
GET  /needs.{form}                            public
GET  /needs/feedback                          read_feedback
GET  /needs/feedback.{form}                   read_feedback
GET  /achievements/feedback                   read_feedback
GET  /achievements/feedback.{form}            read_feedback
POST /needs/assist                            create_need
GET  /needs/new                               create_need
POST /needs/new                               create_need
GET  /needs/{posting_id:int}                  public             Need
GET  /needs/{posting_id:int}/matches          public             Need
GET  /needs/{posting_id:int}/edit             edit_posting       Need
POST /needs/{posting_id:int}/edit             edit_posting       Need
POST /needs/{posting_id:int}/submit           submit_posting     Need
POST /needs/{posting_id:int}/withdraw         withdraw_posting   Need
POST /needs/{posting_id:int}/return           review_posting     Need
POST /needs/{posting_id:int}/publish          review_posting     Need
POST /needs/{posting_id:int}/take-down        take_down_posting  Need
POST /needs/{posting_id:int}/win              close_posting      Need
GET  /achievements                            public
GET  /achievements.{form}                     public
POST /achievements/assist                     create_achievement
GET  /achievements/new                        create_achievement
POST /achievements/new                        create_achievement
GET  /achievements/{posting_id:int}           public             Achievement
GET  /achievements/{posting_id:int}/matches   public             Achievement
GET  /achievements/{posting_id:int}/edit      edit_posting       Achievement
POST /achievements/{posting_id:int}/edit      edit_posting       Achievement
POST /achievements/{posting_id:int}/submit    submit_posting     Achievement
POST /achievements/{posting_id:int}/withdraw  withdraw_posting   Achievement
POST /achievements/{posting_id:int}/return    review_posting     Achievement
POST /achievements/{posting_id:int}/publish   review_posting     Achievement
POST /achievements/{posting_id:int}/take-down take_down_posting  Achievement
POST /achievements/{posting_id:int}/win       close_posting      Achievement
"""

OWN = """
GET  /workbench                              read_figures
GET  /account                                keep_own_account
GET  /account/email                          keep_own_account
POST /account/email/change                   keep_own_account
POST /account/email/code                     keep_own_account
POST /account/email/prove                    keep_own_account
GET  /account/password                       keep_own_account
POST /account/password                       keep_own_account
GET  /account/second-factor                  keep_own_account
POST /account/second-factor/begin            keep_own_account
POST /account/second-factor/codes            keep_own_account
POST /account/second-factor/confirm          keep_own_account
POST /account/second-factor/stop             keep_own_account
POST /account/sessions/end-others            keep_own_account
POST /account/sessions/{handle}/end          keep_own_account
POST /account/devices/{device_id:int}/forget keep_own_account
GET  /account/confirm                        keep_own_account
POST /account/confirm                        keep_own_account
GET  /account/data                           keep_own_account
GET  /account/data.{form}                    keep_own_account
POST /account/data/ask                       keep_own_account
POST /account/data/close                     keep_own_account
POST /account/data/consent                   keep_own_account
POST /account/data/withdraw                  keep_own_account
POST /account/data/name                      keep_own_account
POST /account/data/recommendations           keep_own_account
GET  /account/tokens                         keep_own_account
POST /account/tokens                         keep_own_account
POST /account/tokens/{handle}/revoke         keep_own_account
GET  /searches                               keep_search
POST /searches                               keep_search
GET  /searches/{search_id:int}/edit          keep_search      SavedSearch
POST /searches/{search_id:int}/edit          keep_search      SavedSearch
POST /searches/{search_id:int}/seen          keep_search      SavedSearch
POST /searches/{search_id:int}/delete        keep_search      SavedSearch
"""

WORK = """
GET  /matches                                                 public
GET  /matches.{form}                                          public
GET  /matches/run                                             run_matching|read_figures
GET  /matches/{match_id:int}                                  public                      Match
GET  /matches/{match_id:int}/against                          public                      Match
GET  /matches/{match_id:int}/against/{other_id:int}           public                      Match
POST /matches/{match_id:int}/shortlist                        shortlist_match             Match
POST /matches/{match_id:int}/restore                          shortlist_match|dismiss_match Match
POST /matches/{match_id:int}/dismiss                          dismiss_match               Match
POST /matches/{match_id:int}/introduce                        introduce_match             Match
POST /matches/{match_id:int}/answer                           answer_match                Match
GET  /events                                                  public
GET  /events.{form}                                           public
GET  /events/new                                              plan_event
POST /events/new                                              plan_event
GET  /events/{event_id:int}                                   read_figures                HandshakeEvent
GET  /events/{event_id:int}/door                              check_in                    HandshakeEvent
POST /events/{event_id:int}/door                              check_in                    HandshakeEvent
POST /events/{event_id:int}/door/places                       check_in                    HandshakeEvent
GET  /events/{event_id:int}/floor                             read_report                 HandshakeEvent
POST /events/{event_id:int}/fill-in                           seat_meeting                HandshakeEvent
GET  /events/{event_id:int}/wall                              read_report                 HandshakeEvent
GET  /events/{event_id:int}/tables/cards                      read_report                 HandshakeEvent
GET  /events/{event_id:int}/tables/{number:int}/card          read_report                 HandshakeEvent
GET  /events/{event_id:int}/programme                         read_report                 HandshakeEvent
GET  /events/{event_id:int}/badges                            check_in                    HandshakeEvent
GET  /events/{event_id:int}/walk-in                           check_in                    HandshakeEvent
POST /events/{event_id:int}/walk-in                           check_in                    HandshakeEvent
GET  /events/{event_id:int}/edit                              plan_event                  HandshakeEvent
POST /events/{event_id:int}/edit                              plan_event                  HandshakeEvent
GET  /events/{event_id:int}/invite                            invite                      HandshakeEvent
POST /events/{event_id:int}/invite                            invite                      HandshakeEvent
GET  /events/{event_id:int}/seat                              seat_meeting                HandshakeEvent
GET  /events/{event_id:int}/plans                             seat_meeting                HandshakeEvent
POST /events/{event_id:int}/plans                             seat_meeting                HandshakeEvent
GET  /events/{event_id:int}/plans/{plan_id:int}               seat_meeting                HandshakeEvent
POST /events/{event_id:int}/plans/{plan_id:int}/apply         seat_meeting                HandshakeEvent
POST /events/{event_id:int}/plans/{plan_id:int}/repair        seat_meeting                HandshakeEvent
GET  /events/{event_id:int}/grid                              read_figures                HandshakeEvent
POST /events/{event_id:int}/grid                              seat_meeting                HandshakeEvent
GET  /events/{event_id:int}/network                           read_figures                HandshakeEvent
POST /events/{event_id:int}/seat                              seat_meeting                HandshakeEvent
POST /events/{event_id:int}/open                              plan_event                  HandshakeEvent
POST /events/{event_id:int}/schedule                          plan_event                  HandshakeEvent
POST /events/{event_id:int}/reopen                            plan_event                  HandshakeEvent
POST /events/{event_id:int}/hold                              plan_event                  HandshakeEvent
POST /events/{event_id:int}/archive                           plan_event                  HandshakeEvent
POST /events/{event_id:int}/cancel                            plan_event                  HandshakeEvent
GET  /events/{event_id:int}/attendees                         see_attendees               HandshakeEvent
GET  /events/{event_id:int}/letters                           invite                      HandshakeEvent
GET  /events/{event_id:int}/letters.{form}                    invite                      HandshakeEvent
POST /events/{event_id:int}/letters/send                      invite                      HandshakeEvent
POST /events/{event_id:int}/letters/remind                    invite                      HandshakeEvent
POST /events/{event_id:int}/letters/{letter_id:int}/copied    invite                      HandshakeEvent
GET  /events/{event_id:int}/tables                            plan_event                  HandshakeEvent
GET  /events/{event_id:int}/tables/{number:int}               plan_event                  HandshakeEvent
POST /events/{event_id:int}/tables/{number:int}               plan_event                  HandshakeEvent
POST /events/{event_id:int}/tables/{number:int}/remove        plan_event                  HandshakeEvent
GET  /attendees/{attendee_id:int}                             answer_invitation           Attendee
GET  /attendees/{attendee_id:int}/edit                        answer_invitation           Attendee
POST /attendees/{attendee_id:int}/edit                        answer_invitation           Attendee
POST /attendees/{attendee_id:int}/answer                      answer_invitation           Attendee
POST /attendees/{attendee_id:int}/link                        answer_invitation           Attendee
GET  /attendees/{attendee_id:int}/replace                     answer_invitation           Attendee
POST /attendees/{attendee_id:int}/replace                     answer_invitation           Attendee
GET  /invitations                                             read_figures
GET  /invitations.{form}                                      read_figures
GET  /invitations/{invitation_id:int}                         read_figures                Invitation
POST /invitations/{invitation_id:int}/answer                  answer_invitation           Invitation
GET  /invitations/{invitation_id:int}/attendees/new           answer_invitation           Invitation
POST /invitations/{invitation_id:int}/attendees/new           answer_invitation           Invitation
GET  /invitations/{invitation_id:int}/wishes                  answer_invitation           Invitation
POST /invitations/{invitation_id:int}/wishes                  answer_invitation           Invitation
POST /invitations/{invitation_id:int}/seats                   invite                      Invitation
POST /invitations/{invitation_id:int}/check-in                check_in                    Invitation
POST /invitations/{invitation_id:int}/no-show                 check_in                    Invitation
POST /invitations/{invitation_id:int}/lapse                   invite                      Invitation
GET  /meetings                                                read_figures
GET  /meetings.{form}                                         read_figures
GET  /meetings/{meeting_id:int}                               read_figures                Meeting
POST /meetings/{meeting_id:int}/outcome                       record_outcome              Meeting
POST /meetings/{meeting_id:int}/opinion                       record_outcome              Meeting
POST /meetings/{meeting_id:int}/next-step                     record_outcome              Meeting
POST /meetings/{meeting_id:int}/move                          seat_meeting                Meeting
POST /meetings/{meeting_id:int}/confirm                       seat_meeting                Meeting
POST /meetings/{meeting_id:int}/cancel                        seat_meeting                Meeting
POST /meetings/{meeting_id:int}/lock                          seat_meeting                Meeting
POST /meetings/{meeting_id:int}/unlock                        seat_meeting                Meeting
POST /meetings/{meeting_id:int}/not-held                      record_outcome|seat_meeting Meeting
GET  /events/{event_id:int}/after                             read_report                 HandshakeEvent
GET  /events/{event_id:int}/minutes.docx                      read_figures                HandshakeEvent
GET  /meetings/{meeting_id:int}/notes.docx                    read_figures                Meeting
GET  /follow-ups                                              read_figures
GET  /follow-ups.{form}                                       read_figures
GET  /follow-ups/{task_id:int}                                read_figures                FollowUp
POST /follow-ups/{task_id:int}/done                           follow_up                   FollowUp
POST /follow-ups/{task_id:int}/drop                           follow_up                   FollowUp
POST /follow-ups/{task_id:int}/reopen                         follow_up                   FollowUp
POST /follow-ups/{task_id:int}/change                         follow_up                   FollowUp
GET  /projects                                                read_figures
GET  /projects.{form}                                         read_figures
GET  /projects/new                                            open_project
POST /projects/new                                            open_project
GET  /projects/{project_id:int}                               read_figures                Project
GET  /projects/{project_id:int}/edit                          edit_project                Project
POST /projects/{project_id:int}/edit                          edit_project                Project
GET  /projects/{project_id:int}/parties/new                   edit_project                Project
POST /projects/{project_id:int}/parties/new                   edit_project                Project
POST /projects/{project_id:int}/parties/{party_id:int}/remove edit_project                Project
POST /projects/{project_id:int}/contract                      edit_project                Project
POST /projects/{project_id:int}/start                         edit_project                Project
POST /projects/{project_id:int}/accept                        edit_project                Project
POST /projects/{project_id:int}/terminate                     edit_project                Project
GET  /projects/{project_id:int}/contracts/new                 add_contract                Project
POST /projects/{project_id:int}/contracts/new                 add_contract                Project
GET  /projects/{project_id:int}/entries/new                   add_entry                   Project
POST /projects/{project_id:int}/entries/new                   add_entry                   Project
GET  /contracts                                               read_figures
GET  /contracts.{form}                                        read_figures
GET  /contracts/{contract_id:int}/edit                        add_contract                Contract
POST /contracts/{contract_id:int}/edit                        add_contract                Contract
GET  /ledger                                                  read_figures
GET  /ledger.{form}                                           read_figures
GET  /ledger/{entry_id:int}/reverse                           reverse_entry               InvestmentEntry
POST /ledger/{entry_id:int}/reverse                           reverse_entry               InvestmentEntry
GET  /report                                                  read_report
GET  /report.{form}                                           read_report
"""

HOUSE = """
GET  /organizations/new                                  manage_organizations
POST /organizations/new                                  manage_organizations
GET  /organizations/{organization_id:int}/edit           manage_organizations              Organization
POST /organizations/{organization_id:int}/edit           manage_organizations              Organization
GET  /organizations/{organization_id:int}/scientists     keep_scientists                   Employer
GET  /organizations/{organization_id:int}/scientists/new keep_scientists                   Employer
POST /organizations/{organization_id:int}/scientists/new keep_scientists                   Employer
GET  /scientists/{scientist_id:int}/edit                 keep_scientists                   Scientist
POST /scientists/{scientist_id:int}/edit                 keep_scientists                   Scientist
GET  /account-invitations                                manage_accounts|invite_colleagues
GET  /account-invitations/new                            manage_accounts|invite_colleagues
POST /account-invitations/new                            manage_accounts|invite_colleagues
POST /account-invitations/{invitation_id:int}/revoke     manage_accounts|invite_colleagues AccountInvitation
POST /account-invitations/{invitation_id:int}/send-again manage_accounts|invite_colleagues AccountInvitation
GET  /colleagues                                         keep_colleagues
GET  /accounts/{account_id:int}                          see_accounts|keep_colleagues      Account
POST /accounts/{account_id:int}/approve                  approve_accounts                  Account
POST /accounts/{account_id:int}/code                     keep_accounts|keep_colleagues     Account
POST /accounts/{account_id:int}/organization-admin       keep_accounts|keep_colleagues     Account
POST /accounts/{account_id:int}/reset-second-factor      reset_second_factor               Account
POST /accounts/{account_id:int}/role                     manage_accounts                   Account
POST /accounts/{account_id:int}/switch                   keep_accounts|keep_colleagues     Account
POST /accounts/{account_id:int}/unlock                   keep_accounts|keep_colleagues     Account
GET  /admin                                              read_admin
GET  /admin/accounts                                     see_accounts
GET  /admin/accounts.{form}                              see_accounts
GET  /admin/accounts/new                                 manage_accounts
POST /admin/accounts/new                                 manage_accounts
GET  /admin/audit                                        read_audit
GET  /admin/audit.{form}                                 read_audit
POST /admin/demo/remove                                  remove_demo
GET  /admin/jobs                                         read_admin
GET  /admin/jobs.{form}                                  read_admin
POST /admin/jobs/{job_id:int}/retry                      keep_jobs
POST /admin/matching                                     run_matching
GET  /admin/incidents                                    keep_incidents
GET  /admin/incidents.{form}                             keep_incidents
GET  /admin/incidents/new                                keep_incidents
POST /admin/incidents/new                                keep_incidents
GET  /admin/incidents/{incident_id:int}/edit             keep_incidents                    DataIncident
POST /admin/incidents/{incident_id:int}/edit             keep_incidents                    DataIncident
GET  /admin/incidents/{incident_id:int}/affected         keep_incidents                    DataIncident
GET  /admin/incidents/{incident_id:int}/affected.{form}  keep_incidents                    DataIncident
GET  /admin/privacy                                      publish_notice
POST /admin/privacy                                      publish_notice
GET  /admin/privacy-requests                             answer_data_requests
GET  /admin/privacy-requests.{form}                      answer_data_requests
GET  /admin/privacy-requests/{request_id:int}            answer_data_requests              PersonalDataRequest
POST /admin/privacy-requests/{request_id:int}            answer_data_requests              PersonalDataRequest
GET  /admin/sensitive-words                              keep_sensitive_words
GET  /admin/sensitive-words.{form}                       keep_sensitive_words
GET  /admin/sensitive-words/new                          keep_sensitive_words
POST /admin/sensitive-words/new                          keep_sensitive_words
GET  /admin/sensitive-words/{word_id:int}/edit           keep_sensitive_words              SensitiveWord
POST /admin/sensitive-words/{word_id:int}/edit           keep_sensitive_words              SensitiveWord
GET  /organizations/{organization_id:int}/conflicts            keep_conflicts              Organization
POST /organizations/{organization_id:int}/conflicts/tie        keep_conflicts              Organization
POST /organizations/{organization_id:int}/conflicts/blacklist  keep_conflicts              Organization
POST /ties/{tie_id:int}/remove                                 keep_conflicts              OrganizationTie
POST /blacklist/{entry_id:int}/lift                            keep_conflicts              BlacklistEntry
GET  /admin/synonyms                                     manage_synonyms
GET  /admin/synonyms.{form}                              manage_synonyms
GET  /admin/synonyms/new                                 manage_synonyms
POST /admin/synonyms/new                                 manage_synonyms
GET  /admin/synonyms/{synonym_id:int}/edit               manage_synonyms                   Synonym
POST /admin/synonyms/{synonym_id:int}/edit               manage_synonyms                   Synonym
GET  /quality                                            read_quality
POST /quality/learn                                      set_weights
GET  /quality/weights                                    set_weights
POST /quality/weights                                    set_weights
POST /quality/weights/shipped                            set_weights
POST /quality/weights/try                                set_weights
POST /quality/weights/{weights_id:int}/activate          set_weights
"""

PAGES = OPEN + POSTINGS + OWN + WORK + HOUSE

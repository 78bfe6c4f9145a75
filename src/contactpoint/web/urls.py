"""The addresses of the pages. None of them holds anything about a child: a record is a random handle."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from contactpoint.web.views import account as own_account
from contactpoint.web.views import (
    acting_as,
    activity,
    contribute,
    corrections,
    feeds,
    find,
    health,
    history,
    lock,
    matching,
    my_children,
    record,
    statements,
)
from contactpoint.web.views import recovery as lost_factor

# Of the sign-in library only what is used: no e-mail, no sign-up form, no turning off of the second factor.
_SIGN_IN = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/new/", account.signup, name="account_signup"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/forgotten/", statements.forgotten_password, name="account_reset_password"),
    path("account/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("account/code/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/code/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/code/is-set/", statements.second_factor_is_set, name="mfa_deactivate_totp"),
    path("account/code/done/", statements.second_factor_is_set, name="mfa_index"),
    path("account/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/passkey/", own_account.passkey_sign_in, name="mfa_login_webauthn"),
    path("account/passkey/again/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/passkey/new/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkey/<int:pk>/name/", own_account.rename_passkey, name="mfa_edit_webauthn"),
    path("account/passkey/<int:pk>/remove/", own_account.remove_passkey, name="mfa_remove_webauthn"),
    path("account/", own_account.account, name="account"),
    path("account/signed-in/<uuid:session>/end/", own_account.end_session, name="end_session"),
    path("account/signed-in/end-all/", own_account.end_all_sessions, name="end_all_sessions"),
    path("account/lock/", lock.lock, name="lock"),
    path("account/locked/", lock.locked, name="locked"),
    path("account/lost/", lost_factor.lost, name="lost"),
    path("account/new-code/<str:link>/", lost_factor.enrol, name="enrol"),
    path("team/", lost_factor.team, name="team"),
    path("team/<uuid:account>/new-code/", lost_factor.allow, name="allow_recovery"),
    path("account/acting-as/", acting_as.acting_as, name="acting_as"),
]

urlpatterns = [
    path("", statements.start, name="start"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("help/", statements.help_page, name="help"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("find/", find.find, name="find"),
    path("find/<str:handle>/", find.results, name="results"),
    path("find/<str:handle>/open/", find.open_result, name="open_result"),
    path("record/<str:handle>/", record.record, name="record"),
    path("record/<str:handle>/wrong/", corrections.wrong, name="wrong"),
    path("record/<str:handle>/history/", history.came_to_be, name="history"),
    path("record/<str:handle>/working/", contribute.working_with, name="working_with"),
    path("record/<str:handle>/working/check/", contribute.check, name="check"),
    path("record/<str:handle>/working/done/", contribute.done, name="done"),
    path("my-children/", my_children.children, name="my_children"),
    path("my-children/take-over/", my_children.accept, name="accept_handover"),
    path("my-children/leave/", my_children.decline, name="decline_handover"),
    path("my-children/<str:handle>/", my_children.own_child, name="own_child"),
    path("my-children/<str:handle>/still/", my_children.still, name="still_involved"),
    path("my-children/<str:handle>/end/", my_children.end, name="end_involvement"),
    path("my-children/<str:handle>/lead/", my_children.lead, name="become_lead"),
    path("my-children/<str:handle>/hand-over/", my_children.offer, name="offer_handover"),
    path("matching/", matching.cases, name="cases"),
    path("matching/decided/", matching.decided, name="cases_decided"),
    path("matching/decided/<str:handle>/undo/", matching.undo, name="undo_decision"),
    path("matching/<str:handle>/", matching.case, name="case"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/answer/", corrections.answer, name="answer_correction"),
    path("to-confirm/", contribute.waiting_list, name="waiting"),
    path("to-confirm/confirm/", contribute.confirm, name="confirm"),
    path("activity/", activity.activity, name="activity"),
    path("activity/report/", activity.report, name="report"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<slug:code>/", feeds.feed, name="feed"),
    path("feeds/<slug:code>/upload/", feeds.upload, name="feed_upload"),
    path("feeds/<slug:code>/pause/", feeds.pause, name="feed_pause"),
    path("feeds/<slug:code>/resume/", feeds.resume, name="feed_resume"),
    path("feeds/<slug:code>/decide/", feeds.decide, name="feed_decide"),
    path("feeds/<slug:code>/rejects/", feeds.rejects, name="feed_rejects"),
    *_SIGN_IN,
]

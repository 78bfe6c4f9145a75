"""What each page may show: its decision on disclosure. A page without one is opened by nobody.

The decision does not let anybody in: that is for a viewer's role and the rules. It says what kind of thing
can be on the page at all (R34), so that a new page is thought about before it is there, and tried as one of
its kind (`tests/integration/test_non_inference.py`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Shows(StrEnum):
    """What can be on a page."""

    NOTHING = "nothing about anybody: it is for everybody, signed in or not"
    OWN_ACCOUNT = "the account of whoever is signed in, and what they did themselves"
    TEAM = "people who use the directory, and how, and how they are reached, to their team"
    STAFF = "people who use the directory, and how; no data about a child (R57)"
    CHILDREN = "children, through the rules of disclosure: nothing that is hidden, to anybody"
    OWN_FEED = "what a source handed in, to whoever runs its feed"
    HIDDEN = "what is hidden, to whoever has to decide about it"


_PAGES: Final[Mapping[Shows, str]] = {
    Shows.NOTHING: """
        start accessibility privacy help guide livez readyz
        account_login account_logout account_signup account_inactive account_reset_password
        mfa_authenticate mfa_login_webauthn lost enrol
        organisation_sign_in organisation_begin organisation_answer
    """,
    Shows.OWN_ACCOUNT: """
        account account_change_password account_reauthenticate acting_as activity report choose_notices
        end_session end_all_sessions lock locked training_date
        exercises assessment passed
        mfa_activate_totp mfa_add_webauthn mfa_deactivate_totp mfa_edit_webauthn mfa_generate_recovery_codes
        mfa_index mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes
    """,
    Shows.STAFF: """
        team allow_recovery questions use use_item use_month person_renew person_leave
        could_see checkpoints ask_checkpoint take_checkpoint
        settings setting answer_setting
        incident shut_access agree_to_shut open_access breach
    """,
    Shows.TEAM: """
        use_report use_report_file use_report_pdf work_report work_report_file work_report_pdf
        quality quality_file quality_pdf source_quality source_quality_file source_quality_pdf
        children_counted children_file children_pdf
        people invite people_file people_file_done people_file_rows asked_roles answer_role
        person person_record person_suspend person_reinstate person_again person_role person_password
        person_move organisations accredit
        contact_points contact_point point_still point_end new_point services
        rollout plan_wave wave wave_step shields_loaded
        authorities plan_authority authority_change
        reference try_reference reference_list reference_change reference_report put_back_reference
        new_body body new_source source
        crossers change_crosser pairings answer_pairing
        model propose_model model_back model_version answer_model
        feedback_list answer_feedback
        feedback give_feedback
        known_pairs
    """,
    Shows.CHILDREN: """
        find results search_again open_result record printed how_come say_again wrong history working_with
        check done ask_contact rang protect override today inbox take_request answer_request hand_on_request
        withdraw_request desk notices my_children own_child still_involved end_involvement become_lead
        offer_handover
        accept_handover decline_handover waiting confirm corrections answer_correction
        word_correction correct_as_asked by_hand
        corrections_by_feed feed_corrections feed_corrections_file answer_feed_correction
        cases case case_after cases_decided undo_decision
        mediate mediated_find mediated_record consents_of not_share not_shared archive
        staying take_staying_back died take_death_back left take_leaving_back
        make_record education education_child open_listed moves accept_moves move open_moving
        unplaced unplaced_child open_unplaced unplaced_left
        families family_ask family_request family_tell family_step family_report family_report_file
    """,
    Shows.OWN_FEED: """
        feeds feed feed_upload feed_pause feed_resume feed_decide feed_rejects
        feed_mapping try_mapping mapping_version mapping_file put_back_mapping
    """,
    Shows.HIDDEN: """
        sealed_identities sealed_pair sealed_pair_again sealed_drop sealed_cross sealed_crossing
        desk_message override_now override_rights look_into change_override_right
        protected_moves answer_protected_move
        shields shield shield_why shield_near shield_looks shield_decide shield_tried keep_from
        consents consent record_consent withdraw_consent shield_hidden mixed_seen protected_mixed_seen
        protected_cases protected_case protected_case_after protected_cases_decided
        undo_protected_decision
    """,
}
DECISIONS: Final[Mapping[str, Shows]] = {
    name: shows for shows, names in _PAGES.items() for name in names.split()
}


def pages_that_show(*kinds: Shows) -> frozenset[str]:
    """The names of the pages of these kinds."""
    return frozenset(name for name, shows in DECISIONS.items() if shows in kinds)

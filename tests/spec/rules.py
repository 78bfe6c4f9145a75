"""The rules this directory keeps: what each says, where it comes from, where it lives and what tests it.

`python -m tests.spec.rules` writes docs/rules/README.md from this table; a test refuses a stale one. A rule
whose `lives` is empty is not kept by the software yet, and the page says so.
"""
# ruff: noqa: E501 - a table reads best in its rows

from dataclasses import dataclass
from pathlib import Path

from tests.spec.findings import section

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "README.md"

LAW, GUIDANCE, OURS = "law", "guidance", "ours"
D = "contactpoint.domain.disclosure"
USE = "contactpoint.domain.review"
WHO, SHOWN, SEARCH = (
    "tests/spec/test_who_may.py",
    "tests/spec/test_what_is_shown.py",
    "tests/spec/test_searching.py",
)
HIDDEN = "tests/integration/test_find_shielded.py"
AROUND = "tests/integration/test_around_shield.py"
MIXED = "tests/integration/test_mixed.py"
SECOND = "tests/integration/test_second_decisions.py"
MOVES = "tests/spec/test_moves.py"
UNPLACED = "tests/spec/test_unplaced.py"
KEPT_FROM = "tests/integration/test_kept_from.py"
TWO_WORLDS = "tests/integration/test_non_inference.py"
SHIELD, LIFE = "tests/spec/test_shield_life.py", "tests/integration/test_shield_life.py"
DAYS = "tests/spec/test_days.py"
PAST = "tests/spec/test_history.py"
NEWS = "tests/spec/test_what_changed.py"
PAST_CONTACTS = "tests/spec/test_past_contacts.py"
SAID = "tests/integration/test_contribute.py"
MINE = "tests/integration/test_my_children.py"
JOINED = "tests/integration/test_joining.py"
CASES = "tests/integration/test_cases.py"
TOLD = "tests/spec/test_what_is_told.py"
NOTICES = "tests/integration/test_notices.py"
POINTS = "tests/integration/test_contact_points.py"
KEPT, CONTESTED = "tests/spec/test_what_is_news.py", "tests/spec/test_what_is_contested.py"
ACCOUNTS, PEOPLE = "tests/spec/test_accounts.py", "tests/integration/web/test_people.py"
STANDING = "tests/unit/domain/test_standing.py"
TALK, BROKERED = "tests/integration/test_contacting.py", "tests/spec/test_brokered_replies.py"
ACTIVITY = "tests/integration/test_account_activity.py"
CONSENTS, AGREED = "tests/spec/test_consents.py", "tests/integration/test_consents.py"
KEPT_OUT = "tests/spec/test_what_is_kept_out.py"
TIME = "contactpoint.domain.retention"
ENDS, ARCHIVE = "tests/spec/test_retention.py", "tests/integration/test_archive.py"
WORDS = "tests/spec/test_team_words.py"
PURGED = "tests/integration/test_purge.py"
FAMILIES, FAMILIES_ASK = "tests/spec/test_families.py", "tests/integration/test_families.py"
COULD_SEE, SEEN = "contactpoint.domain.replay", "tests/spec/test_what_could_be_seen.py"
REVIEW, REVIEWED = "tests/spec/test_review_of_use.py", "tests/integration/test_review_of_use.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `source` is law, guidance or ours, and where it was published."""

    number: int
    says: str
    source: tuple[str, str]
    lives: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def rule(number, says, kind, published, lives=(), tests=()):
    return Rule(
        number=number,
        says=says,
        source=(kind, published),
        lives=(lives,) if isinstance(lives, str) else lives,
        tests=(tests,) if isinstance(tests, str) else tests,
    )


RULES = (
    rule(1, "Access comes only from a local authority or a national partner, to its own people, with a role.",
         LAW, "SI 2007/2182 reg 9", (f"{D}.policies.may_the_role_do_this", f"{D}.permissions.may_this_role_ask",
          f"{D}.policies.is_the_account_theirs_to_manage", f"{D}.policies.do_they_manage_themselves",
          f"{D}.policies.does_the_person_stand_above_them", f"{D}.policies.may_they_give_this_role",
          f"{D}.policies.does_a_second_person_agree_to_the_role"), (WHO, ACCOUNTS, PEOPLE)),
    rule(2, "Every grant of access serves one of the purposes of the Children Act 2004.", LAW, "Children Act 2004 s12",
         f"{D}.permissions.does_it_serve_a_legal_purpose", KEPT_OUT),
    rule(3, "Nobody signs in until their organisation is accredited and their check, training and agreement, with the security procedures it goes with, are in date.",
         GUIDANCE, "Hansard, Lords 22 June and 12 October 2009",
         (f"{D}.policies.is_the_account_in_good_standing", "contactpoint.domain.standing.Standing.check_is_recent",
          f"{D}.policies.may_they_accredit_it", f"{D}.policies.may_this_be_done_with_the_wave",
          f"{D}.policies.does_a_second_person_open_it", f"{D}.policies.is_all_there_before_it_opens",
          f"{D}.policies.do_pathfinders_come_first", "contactpoint.domain.rollout.what_is_missing",
          "contactpoint.domain.training.exercises_done", "contactpoint.access.training.accept"),
         (WHO, STANDING, ACCOUNTS, PEOPLE, "tests/integration/test_rollout.py",
          "tests/integration/web/test_training.py")),
    rule(4, "Signing in takes two steps.", GUIDANCE, "Hansard 24 July 2007",
         (f"{D}.policies.is_the_account_in_good_standing",
          "contactpoint.domain.standing.Standing.second_factor_is_current",
          "contactpoint.access.organisation.provider"),
         (WHO, STANDING, "tests/unit/access/test_strict_provider.py",
          "tests/integration/web/test_organisation_sign_in.py")),
    rule(5, "People come by web page or through somebody, and not by their own case system; none shows another's case data.",
         GUIDANCE, "Every Child Matters; ADR 49", "contactpoint.supply.contracts", KEPT_OUT),
    rule(6, "Whoever asks through somebody else is checked as strictly, and the audit names both.", GUIDANCE,
         "Hansard 24 July 2007",
         ("contactpoint.domain.audit.events.Requester", f"{D}.policies.is_whoever_asks_as_well_known",
          f"{D}.policies.is_it_the_one_record_asked_for", f"{D}.policies.may_they_read_this_number",
          "contactpoint.actions.find.mediate"),
         ("tests/unit/audit/test_events.py", "tests/spec/test_mediated.py", "tests/integration/test_mediated.py")),
    rule(7, "Telephones are served like any other screen, with the same second step (the old rule refused them).",
         OURS, "replaces Hansard 25 February 2009; ADR 10",
         ("contactpoint.access.sessions.idle_seconds", "contactpoint.access.browsers.is_handheld"),
         ("tests/spec/test_sessions.py", "tests/integration/web/test_sessions.py")),
    rule(8, "A search is made and a record opens only after a reason is stated.", GUIDANCE, "Every Child Matters",
         (f"{D}.policies.is_a_reason_stated", "contactpoint.domain.reasons.reason_words"), (WHO, ACTIVITY, "tests/spec/test_settings.py")),
    rule(9, 'Reasons are a short list, never chosen beforehand; "something else" says what.', OURS, "",
         (f"{D}.purpose.Purpose", "contactpoint.domain.reasons.is_it_still_a_reason", "contactpoint.actions.find.reasons.retired"),
         ("tests/spec/test_reasons.py", "tests/spec/test_settings.py", "tests/integration/test_settings.py")),
    rule(10, "A search on anything that a shield hides leaves shielded records out.", GUIDANCE,
         "DCSF fact sheet on shielding", f"{D}.shielding.does_this_search_exclude_shielded_records", (SEARCH, HIDDEN)),
    rule(11, "Ordinary users cannot read an archived record.", LAW, "SI 2007/2182 reg 6(3)(e)",
         f"{D}.policies.is_the_record_still_open", WHO),
    rule(12, "A search needs a number the viewer may read, or a name with one more fact.", OURS, "",
         ("contactpoint.domain.criteria.Criteria", f"{D}.policies.may_they_use_this_number"), (WHO, SEARCH)),
    rule(13, "More than twenty matches are not listed; a list shows no contacts.", OURS, "",
         "contactpoint.actions.find.results.answer_of",
         ("tests/spec/test_lists_of_results.py", "tests/integration/test_find_results.py")),
    rule(14, "Records hold no family links beyond parents and carers.", GUIDANCE, "Hansard 23 April 2008",
         "contactpoint.supply.contracts", KEPT_OUT),
    rule(15, "Every child in the area of a local authority is in scope; nobody opts out.", LAW, "SI 2010/1213",
         ("contactpoint.supply.contracts", "contactpoint.domain.survivorship.responsible_authority"), KEPT_OUT),
    rule(16, "Some young people stay until 25, only with their consent.", LAW, "SI 2007/2182 reg 4(2)",
         (f"{TIME}.when_is_it_archived", "contactpoint.actions.retain.stay.agree_to_stay",
          f"{D}.policies.may_their_consent_be_recorded_here"), (ENDS, ARCHIVE, "tests/integration/test_staying.py")),
    rule(17, "Medical and other personal records are kept out.", LAW, "Children Act 2004 s12(4)(h)",
         ("contactpoint.supply.contracts", "contactpoint.domain.bodies.what_is_wrong_with_the_source"),
         (KEPT_OUT, "tests/spec/test_bodies.py")),
    rule(18, "Nothing flags a concern.", GUIDANCE, "Children Act 2004 s12(4)(g) allowed it; not used",
         "contactpoint.supply.contracts", KEPT_OUT),
    rule(19, "A feed is checked before it is loaded.", GUIDANCE, "Local Data Quality Toolkit",
         ("contactpoint.supply.validate", f"{D}.policies.may_this_be_done_with_the_mapping",
          f"{D}.policies.does_a_second_person_agree_to_the_mapping"),
         ("tests/unit/supply/test_validate.py", "tests/integration/test_bad_files.py", WHO,
          "tests/integration/test_source_mappings.py")),
    rule(20, "Matching says match, unsure or none; unsure goes to a person.", OURS, "",
         ("contactpoint.pipelines.link", "contactpoint.actions.link.decide.decide_review_case",
          f"{D}.policies.are_the_records_of_their_authority", f"{D}.policies.does_a_case_ask_for_it",
          f"{D}.policies.may_this_be_done_with_the_model", f"{D}.policies.does_a_second_person_agree_to_the_model",
          f"{D}.policies.is_the_report_about_the_model_in_force", "contactpoint.pipelines.look_anew.look_anew"),
         (WHO, CASES, "tests/integration/test_model_versions.py")),
    rule(21, "A row resembling a shielded child waits, and is never published as a new record.", OURS, "",
         ("contactpoint.pipelines.link", f"{D}.policies.are_the_records_for_shield_staff"),
         (WHO, CASES, "tests/integration/test_shield_matching.py")),
    rule(22, "A merge can be undone; the shield of either record survives.", OURS, "",
         ("contactpoint.actions.link.merge.merge_children", "contactpoint.actions.link.split.split_child",
          "contactpoint.actions.link.undo.undo_change", "contactpoint.domain.matching.who_keeps_the_number",
          f"{D}.notices.which_notices_are_told"), (JOINED, TOLD, "tests/integration/test_parting_is_told.py")),
    rule(23, "A record is made by hand only after a search.", OURS, "",
         (f"{D}.policies.was_it_searched_for_first", f"{D}.policies.was_everybody_found_looked_at",
          "contactpoint.domain.making.would_that_search_find_the_child",
          "contactpoint.domain.making.was_everybody_looked_at",
          "contactpoint.actions.contribute.make_record.make_record"),
         ("tests/spec/test_making.py", "tests/integration/web/test_making.py")),
    rule(24, "Sources send what replaces what they sent before.", LAW, "SI 2007/2182 reg 11(2)",
         "contactpoint.storage.publishing.write_records",
         (NEWS, SHOWN, PAST, "tests/integration/test_deliver.py", "tests/integration/test_publish.py")),
    rule(25, "Sources and the responsible authority correct mistakes.", LAW, "Hansard 5 November 2008",
         (f"{D}.policies.is_the_source_theirs_to_correct", f"{D}.policies.is_the_feed_of_their_authority",
          f"{D}.policies.are_the_rows_their_own", f"{D}.contesting.what_may_be_contested",
          f"{D}.contesting.by_when_is_it_answered", f"{D}.answering.who_is_asked", f"{D}.answering.what_may_be_answered",
          "contactpoint.domain.making.what_is_corrected", "contactpoint.actions.contribute.correct_by_hand.correct_by_hand",
          "contactpoint.domain.directory.is_it_time_to_confirm", "contactpoint.domain.involvement.ContactDetails"),
         (WHO, CONTESTED, POINTS, SHOWN, "tests/spec/test_whose_word.py", "tests/integration/test_word_corrections.py", "tests/integration/test_who_answers_for_a_word.py",
          "tests/spec/test_making.py", "tests/integration/web/test_correct_by_hand.py")),
    rule(26, "The local authority decides, record by record, to shield.", LAW, "SI 2007/2182 reg 6(5)",
         ("contactpoint.actions.protect.place_shield.place_shield", "contactpoint.actions.protect.protect_now.protect_now",
          f"{D}.policies.is_it_their_shield_desk", f"{D}.policies.is_that_what_comes_next",
          f"{D}.policies.do_they_have_too_many_protected",
          "contactpoint.actions.protect.keep_from.keep_from",
          "contactpoint.actions.protect.by_the_clock.hand_on_unconfirmed"), (WHO, SHIELD, LIFE, KEPT_FROM, SECOND)),
    rule(27, "A shielded record shows name, sex, birth date and number, and nothing else.", LAW,
         "SI 2007/2182 reg 6(6) with the change consulted on in 2009",
         f"{D}.shielding.what_does_a_shielded_record_show",
         (SHOWN, HIDDEN, "tests/integration/test_history.py", "tests/integration/test_hidden_names.py")),
    rule(28, "Shield where knowing the whereabouts adds risk of significant harm.", GUIDANCE,
         "Hansard, Lords 16 October 2008",
         (f"{D}.shield_life.does_knowing_where_add_risk", f"{D}.policies.was_the_danger_weighed"), (SHIELD, LIFE)),
    rule(29, "Neither adoption nor a parent's job shields by itself.", GUIDANCE, "Hansard 23 March 2009",
         (f"{D}.shield_life.does_knowing_where_add_risk", "contactpoint.supply.contracts"), (SHIELD, LIFE, KEPT_OUT)),
    rule(30, "Parents may ask; the decision weighs everybody's views.", GUIDANCE, "Hansard 29 January 2009",
         (f"{D}.shield_life.Weighing", f"{D}.shield_life.was_contact_safe",
          f"{D}.policies.was_the_protected_person_asked"), (SHIELD, LIFE)),
    rule(31, "A shield is looked at again after six months, and two people lift it.", GUIDANCE,
         "Women's Aid; two people are ours",
         (f"{D}.policies.does_somebody_else_decide_about_it", f"{D}.policies.do_two_people_lift_it",
          f"{D}.policies.is_it_their_shield_desk",
          f"{D}.policies.does_a_second_person_agree_to_the_pairing",
          "contactpoint.actions.protect.by_the_clock.lift_what_is_due"),
         (SHIELD, LIFE, "tests/spec/test_pairings.py", "tests/integration/test_pairings.py")),
    rule(32, "Contact with a shielded child goes through one national desk.", GUIDANCE,
         "DCSF fact sheet on shielding; one desk is ours",
         (f"{D}.shielding.what_does_a_shielded_record_show", f"{D}.policies.is_it_for_the_national_desk",
          f"{D}.policies.is_it_said_why_what_is_hidden_is_read", "contactpoint.actions.protect.read_hidden.read_hidden",
          "contactpoint.actions.contact.desk", f"{D}.policies.is_the_move_for_the_national_shield_desk",
          "contactpoint.domain.brokering.goes_out_at"),
         (SHOWN, WHO, TALK, BROKERED, MOVES, "tests/integration/test_read_hidden.py")),
    rule(33, "A right to override a shield warns first and is looked into at once.", GUIDANCE,
         "DCSF fact sheet on shielding",
         (f"{D}.policies.did_two_people_give_them_the_right", f"{D}.policies.is_it_said_why_it_must_be_now",
          f"{D}.policies.did_they_prove_themselves_just_now", f"{D}.policies.is_the_right_given_by_two_others",
          f"{D}.policies.does_somebody_else_look_into_it", "contactpoint.actions.protect.override_shield.override_shield"),
         ("tests/spec/test_overriding.py", "tests/integration/test_override.py")),
    rule(34, "A shield binds every output alike.", OURS, "",
         (f"{D}.shielding", f"{D}.policies.is_it_for_national_reviewers", f"{USE}.reviewers.is_it_for_shield_staff",
          "contactpoint.storage.queries.children.find_child", "contactpoint.actions.protect.notice_attempts.notice_attempts",
          "contactpoint.web.decisions", f"{COULD_SEE}.is_it_for_shield_staff_alone",
          f"{COULD_SEE}.are_single_people_left_out"),
         (TWO_WORLDS, HIDDEN, REVIEWED, KEPT_FROM, SEEN)),
    rule(35, "A new identity is another record; the two never meet, and two named people alone cross.", OURS, "",
         ("contactpoint.pipelines.apart", "contactpoint.pipelines.halves", "contactpoint.storage.sealed_pairs",
          f"{D}.policies.is_it_the_national_shield_desk_that_seals", f"{D}.policies.does_a_second_person_type_it_too",
          f"{D}.policies.is_the_crosser_named_by_two_others", f"{D}.policies.may_they_cross",
          "contactpoint.pipelines.sealed_identities"),
         ("tests/spec/test_sealed_identities.py", "tests/integration/test_sealed_pairs.py",
          "tests/integration/test_crossing.py", TWO_WORLDS)),
    rule(36, "Sensitive services are sexual health, mental health and substance misuse.", LAW, "SI 2007/2182 reg 2",
         (f"{D}.consent.does_consent_allow_showing", "contactpoint.domain.service_search.is_it_listed"),
         (SHOWN, CONSENTS, "tests/spec/test_service_search.py", "tests/integration/test_service_search.py")),
    rule(37, "A sensitive service is recorded only with consent, or where significant harm is suspected.", LAW,
         "SI 2007/2182 reg 11(3)", (f"{D}.policies.is_there_a_basis_for_a_sensitive_service", f"{D}.consent_life.ConsentSaid",
                                    f"{D}.consent_life.WithoutConsent", "contactpoint.actions.consent.keep.record_consent",
                                    "contactpoint.actions.consent.withhold"),
         (WHO, SHOWN, SAID, CONSENTS, AGREED)),
    rule(38, "The child consents if they understand; otherwise a parent or carer.", GUIDANCE, "draft guidance, May 2007",
         (f"{D}.policies.does_whoever_says_so_decide", f"{D}.consent_life.does_whoever_agreed_decide",
          f"{D}.consent_life.how_does_it_stand", f"{D}.consent.may_somebody_be_named"), (SHOWN, CONSENTS, AGREED)),
    rule(39, "Who provides a sensitive service is not shown without consent, in any field.", LAW,
         "SI 2007/2182 reg 6(4)", (f"{D}.consent.which_statements_may_speak",
                                   f"{D}.consent.which_statements_may_be_searched",
                                   f"{D}.keeping.may_it_be_news", f"{D}.news.what_of_the_record_changed", f"{D}.history.which_past_statements_may_speak",
                                   f"{D}.past_contacts.which_past_involvements_may_be_told",
                                   f"{COULD_SEE}.are_sensitive_services_left_out",
                                   f"{D}.policies.is_the_consent_theirs_to_keep"), (SEEN, SHOWN, CONSENTS, AGREED, PAST, PAST_CONTACTS, KEPT, NEWS, "tests/integration/test_find_sensitive.py", "tests/integration/test_news_is_no_inference.py")),
    rule(40, "Every record carries the same sentence about sensitive services (replaces a notice that revealed).",
         OURS, "", "contactpoint.web.presenters.record.record_view", "tests/spec/test_the_same_sentence.py"),
    rule(41, "Withdrawn consent hides at once.", OURS, "", (f"{D}.consent.does_consent_allow_showing", f"{D}.consent_life.may_it_be_withdrawn",
          "contactpoint.actions.consent.keep.withdraw_consent"), (SHOWN, DAYS, PAST, CONSENTS, AGREED)),
    rule(42, "That an assessment exists is shown, never what it says.", GUIDANCE, "Every Child Matters",
         "contactpoint.actions.contribute.keep_involvement.correct_involvement",
         ("tests/spec/test_lists_of_results.py", MINE)),
    rule(43, "There is at most one lead practitioner; the newest takes over.", OURS, "",
         (f"{D}.redact.who_is_the_lead", f"{D}.policies.does_a_second_person_vouch_for_it",
          "contactpoint.actions.contribute.keep_involvement.become_lead", f"{D}.notices.of_which_kind_is_it"),
         (SHOWN, SAID, MINE, TOLD, NOTICES)),
    rule(44, "An involvement is a provider, a contact, a start and perhaps an end; people record their own.", OURS,
         "mirrors SI 2006/983", (f"{D}.policies.is_the_service_their_own", f"{D}.policies.is_the_involvement_their_own",
                                 f"{D}.policies.is_their_service_asked", f"{D}.consent.has_it_begun",
                                 f"{D}.policies.is_the_contact_point_theirs_to_keep"), (WHO, SHOWN, POINTS)),
    rule(45, "Contact is a sign of action, not of concern; one person's word waits for a second.", GUIDANCE,
         "draft guidance, May 2007, 3.28",
         (f"{D}.policies.is_it_confirmed_by_a_second_person", f"{D}.policies.does_a_second_person_vouch_for_it",
          f"{D}.keeping.is_it_time_to_ask_whether_still", f"{D}.keeping.since_when_is_news_told",
          f"{D}.keeping.from_when_is_it_asked"),
         (WHO, SHOWN, SAID, KEPT, MINE, TOLD, NOTICES)),
    rule(46, "Ended involvements stay in sight for a year, then are archived.", OURS, "",
         f"{D}.consent.did_it_end_too_long_ago", (SHOWN, DAYS, PAST)),
    rule(47, "At 18 a record is archived, kept six years and destroyed.", GUIDANCE, "Hansard 21 April 2009",
         (f"{D}.policies.is_it_archived", f"{TIME}.when_is_it_archived", f"{TIME}.when_is_it_purged",
          f"{TIME}.is_it_past_taking_in", "contactpoint.pipelines.keep_time", "contactpoint.actions.retain.purge"),
         (SEARCH, DAYS, ENDS, PURGED)),
    rule(48, "For a year data managers read the archive; afterwards it is released for named enquiries alone.", GUIDANCE,
         "Hansard 21 April 2009",
         (f"{D}.policies.do_data_managers_still_read_it", f"{D}.policies.is_it_in_the_archive_of_their_authority",
          f"{D}.policies.is_what_was_archived_open", f"{TIME}.may_managers_still_read_it",
          "contactpoint.actions.retain.open_archived", "contactpoint.actions.retain.release"),
         (ENDS, ARCHIVE)),
    rule(49, "After a death a record is kept a year, then archived; who answers for the child writes the death down.", GUIDANCE, "Hansard 21 April 2009",
         (f"{D}.policies.is_it_archived", f"{TIME}.when_is_it_archived", "contactpoint.actions.contribute.team_words",
          "contactpoint.domain.team_words.may_it_have_been_on_that_day", f"{D}.policies.do_they_answer_for_this_child"),
         (SEARCH, SHOWN, DAYS, ENDS, WORDS, "tests/integration/test_team_words.py")),
    rule(50, "Somebody who left England has one statement and no address here; in time their record is archived.", LAW,
         "SI 2007/2182 Sch 1 para 2(d)",
         ("contactpoint.domain.homes.derive_addresses", f"{TIME}.how_did_they_leave", f"{TIME}.when_is_it_archived",
          f"{D}.redact.is_it_said_that_they_left", "contactpoint.actions.contribute.team_words"),
         (WORDS, "tests/integration/test_team_words.py", SHOWN, DAYS, PAST, ENDS, ARCHIVE, UNPLACED, "tests/integration/test_unplaced.py")),
    rule(51, "Every look, refusal and change is recorded, with what was typed and what came back.", GUIDANCE,
         "Hansard 24 July 2007", ("contactpoint.actions.recording", "contactpoint.actions.find.search.search",
                                         "contactpoint.actions.account.replay.replay"),
         (WHO, ACTIVITY, SEEN, "tests/integration/test_replay.py")),
    rule(52, "Use is reviewed, never by oneself or a small team's own people; suspicion suspends at once.", GUIDANCE,
         "Hansard 12 October 2009",
         ("contactpoint.actions.account.activity.report_activity", f"{USE}.explained", f"{USE}.reviewers",
          f"{USE}.deciding.what_may_be_said", f"{D}.policies.is_it_their_own_use",
          f"{D}.policies.is_it_the_use_of_a_small_team_of_theirs", f"{D}.policies.is_it_theirs_to_review",
          f"{D}.policies.does_a_second_person_agree_to_the_setting",
          "contactpoint.actions.account.review_use", "contactpoint.actions.account.use_questions"),
         (WHO, ACTIVITY, REVIEW, REVIEWED)),
    rule(53, "Looking up oneself, family or neighbours, or too much, or at odd hours, is looked at.", OURS, "",
         ("contactpoint.actions.find.search", "contactpoint.actions.find.trawling",
          f"{D}.trawling.what_happens_next", f"{D}.trawling.what_happens_to_a_search", f"{D}.trawling.most_searches", f"{D}.policies.is_the_setting_within_its_bounds",
          "contactpoint.domain.settings.is_it_within_bounds", "contactpoint.domain.settings.does_it_loosen", f"{USE}.patterns", f"{USE}.judge.is_it_sampled",
          "contactpoint.pipelines.review_use"),
         ("tests/integration/test_find_limit.py", "tests/spec/test_trawling.py",
          "tests/integration/test_trawling.py", "tests/spec/test_settings.py", "tests/integration/test_settings.py", REVIEW, REVIEWED)),
    rule(54, "The audit only grows, and tampering shows; each month of use is signed off.", OURS, "",
         ("contactpoint.storage.audit_log", "contactpoint.domain.audit.verify",
          "contactpoint.actions.account.review_use.sign_off_month", "contactpoint.domain.handed"),
         ("tests/spec/test_settings.py", "tests/spec/test_checkpoints.py", "tests/vectors/audit/test_log_vectors.py",
          "tests/integration/test_audit_roles.py", "tests/integration/test_today_of_use.py", REVIEWED)),
    rule(55, "A breach is reported; the service can be shut, by two people for everybody.", GUIDANCE,
         "Hansard 25 February 2009",
         ("contactpoint.actions.run.incident", "contactpoint.domain.incident",
          f"{D}.policies.does_the_national_desk_handle_it",
          "contactpoint.actions.protect.around_shield.looks_before",
          "contactpoint.actions.link.mixed.looks_while_mixed", f"{D}.seen.what_they_saw"),
         (WHO, "tests/integration/test_incident.py", AROUND, MIXED)),
    rule(56, "An expired check, training or agreement, a year without renewal, or 90 idle days, suspends; leavers close at once.", OURS, "",
         (f"{D}.policies.is_the_account_in_good_standing", "contactpoint.domain.standing.Standing.is_idle",
          "contactpoint.domain.standing.Standing.is_renewed", "contactpoint.domain.standing.Standing.ends_soon",
          "contactpoint.actions.people.leaving.leave", "contactpoint.pipelines.tell_staff.ending"),
         (WHO, STANDING, PEOPLE, "tests/integration/test_leaving.py",
          "tests/integration/web/test_people_file.py")),
    rule(57, "Technical administrators and auditors do not read data about children.", OURS, "",
         (f"{D}.policies.may_the_role_read_child_data", f"{D}.permissions.does_this_role_read_child_data"),
         (WHO, ACTIVITY)),
    rule(58, "Each record has one responsible authority.", LAW, "SI 2007/2182, explanatory note",
         ("contactpoint.domain.survivorship.responsible_authority", f"{D}.redact.which_reason_may_they_read",
          "contactpoint.domain.moves.what_becomes_of_the_move",
          "contactpoint.domain.unplaced.why_is_nobody_responsible", f"{D}.policies.may_this_be_said_of_the_move", f"{D}.policies.is_it_said_why_a_move_is_refused",
          "contactpoint.domain.reorganising.may_they_agree_to_the_change",
          f"{D}.policies.may_this_be_done_with_the_list", f"{D}.policies.does_a_second_person_agree_to_the_list",
          "contactpoint.domain.bodies.what_is_wrong_with_the_body", "contactpoint.domain.bodies.may_a_page_change_it"),
         ("tests/spec/test_who_is_responsible.py", MOVES, UNPLACED, WHO, "tests/integration/test_unplaced.py",
          "tests/integration/test_reorganising.py",
          "tests/integration/test_reference_lists.py", "tests/spec/test_bodies.py", "tests/integration/test_bodies.py")),
    rule(59, "Until the new authority accepts, the old one stays responsible.", OURS, "",
         (f"{D}.redact.which_authority_is_responsible", "contactpoint.domain.moves.what_becomes_of_the_move",
          "contactpoint.actions.contribute.moves.answer_move"),
         (MOVES, "tests/integration/test_moves.py")),
    rule(60, "A family asks what is held: within a month, without others' hidden data.", OURS, "UK GDPR",
         ("contactpoint.domain.family.asking.due_on", "contactpoint.domain.family.asking.was_it_shown_who_asks",
          "contactpoint.domain.family.telling.tell_family", "contactpoint.domain.family.telling.may_this_home_be_told",
          "contactpoint.domain.family.telling.may_this_carer_be_told",
          f"{D}.policies.is_it_the_national_shield_desk_that_answers", f"{D}.policies.is_it_their_authority_that_answers",
          f"{D}.policies.was_it_shown_that_they_may_ask", f"{D}.policies.may_the_request_be_moved_so",
          "contactpoint.actions.account.family_report.family_report"),
         (FAMILIES, FAMILIES_ASK)),
    rule(61, "What is contested is marked; corrections go back to the source.", OURS, "",
         (f"{D}.contesting.which_items_are_contested", f"{D}.contesting.what_became_of_it"), CONTESTED),
    rule(62, "Each month authorities are told of children without schooling.", GUIDANCE, "Children and Young People Now",
         ("contactpoint.domain.education.is_of_school_age", "contactpoint.pipelines.education.make_education_lists",
          "contactpoint.actions.contribute.education.decide_setting"),
         ("tests/spec/test_missing_education.py", "tests/integration/test_missing_education.py")),
)  # fmt: skip


def page() -> str:
    """The page as it should stand."""
    lines = [
        "# The rules",
        "",
        "Each rule has a number, which code, tests and messages cite. *Law* is a statute or its regulations,",
        "*guidance* was given by ministers or departments, *ours* fills a gap they left. Made from",
        "`tests/spec/rules.py` by `python -m tests.spec.rules`; the tables it names are the tests.",
        "",
        "| | Rule | Source | Lives in | Tested by |",
        "|---|---|---|---|---|",
    ]
    for one in RULES:
        kind, published = one.source
        source = f"{kind}: {published}" if published else kind
        lives = (
            "<br>".join(f"`{place.removeprefix('contactpoint.')}`" for place in one.lives)
            or "not in code yet"
        )
        tests = "<br>".join(f"`{test}`" for test in one.tests)
        lines.append(f"| R{one.number} | {one.says} | {source} | {lives} | {tests} |")
    return "\n".join([*lines, *section()]) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

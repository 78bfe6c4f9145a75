"""What each column holds, by how much harm its leaking would do. A column nobody classified fails a test.

A table whose telling columns are all SECRET grants the web role nothing; a test asks the database itself.
"""

from enum import StrEnum


class Sensitivity(StrEnum):
    """Five degrees, mildest first."""

    REFERENCE = "reference"  # published about an organisation or a service
    OPERATIONAL = "operational"  # how the directory runs; about nobody
    STAFF = "staff"  # about a person who works with children
    CHILD = "child"  # says who a child is
    WHEREABOUTS = "whereabouts"  # says where a child is, with whom, or that something is hidden
    SECRET = "secret"  # noqa: S105 - a degree, not a password: must never reach the web role


_DEGREES = {degree.name[0]: degree for degree in Sensitivity if degree is not Sensitivity.SECRET} | {
    "X": Sensitivity.SECRET
}

# One letter a column: R reference, O operational, S staff, C child, W whereabouts, X secret.
_TABLES = {
    "organisation": (
        "R:code,name,kind,authority,phone,hours,cover,address,postcode,accredited_until,closed_on"
    ),
    "account": (
        "S:id,password,last_login,email,name,job_title,phone,is_active,checked_on,trained_until,"
        "agreement_signed_on,last_seen_at,suspended_at,suspended_for,renew_by,password_given_at,manager_id"
    ),
    "invitation": "S:account_id,organisation_id,invited_by_id,invited_at,told_at",
    "role_grant": (
        "O:id S:account_id,organisation_id,role,services,asked_by_id,asked_at,agreed_by_id,agreed_at,ended_at"
    ),
    "people_file": (
        "O:id,digest,rows,done_through,taken,known,given_at,ended_at S:given_by_id,organisation_id,rejects"
    ),
    "sign_in_provider": (
        "R:id,organisation_id O:issuer,client_id,authorization_endpoint,token_endpoint,jwks_uri,algorithms,"
        "acr,amr,added_at,ended_at"
    ),
    "sign_in_binding": "O:id S:account_id,issuer,subject,bound_at",
    "lapse_notice": "O:id S:account_id,what,last_day,told_at",
    "sign_in_session": "S:id,account_id,session_key,browser,began_at,used_at,ended_at",
    "kept_draft": "S:account_id O:kept_at W:body",  # encrypted, but what is typed may say where a child is
    "factor_recovery": "S:id,account_id,asked_at,allowed_by_id,allowed_at,link_digest,ends_at,closed_at",
    "membership": "S:id,account_id,organisation_id,role,services,ended_at",
    "audit_event": "O:id,commitment",
    "audit_body": "O:event_id,occurred_at,action,outcome W:subjects,body S:account,organisation X:salt",
    "audit_pending": "O:event_id,txid,recorded_at",
    "audit_leaf": "O:seq,event_id,leaf",
    "audit_checkpoint": "O:size,root,subtrees,note",
    "audit_key": "O:id,size,signed",
    "audit_handover": (
        "O:id,asked_at,size,signed,proof,made_at,taken_at,previous_id S:asked_by_id R:organisation_id"
    ),
    "source": "R:code,name,contract,organisation_id,authority,promised_days O:vouched_at",
    "delivery": (
        "O:id,source_id,as_at,kind,sha256,mapping,file_name,state,received_at,published_at,held_because,rows_read,"
        "rows_accepted,rows_rejected,rows_changed,records_before,records_leaving,contacts_ending"
    ),
    "feed_file": (
        "O:id,source_id,file_name,folder,size,came_by,given_at,as_at,kind,state,step,tries,sentence,"
        "delivery_id,ended_at S:given_by_id"
    ),
    "feed_decision": "O:id,source_id,delivery_id,what,because,decided_at,done_at S:decided_by_id",
    "rejects_file": "O:delivery_id,rows,reasons",
    "rejection": "O:id,delivery_id,line,field,reason",
    "staged_record": (
        "O:id,delivery_id,line,record,changed X:local_id,facts,involvements,fingerprint,rejected"
    ),
    "staged_link": "O:is_new,decision,weight,levels,model_version X:record,child,partner,sk,fk,sfk",
    "staged_review": "O:id,kind,weight,levels X:record_a,record_b,near_shield",
    "child": "C:number,retired_into_id,archived,stays_until O:created_at W:shielded",
    "source_record": "O:id,source_id,withdrawn_at,last_vouched C:local_id,child_id W:sealed",
    "record_version": (
        "O:id,record_id,delivery_id,as_at,recorded_at,superseded_at,sealed_with W:facts,fingerprint,sealed"
    ),
    "link": (
        "O:id,decision,decided_at,decided_by,weight,levels,model_version,change_id "
        "X:record_id,child_id,partner"
    ),
    "involvement": (
        "O:id,record_id,involvement_id,recorded_at,sealed_with R:service "
        "S:practitioner,practitioner_role,typed_by_id,confirmed_by_id,confirmed_at "
        "W:organisation_id,team,contact_phone,contact_hours,contact_cover,"
        "start_date,end_date,changed_at,end_recorded_at,last_confirmed,lead_practitioner,lead_since,assessment,"
        "consent,consent_until,consent_withdrawn_at,consent_scope,sealed,sealed_said,organisation_tag"
    ),
    "own_word_version": (
        "O:id,held_from,held_until X:involvement_id,practitioner_role,contact_phone,contact_hours,"
        "contact_cover,start_date,end_date,lead_practitioner,lead_since,assessment,sealed_said"
    ),
    "service_point": (
        "O:id,confirmed_on,doubted_on R:organisation_id,service,phone,hours,night,holidays S:confirmed_by_id"
    ),
    "own_look": "O:id S:account_id,organisation_id,looked_at,looked_before",
    "notice_choice": "O:id S:account_id,kind,telling",
    "notice_look": "O:id S:account_id,organisation_id,looked_at,looked_before",
    "digest": "O:id,day,told_from,claimed_at,sent_at X:account_id",
    "digest_run": "O:day,began_at,ended_at",
    "handover": "O:id,offered_at,answer,answered_at X:involvement_id,offered_to_id",
    "correction": (
        "O:id,field,basis,asked_at,answer,because,passed_to,answered_at "
        "X:record_id,said,said_tag,right,asked_by_id,asked_for_id,answered_by_id"
    ),
    "contact_request": (
        "O:id,about,urgency,asked_at,answer_by,state,outcome,changed_at,told_at,desk_told_at,via_id "
        "X:child_id,organisation_id,service,desk,phone,asked_by_id,asked_for_id,to_account_id,taken_by_id"
    ),
    "feedback": (
        "O:id,kind,doing,worked,hindered,miss,harm,wave_id,at,state,answered_at "
        "S:by_id,organisation_id,answered_by_id,text,answer"
    ),
    "known_answer": "O:id,round,pair,verdict,at S:by_id,organisation_id",
    "wave": "O:id,name,kind,planned_on,made_at,state,opened_at S:asked_by_id",
    "reference_change": (
        "O:id,kind,state,at,because,answered_at,done_at,outcome,puts_back_id,added,changed,gone "
        "S:by_id,answered_by_id R:rows,of_one X:children"
    ),
    "model_version": (
        "O:id,version,sha256,body,because,state,proposed_at,against_id,puts_back,report,tries,reported_at,"
        "answered_at,in_force_from,in_force_until,looked_at,outcome S:proposed_by_id,answered_by_id"
    ),
    "source_mapping": (
        "O:id,source_id,version,state,text,against_id,puts_back_id,file_name,folder,tries,report,failed,at,"
        "because,answered_at,until S:by_id,answered_by_id"
    ),
    "wave_body": "O:id,wave_id,since,ended_at,change_id R:organisation_id",
    "wave_step": "O:id,wave_id,step,because,at S:by_id",
    "shields_checked": "R:authority O:how,on S:by_id",
    "training_key": "O:kid,name,public,added_at,ended_at",
    "training_statement": "O:id,key_id,until,at S:account_id,text",
    "contact_step": "O:id,request_id,what,outcome,at X:by_id,to_id",
    "consent_step": (
        "O:id,at X:involvement_id,what,basis,scope,until,understands,relation,decided_by,decided_by_title,"
        "without,by_id,made_for_id"
    ),
    "mediation": (
        "O:id,asked_at,opened_at X:mediator_id,made_for_id,name,title,email,organisation_id,checked,purpose,"
        "purpose_text,child_id"
    ),
    "not_shared": "O:id,at X:child_id,organisation_id,what,reason,decided_by,decided_by_title,by_id",
    "authority_change": (
        "O:id,authority,plan,asked_at,done_at,undone_at,dropped_at "
        "X:because,asked_by_id,agreed_by_id,undo_asked_by_id,undo_agreed_by_id"
    ),
    "authority_change_row": "O:id,tab,col,undone X:change_id,row_key,was,becomes",
    "authority_move": (
        "O:id X:child_id,from_authority,to_authority,state,reason,given_because,opened_at,answer_by,"
        "escalated_at,answered_at,answered_by_id,closed_at"
    ),
    "ward_postcode": "O:postcode,ward,name,authority",
    "area_rework": "O:id,districts,asked_at X:done_through",
    "team_word": (
        "O:id,kind,known_from,because,authority,said_at,taken_back_at,taken_back_because "
        "X:child_id,day,organisation_id,said_by_id,taken_back_by_id"
    ),
    "left_england": "X:child_id,kind,left_on,said_at,said_by_id",
    "unplaced_child": "X:child_id,since",
    "education_list": "O:id,authority,month,made_at,covered",
    "education_item": "O:id,of_list_id X:child_id,why,since,decision,decided_by_id,decided_at",
    "family_request": (
        "O:id,made_at,moved_at X:child_id,asker,identity,entitlement,received_on,due_on,state,because,"
        "passed_on,made_for_id,made_by_id,moved_by_id"
    ),
    "review_case": "O:id,kind,weight,levels,opened_at X:record_a_id,record_b_id,near_shield",
    "identity_change": "O:id,kind,made_at X:kept_id,other_id,because,made_by,undoes_id",
    "identity_move": "O:id X:change_id,record_id,from_child_id,to_child_id",
    "kept_apart": "O:id,said_at,ended_at X:record_a_id,record_b_id",
    "mixed_question": "X:change_id,opened_by_id,opened_at,decide_by,outcome,decided_by_id,decided_at",
    "case_word": "O:id,levels,said_at X:record_a_id,record_b_id,what,parts,by_id",
    "case_decision": (
        "O:id,kind,weight,levels,what,decided_at,done_at,undone_at,outcome X:record_a_id,record_b_id,because,"
        "parts,decided_by_id,decided_as,decided_for_id,undoes_id,change_id"
    ),
    "incident_shut": (
        "O:id,scope,organisation_id,source_id,because,asked_at,shut_at,opened_at "
        "S:asked_by_id,agreed_by_id,open_asked_by_id,opened_by_id"
    ),
    "use_item": (
        "O:id,day,last_day,team_size,state,made_at X:account_id,organisation_id,child,restricted,reviewed_by,"
        "codes,weight,explained,events"
    ),
    "past_row": "O:id,tab,until,sealed_with X:row_key,image,sealed",
    "reinstatement": "O:id,asked_at,agreed_at X:account_id,because,asked_by_id,agreed_by_id",
    "setting_change": (
        "O:id,key,value,words,because,asked_at,state,answered_at X:asked_by_id,answered_by_id"
    ),
    "setting_version": "O:id,key,value,words,from_when,because,loosens X:by_id,agreed_by_id",
    "ruleset": "O:id,version,since",
    "replay_request": (
        "O:id,asked_at,answered_at X:child_id,account_id,moment,because,asked_by_id,organisation_id,role,"
        "protected,answer"
    ),
    "use_step": "O:id,what,at X:item_id,because,by_id",
    "quality_count": "O:id,week,source_id,area,place_kind,place,figures",
    "use_count": "O:id,day,scope,figures",
    "children_count": "O:id,month,area,figures",
    "partner_count": "O:id,month,figures R:organisation_id",
    "use_day": "O:day,judged_at,settled_at X:figures",
    "use_sign_off": "O:id,month,signed_at X:reviewed_by,figures,because,signed_by_id",
    "staff_home": "O:id,kept_at X:account_id,digest",
    "search_identity": (
        "O:id C:child_id,forename,surname,known_as,sk,fk,sfk,dob,dob_text,sex "
        "W:shielded,postcode,sec,dis,la,town"
    ),
    "search_key": "O:id,kind C:child_id W:key",
    "match_identity": (
        "O:sealed_with X:record_id,child_id,withdrawn,facts,sk,fk,sfk,dob,postcode,nhs_number,upn"
    ),
    "index_aside": "O:name,of_table,definition",
    "answered_form": "O:id,key,action,answered_at S:account_id,sent,answer",
    "throttle": "O:bucket,window,used",
    "shield": (
        "O:id X:child_id,ground,placed_at,placed_by,review_by,lifted_at,state,authority,confirm_by,lift_at,"
        "kept_from_id"
    ),
    "shield_step": "O:id X:shield_id,what,was,becomes,by_id,made_for_id,at,answers,review_by,lift_at",
    "paired_authority": "X:authority,second_desk",
    "pairing_change": (
        "O:id X:authority,second_desk,both_ways,because,state,asked_by_id,asked_at,answered_by_id,answered_at"
    ),
    "near_look": "X:shield_id,at",
    "near_child": "O:id X:shield_id,child_id,shares,found_at,outcome,decided_by_id,decided_at",
    "kept_attempt": "O:id X:shield_id,event,how,at,found_at,outcome,decided_by_id,decided_at",
    "breach_question": "X:shield_id,opened_by_id,opened_at,decide_by,outcome,decided_by_id,decided_at",
    "override_right": "O:id X:account_id,until,given_by_id,given_at,agreed_by_id,agreed_at,ended_at",
    "override_use": (
        "O:id X:event,child_id,authority,account_id,organisation_id,reason,used_at,told_at,outcome,"
        "closed_by_id,closed_at"
    ),
    "sealed_pair": "X:pair",
    "sealed_half": "X:half,other",
    "pair_proposal": "O:id X:typed,typed_again,ground,first_by_id,asked_at,second_by_id,outcome,ended_at",
    "crosser": "O:id X:account_id,place,until,named_by_id,named_at,agreed_by_id,agreed_at,ended_at",
    "crossing": (
        "O:id X:number,answer,reason,asked_by_id,asked_at,agreed_by_id,agreed_at,answered_at,seen_at,ended_at"
    ),
    "seal_key": "O:number,fingerprint,since,retired_at,in_audit",
    "archived": "X:child_id,why,since,purge_on,authority O:archived_at,checked_at",
    "stay_consent": "O:id X:child_id,given_on,recorded_at,recorded_by_id,withdrawn_at",
    "retention_run": "O:day,step,began_at,ended_at,figures X:after",
    "purging": "O:txid",
}

# Tables that the libraries make. A session's data are what was searched and opened: they may say where a
# child is.
_LIBRARIES = {
    "django_session": "S:session_key O:expire_date W:session_data",
    "django_migrations": "O:id,app,name,applied",
    "django_content_type": "O:id,app_label,model",
    "auth_permission": "O:id,name,content_type_id,codename",
    "auth_group": "O:id,name",
    "auth_group_permissions": "O:id,group_id,permission_id",
    "account_emailaddress": "O:id,verified,primary S:email,user_id",
    "account_emailconfirmation": "O:id,created,sent,key,email_address_id",
    "mfa_authenticator": "O:id,type,created_at,last_used_at S:user_id,data",  # secrets in it are encrypted
    "sign_in_limit": "O:cache_key,value,expires",
}


def _parse(text: str) -> dict[str, Sensitivity]:
    parts = (part.split(":") for part in text.split())
    return {column: _DEGREES[letter] for letter, columns in parts for column in columns.split(",")}


COLUMNS: dict[str, dict[str, Sensitivity]] = {table: _parse(text) for table, text in _TABLES.items()}
LIBRARY_COLUMNS: dict[str, dict[str, Sensitivity]] = {
    table: _parse(text) for table, text in _LIBRARIES.items()
}

"""`python -m contactpoint.cli.people`: makes the demonstration's accounts, as the owner of the tables.

Neither the pages nor the worker may make an account. Running again adds only what is missing.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from contactpoint.cli.sign_ins import SignIn, read_sign_ins
from contactpoint.domain.errors import Conflict, NotFound

YEAR: Final = timedelta(days=365)
RECENTLY: Final = timedelta(days=60)
# Amina manages Ben, and Dev of the authority manages her: who lost their telephone asks there.
MANAGERS: Final = {"ben@demo.example": "amina@demo.example", "amina@demo.example": "dev@demo.example"}


def main() -> None:
    """Give everybody of the sign-ins file an account in good standing, with a one-time code set up."""
    import django

    django.setup()
    from django.utils import timezone

    now = timezone.now()
    for sign_in in read_sign_ins(Path(os.environ["CONTACTPOINT_HOME"])):
        _give_account(sign_in, now)
        _set_up_code(sign_in)
    for email, manager in MANAGERS.items():
        _name_manager(email, manager, now)


def _give_account(sign_in: SignIn, now: datetime) -> None:
    from contactpoint.actions.run.accredit_organisation import accredit_organisation
    from contactpoint.actions.run.create_account import create_account
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.domain.disclosure.answers import Refusal

    by, today = system_viewer("demo"), now.date()
    accredit_organisation(code=sign_in.organisation, until=today + YEAR, by=by, at=now)
    try:
        made = create_account(
            email=sign_in.email,
            password=sign_in.password,
            name=sign_in.name,
            organisation=sign_in.organisation,
            role=sign_in.role,
            job_title=sign_in.job_title,
            services=sign_in.services,
            checked_on=today - RECENTLY,
            trained_until=today + YEAR,
            agreement_signed_on=today - RECENTLY,
            by=by,
            at=now,
        )
    except Conflict:
        return  # an earlier start made it
    if isinstance(made, Refusal):
        raise NotFound(f"No account was made for {sign_in.email}: {made.sentence}")


def _name_manager(email: str, manager: str, now: datetime) -> None:
    from contactpoint.actions.account.recovery import name_manager
    from contactpoint.domain.disclosure.actors import system_viewer
    from contactpoint.storage.accounts import account_of
    from contactpoint.storage.recovery import manager_of

    account, named = account_of(email), account_of(manager)
    if account is not None and named is not None and manager_of(account) is None:
        name_manager(account=account, manager=named, by=system_viewer("demo"), at=now)


def _set_up_code(sign_in: SignIn) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from django.db import transaction

    from contactpoint.access.audit import note_second_factor
    from contactpoint.storage.accounts import account_of

    account = account_of(sign_in.email)
    kind = Authenticator.Type.TOTP
    if account is None or Authenticator.objects.filter(user_id=account, type=kind).exists():
        return
    with transaction.atomic():
        secret = get_adapter().encrypt(sign_in.code_secret)
        Authenticator.objects.create(user_id=account, type=kind, data={"secret": secret})
        note_second_factor(account, request_id="demo")


if __name__ == "__main__":
    main()

"""Somebody who proved once more who they are, as the sign-in library writes it into a session."""

import time

from allauth.account.internal.flows import login


def prove(client, account, at=None):
    """Note in a client's session that its owner entered their second factor again, now or `at` that time."""
    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account)
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        *session.get(login.AUTHENTICATION_METHODS_SESSION_KEY, []),
        {"method": "mfa", "type": "totp", "at": time.time() if at is None else at, "reauthenticated": True},
    ]
    session.save()

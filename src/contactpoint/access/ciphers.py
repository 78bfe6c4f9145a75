"""Keys of their own for what lies encrypted in the database, derived from the secret that signs sessions."""

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

CODES, DRAFTS = b"contactpoint one-time codes", b"contactpoint drafts"
SESSIONS = b"contactpoint sessions"


def cipher(purpose: bytes) -> Fernet:
    """The cipher of one purpose; what it encrypts no other one reads."""
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))

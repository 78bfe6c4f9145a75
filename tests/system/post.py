"""The e-mails that the product has sent: each a file in its data folder."""

from email import message_from_string


def letters(product):
    """The e-mails so far, oldest first: to whom, what about, and what they say."""
    found = []
    for file in sorted((product.home / "outbox").glob("*.log"), key=lambda one: one.stat().st_mtime):
        for text in file.read_text(encoding="utf-8").split("\n" + "-" * 79 + "\n"):
            letter = message_from_string(text)
            if letter["To"]:
                found.append((letter["To"], letter["Subject"], letter.get_payload(decode=True).decode()))
    return found

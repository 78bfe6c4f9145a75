"""Opening a record from a list of results, as a page does: the button, and how one comes to ask."""


def open_from(client, results, number):
    """Open a child's record, having said how one comes to ask; the page that it led to."""
    record = client.post(f"{results}open/", {"number": number})["Location"]
    return client.post(f"{record}how/", {"how": "with_me"}, follow=True)

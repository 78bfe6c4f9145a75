"""Files are received on a few pages only, from those who may, and straight onto the disk of the inbox."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission

PAGES = {
    "feed_upload": Permission.RUN_FEEDS,
    "people_file": Permission.MANAGE_PEOPLE,
    "try_mapping": Permission.RUN_FEEDS,
    "try_reference": Permission.KEEP_REFERENCE,
    "propose_model": Permission.CHANGE_MODEL,
}
TOO_LARGE = "contactpoint_too_large"


class OnlyFeeds(TemporaryFileUploadHandler):
    """Passes over every file that is sent to another page, by somebody else, or is too large."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - the library's name
        content_length: int,
        *more: Any,
        **named: Any,
    ) -> None:
        """Decide before the first byte is kept."""
        del input_data, META, more, named
        self._keeps = _may_upload(self.request)
        self._size = 0
        if self._keeps and content_length > settings.DELIVERY_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._too_large()

    def new_file(self, *given: Any, **named: Any) -> None:
        """Begin a file, or pass over it."""
        if not self._keeps:
            raise SkipFile
        Path(settings.FILE_UPLOAD_TEMP_DIR or "").mkdir(mode=0o700, parents=True, exist_ok=True)
        super().new_file(*given, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, unless it is one too many."""
        self._size += len(raw_data)
        if self._size > settings.DELIVERY_LIMIT:
            self._too_large()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)

    def _too_large(self) -> None:
        self._keeps = False
        setattr(self.request, TOO_LARGE, True)


def received(file: Any) -> Path:
    """Where an uploaded file lies until the request ends."""
    if not isinstance(file, TemporaryUploadedFile):
        message = "Files are received by OnlyFeeds."
        raise TypeError(message)
    return Path(file.temporary_file_path())


def _may_upload(request: HttpRequest | None) -> bool:
    match = request and request.resolver_match
    viewer = getattr(request, "viewer", None)
    if not match or match.url_name not in PAGES or viewer is None or viewer.lapses or not settings.HOME:
        return False
    return PAGES[match.url_name] in PERMISSIONS[viewer.role]

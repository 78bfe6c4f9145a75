"""Where the directory is: days begin and end by the clock of England."""

from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Europe/London")

"""A child whom Amina works with and Ben confirmed, once for all journeys that only need that there is one."""

from tests.system.england import of_oldham
from tests.system.test_my_children import say_and_confirm

SAID_PHONE = "0161 496 0790"
_SAID = {}


def child_of_aminas(visit, product):
    """The child, and their name as pages show it. No journey ends this involvement, or protects the child."""
    if product.home not in _SAID:
        child = of_oldham(product.england, 20)
        _SAID[product.home] = child, say_and_confirm(visit, child, SAID_PHONE)
    return _SAID[product.home]

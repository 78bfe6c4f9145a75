"""Compiled code is never older than any text it was made of."""

import shutil

from contactpoint.linking.engine import kernel, loops
from contactpoint.linking.engine.caching import PACKAGE, digest_of


def test_another_text_of_any_module_is_another_place_and_the_same_text_the_same(tmp_path):
    copy = tmp_path / "linking"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert digest_of(copy) == digest_of(PACKAGE)
    for name in ("engine/kernel_names.py", "model/compare.py"):
        before = digest_of(copy)
        (copy / name).write_text((copy / name).read_text() + "\nONE = 1\n")
        assert digest_of(copy) != before


def test_the_kernel_and_the_loops_are_kept_there():
    for function in (kernel.score_pairs, kernel.forename_levels, loops.fast(loops.look_up, loops.SMALL + 1)):
        assert f"linking-{digest_of(PACKAGE)}" in function.stats.cache_path

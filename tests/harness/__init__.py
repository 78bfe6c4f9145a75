"""Kills the product at random points and judges what is left: nothing lost, nothing doubled, nothing mixed.

`Place` is a directory with a small England in a folder of its own; `Runner` a process that takes files in or
seals,
and can be killed; `Window` a person at a browser; `Killer` chooses whom to kill, and where. A named point is
reached
without hooks in the product: the harness holds a lock on the table that the next statement writes, sees in
PostgreSQL
that the victim waits for it, and kills.
"""

# For developers: each target is one call of the command, which does all set-up itself.
.PHONY: demo test test-slow check bench national

demo:
	./contactpoint demo

test:
	./contactpoint test

test-slow:
	./contactpoint test -m slow

check:
	./contactpoint check

bench:
	./contactpoint bench

national:
	./contactpoint national

"""The guard of tests/conftest.py: it is no use unless it bites."""

import socket

import pytest


def test_a_test_cannot_reach_another_machine():
    with socket.socket() as wire, pytest.raises(RuntimeError, match="this machine only"):
        wire.connect(("192.0.2.1", 80))


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as wire:
        wire.connect(server.getsockname())

"""The server as a process: where it says to look, how it stops, what it says when it cannot start."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from sidebyside.cli.serving import is_loopback, listen

SITE = """
import time
from django.db import connection
from django.http import HttpResponse
from django.urls import path

SECRET_KEY = "only for this test"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "site_of_the_test"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3", "CONN_MAX_AGE": None,
             "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"}}}

def page(request):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS seen (at)")
        cursor.execute("INSERT INTO seen VALUES (1)")
    return HttpResponse("a page")

def slow(request):
    print("slow began", flush=True)
    time.sleep(30)
    return HttpResponse("too late")

urlpatterns = [path("", page), path("slow/", slow)]
"""
START = """
import sys
from sidebyside.cli.serving import serve
port = int(sys.argv[1])
sys.exit(serve(host="127.0.0.1", port=port, announce=f"Look at http://localhost:{port}"))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder, port, *options):
    (folder / "site_of_the_test.py").write_text(SITE)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "site_of_the_test", "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", START, str(port), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)


@contextmanager
def running(folder, *options):
    port = free_port()
    process = start(folder, port, *options)
    try:
        assert process.stdout.readline() == f"Look at http://localhost:{port}\n", process.stderr.read()
        yield process, port
    finally:
        process.kill()
        process.communicate()


def get(port, path="/"):
    connection = http.client.HTTPConnection("localhost", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def ended(process):
    began = time.monotonic()
    _, said = process.communicate(timeout=8)
    assert time.monotonic() - began < 5
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_says_where_to_look_answers_and_stops_clean(tmp_path, number):
    with running(tmp_path) as (process, port):
        for _ in range(3):
            assert get(port) == (200, "a page")
        process.send_signal(number)
        assert ended(process) == (0, "")
    # Every thread has closed its connection: the write-ahead log is folded in and gone.
    assert not list(tmp_path.glob("site.sqlite3-*"))
    with sqlite3.connect(tmp_path / "site.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM seen").fetchone() == (3,)
    database.close()


def test_a_page_that_hangs_does_not_keep_the_server(tmp_path):
    with running(tmp_path) as (process, port):
        waiting = socket.create_connection(("localhost", port))
        waiting.sendall(b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert process.stdout.readline() == "slow began\n"
        process.send_signal(signal.SIGTERM)
        status, _ = ended(process)
        waiting.close()
        assert status == 0


def test_a_taken_port_is_a_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = start(tmp_path, port)
        status, said = ended(process)
    assert status == 1
    assert said == f"Port {port} is taken by another program. Stop that one, or choose another port with --port.\n"


def test_the_other_loopback_address_counts_as_taken():
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            return  # this machine speaks the older family only: there is no other address
        other.listen()
        with pytest.raises(OSError, match="in use"):
            listen("localhost", other.getsockname()[1])


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system has no such option")
def test_the_system_gives_up_who_confirms_nothing():
    listening = listen("localhost", 0)
    try:
        listening[0].listen()
        with socket.create_connection(listening[0].getsockname()[:2]):
            taken, _address = listening[0].accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 90_000
    finally:
        for each in listening:
            each.close()


def test_only_this_machine_is_loopback():
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "::1"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.168.1.5", "example.org", ""]))

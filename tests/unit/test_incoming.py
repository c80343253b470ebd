"""Where a request ends, however its bytes arrive."""

from __future__ import annotations

import re

import pytest

from webapp.server.incoming import MOST_HEAD_BYTES, Arrived, Incoming

MOST = 1000
PLAIN = b"GET /orders?page=2 HTTP/1.1\r\nHost: shop\r\n\r\n"
FORM = b"POST /login HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nabcde"
CHUNKED = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5;note=1\r\npedia\r\n0\r\n\r\n"
TRAILERS = CHUNKED[:-2] + b"Expires: never\r\n\r\n"


def read(*parts: bytes) -> Incoming:
    incoming = Incoming(MOST)
    for part in parts:
        incoming.feed(part)
    return incoming


@pytest.mark.parametrize("request_bytes", [PLAIN, b"\r\n" + PLAIN, FORM, CHUNKED, TRAILERS])
def test_a_request_is_whole_with_its_last_byte_and_not_before(request_bytes: bytes) -> None:
    at_once, byte_by_byte = read(request_bytes), Incoming(MOST)
    progress = [byte_by_byte.feed(bytes([byte])) for byte in request_bytes]

    assert at_once.progress is Arrived.WHOLE
    assert progress[-1] is Arrived.WHOLE
    assert Arrived.WHOLE not in progress[:-1]


def test_the_next_request_may_follow_at_once() -> None:
    assert read(FORM + PLAIN).progress is Arrived.WHOLE


def test_method_and_address_are_known_with_the_head() -> None:
    incoming = read(FORM[:-5])

    assert (incoming.progress, incoming.method, incoming.target) == (Arrived.BODY, b"POST", b"/login")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: five",
        b"Content-Length: 9999999999999999999",
        b"Content-Length: -5",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: identity, chunked",
    ],
)
def test_what_does_not_say_where_it_ends_is_left_to_gunicorn_at_once(head: bytes) -> None:
    assert read(b"POST / HTTP/1.1\r\n" + head + b"\r\n\r\n").progress is Arrived.UNCLEAR


@pytest.mark.parametrize(
    "chunk",
    [
        *[b"-5\r\n", b"0x5\r\n", b"\r\n", b"1_0\r\n", b" 5\r\n", b"5" * 5000],
        *[b"1\r\naXX0\r\n\r\n", b"0\r\n" + b"a" * 5000],
        *[b"5;a\nb\r\n", b"5;a\rb\r\n", b"0;a\n\r\n\r\n", b"5;\0\r\n", b'5;a="\r\n', b"5 a\r\n"],
        *[b"0\r\nA: b\n\r\n\r\n", b"0\r\nA\r\n\r\n", b"0\r\nHost: x\r\n\r\n"],
        b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_malformed_chunk_is_left_to_gunicorn_at_once(chunk: bytes) -> None:
    assert read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", chunk).progress is Arrived.UNCLEAR


def test_noughts_before_a_length_do_not_hide_the_body() -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: " + b"0" * 40 + b"5\r\n\r\n"

    assert [read(head).progress, read(head, b"abcde").progress] == [Arrived.BODY, Arrived.WHOLE]


def test_a_head_without_end_is_too_long() -> None:
    assert read(b"GET / HTTP/1.1\r\n", b"X-A: b\r\n" * (MOST_HEAD_BYTES // 8)).progress is Arrived.HEAD_TOO_LONG


def test_a_body_that_is_too_long_is_not_waited_for() -> None:
    assert read(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n").progress is Arrived.BODY
    assert read(b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n").progress is Arrived.TOO_LONG
    assert read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"fffff\r\n").progress is Arrived.TOO_LONG
    just_too_long = [b"%x\r\n" % MOST, b"a" * MOST + b"\r\n1\r\n"]
    assert read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", *just_too_long).progress is Arrived.TOO_LONG
    endless = read(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\na\r\n"] * 2000)
    assert endless.progress is Arrived.TOO_LONG


def test_a_client_that_waits_to_be_told_to_go_on_is_known() -> None:
    waits = FORM.replace(b"\r\n\r\n", b"\r\nExpect: 100-Continue\r\n\r\n")

    assert read(waits).expects_go_ahead
    assert not read(FORM).expects_go_ahead
    assert not read(waits.replace(b"HTTP/1.1", b"HTTP/1.0")).expects_go_ahead, "it does not know the answer"


UPLOADS = {re.compile(b"/imports"): 5000, re.compile(b"/stock/[0-9]+/picture"): 2000}
HEAD = b"POST /imports?x=1 HTTP/1.1\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize("piece", [1, 700, 10_000])
def test_a_long_body_of_an_address_that_takes_files_goes_to_the_disk(piece: int) -> None:
    whole = HEAD % 4000 + b"abcd" * 1000
    incoming = Incoming(MOST, UPLOADS)
    progress = [incoming.feed(whole[at : at + piece]) for at in range(0, len(whole), piece)]

    assert progress[-1] is Arrived.WHOLE
    assert set(progress[:-1]) <= {Arrived.HEAD, Arrived.BODY}
    assert (len(incoming.data), incoming.bytes_on_disk) == (0, len(whole))
    assert b"".join(incoming.pieces()) == whole


def test_an_address_with_a_number_in_it_takes_files_too() -> None:
    incoming = Incoming(MOST, UPLOADS)
    whole = HEAD.replace(b"imports", b"stock/12/picture") % 2000 + b"abcd" * 500

    assert incoming.feed(whole) is Arrived.WHOLE
    assert incoming.bytes_on_disk == len(b"".join(incoming.pieces())) == len(whole)


@pytest.mark.parametrize(
    "head", [HEAD % 5001, HEAD.replace(b"POST", b"PUT ") % 4000, HEAD.replace(b"imports", b"orders") % 4000]
)
def test_nothing_else_may_be_long(head: bytes) -> None:
    incoming = Incoming(MOST, UPLOADS)

    assert incoming.feed(head + b"abcd") is Arrived.TOO_LONG
    assert incoming.file is None


def test_a_short_file_stays_in_memory() -> None:
    incoming = Incoming(MOST, UPLOADS)
    incoming.feed(HEAD % 1000 + b"abcd" * 250)

    assert (incoming.progress, incoming.bytes_on_disk) == (Arrived.WHOLE, 0)
    assert list(incoming.pieces()) == [HEAD % 1000 + b"abcd" * 250]

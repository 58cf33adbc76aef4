"""What the card page may tell: every message of the pattern is read, everything else is None."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deskpay.ui.cards.capture.returns import Broken, Complaint, Done, Invalid, Ready, Return, Typed, parse

NONCE = "abcdefghijklmnopqrstuvwxyz_-0123"
EVENT = f"deskpay://capture/event?n={NONCE}&"
DONE = f"deskpay://capture/done?n={NONCE}&"
ID = "201028230732590232"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (EVENT + "k=ready", Ready()),
        (EVENT + "k=state&b=VIS&v=1", Typed("VIS", valid=True)),
        (EVENT + "k=state&b=&v=0", Typed("", valid=False)),
        (EVENT + "k=invalid&f=code", Invalid("code")),
        (EVENT + "k=error&w=expired", Broken(Complaint.EXPIRED)),
        (DONE + f"t={ID}&b=ECA", Done(ID, "ECA")),
        (DONE + f"t={ID}&b=", Done(ID, "")),
    ],
)
def test_a_message_of_the_pattern_is_read(url: str, told: Return) -> None:
    assert parse(url, NONCE) == told


@pytest.mark.parametrize(
    "url",
    [
        EVENT + "k=ready&k=ready",
        EVENT + "k=ready ",
        EVENT + "k=ready\n",
        EVENT + "k=ready#x",
        EVENT + f"t={ID}&b=VIS",
        DONE + "k=ready",
        DONE + f"t={ID[:-1]}&b=VIS",
        DONE + f"t={ID}0&b=VIS",
        DONE + "t=٢٠١٠٢٨٢٣٠٧٣٢٥٩٠٢٣٢&b=VIS",
        DONE + f"t={ID}&b=VISA",
        DONE + f"t={ID}&b=vis",
        DONE + f"t={ID}&b=VIS&cardNumber=4242424242424242",
        EVENT + "k=error&w=constructor",
        EVENT.replace(NONCE, NONCE[::-1]) + "k=ready",
        EVENT.replace(NONCE, NONCE[:-1]) + "k=ready",
        EVENT.replace("deskpay:", "DESKPAY:") + "k=ready",
        EVENT.replace("deskpay:", "https:") + "k=ready",
        EVENT.replace("//capture", "//x@capture") + "k=ready",
        EVENT.replace("//capture", "//capture:1") + "k=ready",
        "",
        "deskpay://capture/",
        EVENT.replace("capture/event", "event/") + "k=ready",
    ],
)
def test_anything_else_is_nothing(url: str) -> None:
    assert parse(url, NONCE) is None


def test_the_reference_is_in_no_repr() -> None:
    assert ID not in repr(parse(DONE + f"t={ID}&b=VIS", NONCE))


_RESTS = st.text(st.sampled_from(string.ascii_lowercase + string.digits + "&=-%;/?#. VIS\n"), max_size=40)
_MANGLED = st.builds(
    lambda route, nonce, rest: f"deskpay://capture/{route}?n={nonce}&{rest}",
    st.sampled_from(["event", "event/", "done", "done/", "done//", "capture/", "done/x"]),
    st.sampled_from([NONCE, NONCE.upper(), "", NONCE + "x"]),
    _RESTS,
)
_WELL_FORMED = {
    *(EVENT + rest for rest in ("k=ready", "k=invalid&f=number", "k=invalid&f=code")),
    *(EVENT + f"k=error&w={complaint.value}" for complaint in Complaint),
}


@settings(max_examples=10_000, deadline=None)
@example(EVENT + "k=ready\x00")
@given(st.one_of(_MANGLED, st.text(max_size=300), st.text(max_size=300).map(lambda text: EVENT + text)))
def test_ten_thousand_malformed_returns_are_nothing(url: str) -> None:
    if url not in _WELL_FORMED:
        assert parse(url, NONCE) is None


@settings(max_examples=500)
@given(st.text(st.sampled_from(string.ascii_letters + string.digits + "_-"), min_size=32, max_size=32))
def test_another_load_s_nonce_is_refused(nonce: str) -> None:
    assert (parse(DONE + f"t={ID}&b=VIS", nonce) is None) == (nonce != NONCE)

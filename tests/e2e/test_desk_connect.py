"""The way in: what is typed there, what answers, and what the clerk reads when it does not work."""

import socket
from pathlib import Path

import pytest

from deskpay.app.assemble import open_desk
from deskpay.app.connection import Connection
from deskpay.domain.errors import AnotherHotel
from deskpay.sandbox.access import NET_TOKEN
from deskpay.settings import Settings
from tests.e2e.desk_stage import CONTROL, AtDesk, Key, some_server
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


async def type_in(desk: AtDesk, *typed: str) -> None:
    """Fill the page's fields from the top, and press the button by keyboard."""
    page = desk.window.connect_page
    for line, text in zip(page._lines(), typed, strict=True):
        await desk.clerk.tab_to(line.editor)
        await desk.clerk.type_over(text)
    await desk.clerk.tab_to(page._connect)
    await desk.clerk.press(Key.Key_Space)


def beside(desk: AtDesk) -> dict[str, str]:
    """What is said beside each field."""
    return {line.label: line.message for line in desk.window.connect_page._lines() if line.message}


def typed_still(desk: AtDesk) -> tuple[str, ...]:
    """What stands in the fields."""
    return tuple(line.text() for line in desk.window.connect_page._lines())


def test_a_running_hotel_is_joined(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            page = desk.window.connect_page
            keys = ((page._secret_key, sandbox.paymongo_secret_key), (page._public_key, sandbox.paymongo_public_key))
            for line, text in keys:
                await desk.clerk.tab_to(line.editor)
                await desk.clerk.type_over(text)
            await type_in(desk, sandbox.connector, sandbox.fields, sandbox.client_token, sandbox.access_token)
            await desk.until("the desk", lambda: desk.screen.isVisible() and desk.screen.guests.state == "guests")
            assert (tmp_path / "training").is_dir()
            assert desk.program.open is not None
            assert desk.program.open.front.acquirer is not None
            await desk.find("tumblegate")

    run(scene())


@pytest.mark.parametrize(
    ("at", "text", "field", "sentence"),
    [
        (0, "", "Address", "Type the address."),
        (0, "not an address", "Address", "This is not the address of a Mews server."),
        (0, "https://api.mews.com", "Address", "This cannot be used here."),
        (1, "http://example.com:1", "Card vault address", "This cannot be used here."),
        (2, "", "Client token", "Paste the client token."),
        (3, "", "Access token", "Paste the access token."),
        (2, "wrong", "Access token", "Mews does not let DeskPay do this. Nothing was done."),
        (3, "wrong", "Access token", "Mews does not let DeskPay do this. Nothing was done."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, at: int, text: str, field: str, sentence: str
) -> None:
    typed = [sandbox.connector, sandbox.fields, sandbox.client_token, sandbox.access_token]
    typed[at] = text

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            await type_in(desk, *typed)
            await desk.until("the sentence", lambda: sentence in beside(desk).get(field, ""))
            assert list(beside(desk)) == [field]
            assert typed_still(desk) == tuple(typed)
            page = desk.window.connect_page
            assert page._connect.isEnabled()
            assert desk.program.open is None
            await desk.clerk.tab_to(page._lines()[at].editor)
            await desk.clerk.type_over(
                (sandbox.connector, sandbox.fields, sandbox.client_token, sandbox.access_token)[at]
            )
            await desk.clerk.tab_to(page._connect)
            await desk.clerk.press(Key.Key_Space)
            await desk.until("the desk", desk.screen.isVisible)
            await desk.until("the lists", lambda: desk.screen.guests.state == "guests")

    run(scene())


@pytest.mark.parametrize(
    ("status", "body", "media"),
    [
        (200, b"<!doctype html><title>Sign in to the Wi-Fi</title>", "text/html"),
        (404, b"<h1>Not Found</h1>", "text/html"),
        (200, b'{"hello": "world"}', "application/json"),
    ],
    ids=["sign-in page", "404", "other JSON"],
)
def test_a_server_that_is_not_mews_is_named(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, status: int, body: bytes, media: str
) -> None:
    async def scene(address: str) -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            await type_in(desk, address, "", sandbox.client_token, sandbox.access_token)
            await desk.until("the sentence", lambda: "it is not Mews" in beside(desk).get("Address", ""))
            assert typed_still(desk)[0] == address
            assert desk.program.open is None

    with some_server(status, body, media) as address:
        run(scene(address))


def test_no_network_is_told_with_a_remedy(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            await type_in(desk, address, "", sandbox.client_token, sandbox.access_token)
            await desk.says("Mews cannot be reached. Nothing was sent, no money moved.", "Check the network")
            assert typed_still(desk) == (address, "", sandbox.client_token, sandbox.access_token)
            assert desk.window.connect_page._connect.isEnabled()

    run(scene())


def test_tokens_of_another_hotel_than_the_chosen_one_open_nothing(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    chosen = Connection(sandbox.connector, sandbox.fields, sandbox.client_token, NET_TOKEN, lasting=True)

    async def scene() -> None:
        with pytest.raises(AnotherHotel) as caught:
            await open_desk(chosen.for_hotel("the hotel that was chosen"), Settings(data_folder=tmp_path))
        assert caught.value.name == "The Copper Kettle Inn"

    run(scene())
    assert list(tmp_path.iterdir()) == []


def test_training_starts_from_the_page_and_leaves_nothing(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            await desk.clerk.tab_to(desk.window.connect_page._start)
            await desk.clerk.press(Key.Key_Space)
            await desk.until("the desk", lambda: desk.screen.isVisible() and desk.screen.guests.state == "guests")
            await desk.clerk.press(Key.Key_F, CONTROL)
            process = desk.program._process
            assert process is not None
            assert process._process.poll() is None
            await desk.close()
            assert process._process.poll() is not None

    run(scene())
    assert list(tmp_path.iterdir()) == []


def test_the_window_can_be_closed_while_training_starts(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, connect=False) as desk:
            await desk.clerk.tab_to(desk.window.connect_page._start)
            await desk.clerk.press(Key.Key_Space)
            await desk.says("Opening the training hotel", of=desk.window)
            process = desk.program._process
            assert process is not None
            await desk.close()
            assert process._process.poll() is not None

    run(scene())

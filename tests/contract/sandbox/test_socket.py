"""The event socket, as a client written for Mews opens it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from deskpay.sandbox.access import ACCESS_TOKEN, CLIENT_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN
from tests.contract.sandbox.door import Door
from tests.contract.sandbox.running import TIMEOUT_S, Running

Json = dict[str, Any]


@contextmanager
def listening(
    running: Running, access: str = ACCESS_TOKEN, client: str = CLIENT_TOKEN, path: str = "/ws/connector"
) -> Iterator[ClientConnection]:
    address = f"ws://{running.listeners.api_address}{path}"
    cookies = {"Cookie": f"ClientToken={client}; AccessToken={access}"}
    with connect(address, additional_headers=cookies, open_timeout=TIMEOUT_S, proxy=None) as connection:
        yield connection


def told(connection: ClientConnection) -> Json:
    (event,) = json.loads(connection.recv(TIMEOUT_S))["Events"]
    return dict(event)


def happen(running: Running, what: str, customer_id: str | None = None) -> None:
    asked = {"what": what, "customer_id": customer_id}
    assert running.request("POST", "/_sandbox/happenings", asked)[0] == 200


@pytest.mark.parametrize("token", [ACCESS_TOKEN, PORTFOLIO_TOKEN])
def test_whoever_listens_hears_of_guests_and_rooms(running: Running, token: str) -> None:
    door = Door(running.world)
    tansy, winifred = (door.guest(name)["Id"] for name in ("Pepperpot", "Cloudberry"))
    hotel = running.world.hotel
    with listening(running, token) as connection:
        happen(running, "arrival", tansy)
        (stay,) = hotel.reservations.where("AccountId", tansy)
        assert told(connection) == {
            "Type": "Reservation",
            "Id": stay["Id"],
            "State": "Started",
            "StartUtc": stay["ScheduledStartUtc"],
            "EndUtc": stay["ScheduledEndUtc"],
            "AssignedResourceId": stay["AssignedResourceId"],
        }
        happen(running, "departure", winifred)
        (stay,) = hotel.reservations.where("AccountId", winifred)
        assert told(connection) == {"Type": "Resource", "Id": stay["AssignedResourceId"], "State": "Dirty"}
        assert told(connection)["State"] == "Processed"


def test_what_another_house_does_is_not_heard(running: Running) -> None:
    with listening(running, NET_TOKEN) as connection:
        happen(running, "no_show")
        with pytest.raises(TimeoutError):
            connection.recv(0.2)


def test_a_reset_does_not_cut_the_line(running: Running) -> None:
    with listening(running) as connection:
        assert running.request("POST", "/_sandbox/reset")[0] == 200
        happen(running, "no_show")
        assert told(connection)["State"] == "Canceled"


@pytest.mark.parametrize(
    "wrong", [{"access": "unknown"}, {"client": "unknown"}, {"path": "/ws"}, {"path": "/paymongo"}]
)
def test_strangers_and_other_addresses_are_refused(running: Running, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refusal, listening(running, **wrong):
        pass
    assert refusal.value.response.status_code == 403
    assert len(running.world.events) == 0

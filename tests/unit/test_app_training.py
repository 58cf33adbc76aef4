"""The training hotel as a child: it says where it is, and never outlives this process."""

import pytest

from deskpay.app import training
from deskpay.app.training import TrainingProcess
from deskpay.domain.errors import HotelUnavailable
from tests.kit.loops import CoroutineRunner


def test_it_starts_says_where_it_is_and_ends(run_plain: CoroutineRunner) -> None:
    async def scene() -> None:
        process = TrainingProcess()
        hotel = await process.ready()
        assert hotel.connector.startswith("http://127.0.0.1:")
        assert hotel.fields.startswith("http://localhost:")
        assert hotel.client_token not in repr(hotel)
        assert hotel.access_token not in repr(hotel)
        await process.stop()
        assert process._process.returncode == 0

    run_plain(scene())


def test_one_that_cannot_start_is_told(run_plain: CoroutineRunner) -> None:
    async def scene() -> None:
        process = TrainingProcess("--port", "no-number")
        with pytest.raises(HotelUnavailable):
            await process.ready()
        await process.stop()

    run_plain(scene())


def test_one_that_is_silent_is_ended(run_plain: CoroutineRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "START_TIMEOUT_S", 0.01)

    async def scene() -> None:
        process = TrainingProcess()
        with pytest.raises(HotelUnavailable, match="did not start"):
            await process.ready()
        await process.stop()
        assert process._process.poll() is not None

    run_plain(scene())

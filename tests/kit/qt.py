"""What must be done before the one QApplication of a test run exists."""

from importlib.util import find_spec

import pytest


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Clean the web engine's environment and register the card page's scheme: both are too late afterwards."""
    if find_spec("deskpay.ui") and find_spec("deskpay.ui.cards") and find_spec("deskpay.ui.cards.capture.scheme"):
        from deskpay.ui.cards.capture.environment import clean_environment
        from deskpay.ui.cards.capture.scheme import register_scheme

        clean_environment()
        register_scheme()
    return ["deskpay"]

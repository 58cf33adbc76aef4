"""What must be done before the one QApplication of a test run exists."""

import pytest


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Clean the web engine's environment and register the card page's scheme: both are too late afterwards."""
    from deskpay.ui.cards.capture.environment import clean_environment
    from deskpay.ui.cards.capture.scheme import register_scheme

    clean_environment()
    register_scheme()
    return ["deskpay"]

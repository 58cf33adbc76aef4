"""The one QApplication of a test run, made in the order and by the function the app itself uses."""

import pytest
from PySide6.QtWidgets import QApplication

_applications: list[QApplication] = []
"""Keeps the application until the process ends; Qt must not lose it while windows are being collected."""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application. The web engine's environment and the card page's scheme are too late once it exists."""
    from deskpay.app.loop import make_application
    from deskpay.ui.cards.capture.environment import clean_environment
    from deskpay.ui.cards.capture.scheme import register_scheme

    if not _applications:
        clean_environment()
        register_scheme()
        _applications.append(make_application())
    return _applications[0]

"""Words about people and what they may do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from deskpay.domain.operator import Right, Role
from deskpay.ui.components.environment_bar import Environment


def _said(words: str) -> str:
    return QCoreApplication.translate("Staff", words)


def role_words(role: Role) -> str:
    """Return what a role is called at the desk."""
    return {
        Role.CLERK: _said("Front desk"),
        Role.SUPERVISOR: _said("Supervisor"),
        Role.AUDITOR: _said("Night auditor"),
        Role.MANAGER: _said("Manager"),
    }[role]


def right_words(right: Right) -> str:
    """Return what a right lets people do."""
    return {
        Right.CHARGE: _said("take money"),
        Right.RECORD: _said("write payments down and close bills"),
        Right.REFUND: _said("give money back"),
        Right.OVERRIDE: _said("take the same amount again"),
        Right.RESOLVE: _said("decide about payments that are not known"),
        Right.BATCH: _said("run the night's batch"),
        Right.STAFF: _said("change who works here"),
    }[right]


def secret_words(*, by_password: bool) -> str:
    """Return what somebody types to prove who they are."""
    return _said("Password") if by_password else _said("PIN")


def training_hint(environment: Environment, pin: str) -> str:
    """Return what a trainee has to know; nothing outside training."""
    if environment is not Environment.TRAINING:
        return ""
    return _said("In training every PIN is {pin}.").format(pin=pin)


def initials(name: str) -> str:
    """Return the letters that stand for a person."""
    return "".join(part[0] for part in name.split()[:2]).upper()

"""The settings page and what stands behind it: read when it comes into view, changed by whoever may."""

from __future__ import annotations

from collections.abc import Callable

from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused
from deskpay.domain.operator import Right, Role
from deskpay.services.change_setting import OwnSettings, change_setting, may_change
from deskpay.services.house_limits import HouseLimits
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.ui.present_error import words_for
from deskpay.ui.settings.limit_editor import LimitOrder, LimitsSeen
from deskpay.ui.settings.settings_view import SettingsView
from deskpay.ui.settings.words import lock_words


class SettingsFlow:
    """Joins the page to the settings.

    Args:
        view: the page.
        seat: who is at the desk.
        staff: keeps what was changed on record.
        settings: of this desk.
        scope: owns what is asked.
        apply: called with name and value of what was changed, for what holds at once.
        limits: what each role does alone.
    """

    def __init__(
        self,
        view: SettingsView,
        seat: Seat,
        staff: Staff,
        settings: OwnSettings,
        scope: TaskScope,
        apply: Callable[[str, str], None],
        limits: HouseLimits,
    ) -> None:
        self._view = view
        self._seat = seat
        self._staff = staff
        self._settings = settings
        self._scope = scope
        self._apply = apply
        self._limits = limits
        view.changed.connect(lambda name, written: scope.start(self._change(name, written), name="change a setting"))
        view.limit.ordered.connect(lambda order: scope.start(self._set_limit(order), name="set a limit"))

    def read(self) -> None:
        """Read everything anew and show it."""
        self._scope.start(self._read(), name="read the settings")

    async def _read(self) -> None:
        self._show_limits()
        try:
            listed = await self._settings.all()
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.say(words.sentence, words.text)
            return
        self._view.show_settings([(setting, may_change(self._seat, setting)) for setting in listed])

    def _show_limits(self) -> None:
        limits = self._limits
        both = [(role, right) for role in Role for right in Right]
        locks = {
            (role, right): lock_words(fixed=limits.fixed(role, right), manages=self._seat.may(Right.STAFF))
            for role, right in both
            if not limits.may_set(role, right)
        }
        self._view.show_limits(LimitsSeen(limits.rules, limits.currencies, locks))

    async def _set_limit(self, order: LimitOrder) -> None:
        editor = self._view.limit
        try:
            await self._limits.set_limit(order.role, order.right, order.most)
        except DeskPayError as problem:
            editor.refuse(words_for(problem).sentence)
            return
        self._show_limits()
        editor.show_kept()

    async def _change(self, name: str, written: str) -> None:
        row = self._view.rows[name]
        try:
            await change_setting(self._seat, self._staff, self._settings, name, written)
        except DeskPayError as problem:
            row.refuse(row.words.takes if _is_unfit(problem) else words_for(problem).sentence)
            return
        await self._read()
        row.show_kept()
        self._apply(name, written)


def _is_unfit(problem: DeskPayError) -> bool:
    """Tell whether the value itself was refused; the row names what it takes."""
    return (
        isinstance(problem, InputRefused)
        and problem.field is Field.SETTING
        and problem.problem in {InputProblem.BAD_FORM, InputProblem.EMPTY}
    )

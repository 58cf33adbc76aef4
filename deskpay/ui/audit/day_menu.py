"""A calendar that opens below its button and closes once a day is chosen."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QMenu, QWidget, QWidgetAction


class DayMenu(QMenu):
    """The calendar. Arrows move in it, Enter or a click chooses.

    Signals:
        chosen: the day, as a date.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = QCalendarWidget()
        self._calendar.setAccessibleName(self.tr("Choose a day"))
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            # Red is for what went wrong; a hotel's weekend is a day like others.
            self._calendar.setWeekdayTextFormat(weekend, QTextCharFormat())
        action = QWidgetAction(self)
        action.setDefaultWidget(self._calendar)
        self.addAction(action)
        self._calendar.clicked.connect(self._on_chosen)
        self._calendar.activated.connect(self._on_chosen)
        self.aboutToShow.connect(self._calendar.setFocus)

    def show_day(self, day: date, last: date) -> None:
        """Mark `day`; days after `last` cannot be chosen."""
        self._calendar.setMaximumDate(QDate(last.year, last.month, last.day))
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))

    def _on_chosen(self, day: QDate) -> None:
        # A click and Enter both come with a double click; the menu is gone by the second.
        if self.isVisible():
            self.close()
            self.chosen.emit(date(day.year(), day.month(), day.day()))

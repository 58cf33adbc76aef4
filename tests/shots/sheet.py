"""The components sheet: every component in its states, as the visual design shows them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.field import ChoiceField, Field
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.segments import QuickChoice, Segments
from deskpay.ui.components.state_chip import Chip, ChipState, StateChip, Tone, chip_for
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.components.timeline import Step, StepState, Timeline
from deskpay.ui.theme import tokens
from tests.shots.scene import Scene
from tests.shots.stage import Stage


def _group(title: str, *rows: QWidget | Sequence[QWidget]) -> QFrame:
    """A titled box; a sequence stands side by side."""
    box = QFrame()
    box.setObjectName("group")
    color = tokens().colors
    look = f"background: {color['bg.surface']}; border: 1px solid {color['border.subtle']}; border-radius: 8px;"
    box.setStyleSheet(f"#group {{ {look} }}")
    column = QVBoxLayout(box)
    column.setContentsMargins(14, 10, 14, 12)
    column.setSpacing(8)
    column.addWidget(Text(title, "small", "text.secondary", weight=600))
    for row in rows:
        if isinstance(row, QWidget):
            column.addWidget(row)
            continue
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in row:
            line.addWidget(part)
        line.addStretch()
        column.addLayout(line)
    return box


def _off(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def _buttons() -> QFrame:
    busy = Button("Charge £312.40", ButtonKind.PRIMARY)
    busy.set_busy("Charging")
    rest = (Button("Charge £312.40", ButtonKind.PRIMARY), Button("Cancel", key="Esc"))
    return _group(
        "Buttons: one primary per window",
        (*rest, Button("Refresh", ButtonKind.GHOST), Button("Link", ButtonKind.LINK)),
        (_off(Button("Charge £312.40", ButtonKind.PRIMARY)), _off(Button("Cancel", key="Esc")), busy),
        (
            Button("Charge another", ButtonKind.DANGER),
            Button("Record it", ButtonKind.DANGER_OUTLINE),
            Button("Show", size=ButtonSize.DENSE, key="Alt U"),
        ),
    )


def _choices() -> QFrame:
    on, off = Tick("On"), Tick("Empty")
    on.setChecked(True)
    chosen = QuickChoice("£320.00")
    chosen.set_on(True)
    return _group(
        "Choices",
        (on, off, _off(Tick("Off"))),
        (Segments([("a", "In house 42", ""), ("b", "Arriving 11", ""), ("c", "Leaving 9", "")]),),
        (QuickChoice("Exact"), chosen),
    )


def _bars() -> QFrame:
    return _group("Environment: word, colour and pattern", *(EnvironmentBar(each, strip=True) for each in Environment))


def _fields() -> QFrame:
    empty, filled, error, checking = (
        Field("Empty", placeholder="Slip number"),
        Field("Filled"),
        Field("Error"),
        Field("Checking"),
    )
    choice = ChoiceField("Choice", (("one", "Desk terminal 1"),))
    still, off = Field("Read only"), Field("Disabled", placeholder="Not available")
    for field in (filled, error, checking, still):
        field.set_text("004512")
    error.set_error("Slip already recorded")
    checking.set_checking("Looking for this slip")
    still.editor.setReadOnly(True)
    off.setEnabled(False)
    amount, wrong = AmountField("Amount", "£"), AmountField("Amount", "£")
    amount.set_text("312.40")
    wrong.set_text("912.40")
    wrong.set_error("At most £312.40")
    grid = QWidget()
    cells = QGridLayout(grid)
    cells.setContentsMargins(0, 0, 0, 0)
    cells.setSpacing(10)
    fields: tuple[QWidget, ...] = (empty, filled, error, checking, still, off, choice, QWidget(), amount, wrong)
    for at, part in enumerate(fields):
        cells.addWidget(part, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
    return _group("Fields", grid)


def _chips() -> QFrame:
    chips = [StateChip(chip_for(state)) for state in ChipState] + [StateChip(Chip("In house", Tone.ACCENT))]
    return _group("State chips: icon, word and colour", *(chips[at : at + 3] for at in range(0, len(chips), 3)))


def _messages() -> QFrame:
    return _group(
        "Messages",
        Message(Tone.ACCENT, "", "The terminal has already taken this money."),
        Message(Tone.WARNING, "No saved card can be charged.", "Add a card."),
        Message(Tone.UNKNOWN, "1 payment is not known yet.", "Don't take it again."),
        Message(Tone.DANGER, "No connection to Mews.", "Payments are off.", icon="wifi-off"),
        Message(Tone.SUCCESS, "The card is in the vault.", "It was not saved in Mews yet."),
    )


def _type() -> QFrame:
    return _group(
        "Type",
        *(
            Text(words, style)
            for words, style in (
                ("£1,204.00", "balance"),
                ("£312.40", "amount"),
                ("Ottoline Pepperwick", "guest"),
                ("Charge a saved card", "title"),
                ("Saved cards", "strong"),
                ("Visa •••• 1111, expires 04/28", "body"),
                ("Leaves tomorrow", "small"),
                ("DP-7K4M-2Q9C", "mono"),
            )
        ),
    )


def _rows() -> QFrame:
    cards = RadioCards(
        (
            RadioCard("a", "VISA", "Visa •••• 1111", "Expires 04/28", right="Charged today 09:14"),
            RadioCard("b", "MC", "Mastercard •••• 4444", "Expires next month, 12/26", warning=True),
            RadioCard("c", "AMEX", "Amex •••• 0005", reason="Expired 09/26"),
        )
    )
    cards.set_current("a")
    return _group("Rows", cards)


def _story() -> QFrame:
    steps = (
        Step("Sent to Mews", StepState.DONE, "14:31:08"),
        Step("No answer within 30 s", StepState.FAILED, "14:31:38"),
        Step("Check 1: not in Mews yet", StepState.CHECKED, "14:31:43"),
        Step("Check 2", StepState.CHECKING, "in 15 s"),
        Step("Later", StepState.LATER),
    )
    return _group("Timeline", Timeline(steps))


def _show(stage: Stage, *columns: Sequence[QWidget]) -> None:
    """Fill the window with columns of groups."""
    page = QWidget()
    page.setObjectName("sheet")
    page.setStyleSheet(f"#sheet {{ background: {tokens().colors['bg.window']}; }}")
    row = QHBoxLayout(page)
    row.setContentsMargins(14, 14, 14, 14)
    row.setSpacing(14)
    for groups in columns:
        column = QVBoxLayout()
        column.setSpacing(14)
        for group in groups:
            column.addWidget(group)
        column.addStretch()
        row.addLayout(column, 1)
    stage.window.setCentralWidget(page)


async def _inputs(stage: Stage) -> None:
    _show(stage, (_buttons(), _choices(), _rows()), (_fields(),))


async def _marks(stage: Stage) -> None:
    _show(stage, (_bars(), _story(), _chips()), (_messages(), _type()))


SCENES = (Scene("components-inputs", _inputs), Scene("components-marks", _marks))

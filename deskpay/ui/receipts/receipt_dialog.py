"""The receipt of a payment: on which paper, in which language, printed or as a file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.receipt import Receipt, ReceiptKind
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField
from deskpay.ui.components.message import Message
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.receipts.paper import Paper
from deskpay.ui.receipts.receipt_document import Look, ReceiptPage
from deskpay.ui.theme import tokens
from deskpay.ui.words.guest_language import LANGUAGES, guest_language
from deskpay.ui.words.money import MoneyWords

_WIDTH = 860
_OPTIONS = 320
_PREVIEW = QSize(440, 430)


class ReceiptDialog(DialogShell):
    """Shows a receipt and asks how it is wanted.

    Args:
        window: the window it belongs to.
        receipt: what it says.
        look: how it looks at first.
        environment: what the payment was.
        money: how the desk writes amounts.

    `print_requested` and `pdf_requested` carry the page. `left` says that the clerk is done.
    """

    print_requested = Signal(object)
    pdf_requested = Signal(object)
    left = Signal()

    def __init__(
        self, window: QWidget, receipt: Receipt, look: Look, environment: Environment, money: MoneyWords
    ) -> None:
        super().__init__(window, "", strip=self.tr("Receipt"), environment=environment, width=_WIDTH)
        titles = {
            ReceiptKind.CHARGED: self.tr("Receipt"),
            ReceiptKind.RECORDED: self.tr("Receipt of a record"),
            ReceiptKind.REFUNDED: self.tr("Refund receipt"),
        }
        about = self.tr("{amount}, {means}").format(
            amount=money.show(receipt.amount), means=receipt.card or receipt.tender
        )
        self.set_title(titles[receipt.kind], about)
        self._receipt, self._look = receipt, look
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(self._build_options())
        row.addWidget(self._build_preview(), 1)
        self.body.addLayout(row)
        self.pdf_button = self.add_left_action(Button(self.tr("Save PDF…"), icon="file-text", size=ButtonSize.ACTION))
        self.pdf_button.clicked.connect(lambda: self.pdf_requested.emit(self.page))
        self.close_button = self.add_action(Button(self.tr("Close"), size=ButtonSize.ACTION, key="Esc"))
        self.close_button.clicked.connect(self.reject)
        self.set_confirm(self.tr("Print the copy") if look.copy else self.tr("Print the receipt"))
        self.confirmed.connect(lambda: self.print_requested.emit(self.page))
        self.rejected.connect(self.left)
        self._show()

    def _build_options(self) -> QVBoxLayout:
        papers = ((Paper.ROLL, self.tr("80 mm roll")), (Paper.A6, self.tr("A6")), (Paper.A4, self.tr("A4")))
        self.paper = Segments([(paper.name, words, "") for paper, words in papers], name=self.tr("Paper"))
        self.paper.set_current(self._look.paper.name)
        self.paper.chosen.connect(lambda key: self._change(paper=Paper[key]))
        self.language = ChoiceField(self.tr("Language"))
        for code in LANGUAGES:
            self.language.editor.addItem(guest_language(code).name, code)
        self.language.editor.setCurrentIndex(LANGUAGES.index(self._look.language.code))
        self.language.editor.currentIndexChanged.connect(
            lambda at: self._change(language=guest_language(LANGUAGES[at]))
        )
        self.with_open = Tick(self.tr("Show what is still open"))
        self.with_open.setChecked(self._look.with_open)
        self.with_open.setVisible(self._receipt.still_open is not None)
        self.with_open.toggled.connect(lambda on: self._change(with_open=on))
        self.with_server = Tick(self.tr("Show who served the guest"))
        self.with_server.setChecked(self._look.with_server)
        self.with_server.toggled.connect(lambda on: self._change(with_server=on))
        self.told = Text("", "small", "text.secondary", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(Text(self.tr("Paper"), "small", "text.secondary", weight=500))
        column.addWidget(self.paper)
        for widget in (self.language, self.with_open, self.with_server):
            column.addWidget(widget)
        hint = self.tr("A receipt proves the payment. For a tax invoice, close the bill.")
        column.addWidget(Message(Tone.NEUTRAL, "", hint, icon="info"))
        column.addWidget(self.told)
        column.addStretch()
        self.paper.setFixedWidth(_OPTIONS)
        return column

    def _build_preview(self) -> QWidget:
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(_PREVIEW.height() + 24)
        self._picture.setStyleSheet(f"background: {tokens().colors['bg.sunken']};")
        return self._picture

    @override
    def open(self) -> None:
        """Show the dialog; the arrows choose the paper at once."""
        super().open()
        self.paper.setFocus()

    @property
    def page(self) -> ReceiptPage:
        """The receipt as it is shown."""
        return ReceiptPage(self._receipt, self._look)

    def tell(self, words: str) -> None:
        """Say what became of a print or a file."""
        self.told.setText(words)

    def copies_from(self, number: int) -> None:
        """Mark what is printed from now on as a copy."""
        self.set_confirm(self.tr("Print the copy"))
        self._change(copy=number)

    def _change(self, **changes: object) -> None:
        self._look = replace(self._look, **changes)  # type: ignore[arg-type]  # the callers above name its own fields
        self._show()

    def _show(self) -> None:
        page, ratio = self.page, self.devicePixelRatioF()
        size = page.size_mm
        width = min(_PREVIEW.width(), round(_PREVIEW.height() * size.width() / size.height()))
        self._picture.setPixmap(QPixmap.fromImage(page.preview(width, ratio)))
        self._picture.setAccessibleName(self.tr("Preview of the receipt"))

"""Asking how a guest is to be asked to pay. Confirming takes nothing: the guest pays by an act of their own."""

from __future__ import annotations

from datetime import UTC

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import MAX_NOTE, check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Money
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.domain.terminal import Terminal
from deskpay.services.ask_guest import AskOrder
from deskpay.services.guest_pages import IDEAL_CURRENCY
from deskpay.services.read_guest import GuestFile
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.text import Text
from deskpay.ui.components.text_area import TextArea
from deskpay.ui.components.tick import Tick
from deskpay.ui.desk.section import Rule
from deskpay.ui.payments.amount_entry import AmountEntry
from deskpay.ui.payments.ask_offers import AskOffers, AskStart
from deskpay.ui.payments.ask_preview import AskPreview
from deskpay.ui.payments.link_times import link_times
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.guest_language import LANGUAGES, guest_language
from deskpay.ui.words.tenders import tender_words

LINK, TERMINAL = "link", "terminal"

_WIDTH = 820
_PREVIEW_WIDTH = 316


class AskDialog(Asking[AskOrder]):
    """Asks for a request to pay, by link, by an alternative method or at a terminal.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        offers: which ways there are.
        environment: where it would go.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        start: what it starts with.
    """

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        offers: AskOffers,
        environment: Environment,
        reference: str,
        room: str = "",
        start: AskStart | None = None,
    ) -> None:
        self._words = GuestWords(file, room)
        super().__init__(
            window,
            self.tr("Ask the guest to pay"),
            self._words.about,
            strip=self.tr("Ask the guest"),
            environment=environment,
            width=_WIDTH,
        )
        self._file = file
        self._offers = offers
        self._own_words = False
        self._turned_from = ""
        self._times = {moment.isoformat(): moment for moment, _ in link_times(self._words)}
        self._build()
        self.set_reference(reference)
        self.add_cancel()
        self.set_confirm(self.tr("Ask"))
        self._begin(start or AskStart())

    # Building

    def _build(self) -> None:
        words, customer = self._words, self._file.customer
        balance = self.tr("Open balance {amount}").format(amount=words.show(self._file.balance))
        self.means = Segments(self._means(), tall=True, name=self.tr("How the guest is to pay"))
        self.entry = AmountEntry(words, self.tr("Amount"), aux=balance, rates=self._offers.rates)
        self.email = fields.Field(self.tr("Send to"), aux=self.tr("From the guest's Mews profile"))
        self.email.set_text(customer.email or self.tr("No e-mail address"))
        self.email.editor.setReadOnly(True)
        self.by_email = Tick(self.tr("Mews e-mails the link to the guest"))
        self.cause = ChoiceField(self.tr("Reason"), self._reasons())
        self.until = ChoiceField(
            self.tr("Link works until"), [(moment.isoformat(), said) for moment, said in link_times(words)]
        )
        self.language = ChoiceField(self.tr("Language"), [(code, guest_language(code).name) for code in LANGUAGES])
        self.story = TextArea(self.tr("Message to the guest"))
        self.terminal = ChoiceField(self.tr("Terminal"), [(t.id, t.name) for t in self._offers.terminals])
        self.preview = AskPreview(words)
        self.preview.setFixedWidth(_PREVIEW_WIDTH)
        self._of_link = QWidget()
        link = QVBoxLayout(self._of_link)
        link.setContentsMargins(0, 0, 0, 0)
        link.setSpacing(14)
        pair, tongue = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((pair, (self.cause, self.until)), (tongue, (self.language,))):
            row.setSpacing(12)
            for part in parts:
                row.addWidget(part, 1)
        tongue.addStretch(1)
        link.addWidget(self.email)
        link.addWidget(self.by_email)
        link.addLayout(pair)
        link.addWidget(self.story)
        link.addLayout(tongue)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(14)
        for part in (self.means, self.entry, self._of_link, self.terminal):
            form.addWidget(part)
        if self._offers.no_terminal:
            form.addWidget(Text(self._offers.no_terminal, "small", "text.tertiary", wrap=True))
        form.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(form, 1)
        row.addWidget(Rule())
        row.addWidget(self.preview)
        self.body.addLayout(row)

    def _listen(self) -> None:
        edited = (
            (Field.AMOUNT, self.entry.amount, self.entry.edited),
            (Field.CURRENCY, self.entry.currency_choice, self.entry.edited),
            (Field.NOTE, self.story, self.story.edited),
            (Field.UNTIL, self.until, self.until.chosen),
            (Field.TENDER, self.terminal, self.terminal.chosen),
            (Field.EMAIL, self.email, self.by_email.toggled),
        )
        for field, labelled, signal in edited:
            self.register(field, labelled, signal)
        self.cause.chosen.connect(lambda _key: self.revise())
        self.story.edited.connect(self._on_story_edited)
        self.language.chosen.connect(lambda _code: self._write_message())
        self.means.chosen.connect(lambda _key: self._show_means())

    def _means(self) -> list[tuple[str, str, str]]:
        methods = dict.fromkeys(
            m for currency in self._file.hotel.currencies for m in self._offers.pages.offered(currency.code)
        )
        means = [(LINK, self.tr("Pay link"), "mail")]
        means += [(code, self.tr("{method} code").format(method=tender_words(code)), "qr-code") for code in methods]
        if self._offers.terminals:
            means.append((TERMINAL, self.tr("Card terminal"), "nfc"))
        return means

    def _reasons(self) -> list[tuple[str, str]]:
        return [
            (PayReason.OTHER.value, self.tr("Open balance")),
            (PayReason.CARD_DECLINED.value, self.tr("Card declined")),
            (PayReason.CARD_MISSING.value, self.tr("No card on file")),
            (PayReason.DEPOSIT.value, self.tr("Deposit")),
            (PayReason.PREPAYMENT.value, self.tr("Payment in advance")),
            (PayReason.FEE.value, self.tr("Fee")),
        ]

    def _begin(self, start: AskStart) -> None:
        amount = start.amount or self._file.balance
        if amount.positive:
            self.entry.fill(amount)
        self.cause.set_current(start.reason.value)
        self.language.set_current(guest_language(self._file.customer.language).code)
        self.by_email.setChecked(bool(self._file.customer.email))
        self._write_message()
        self._show_means()

    def _show_means(self) -> None:
        """Show the inputs of the chosen way; what was typed into others stays for coming back."""
        means = self.means.current()
        self._of_link.setVisible(means == LINK)
        self.terminal.setVisible(means == TERMINAL)
        self._turn_currency(means)
        self.revise()
        self.fit()

    def _turn_currency(self, means: str) -> None:
        """Ask in the one currency that iDEAL takes, and in the one before again once it is passed by."""
        current = self.entry.currency_choice.current()
        if means == "Ideal" and current != IDEAL_CURRENCY:
            self._turned_from = current
            self.entry.choose_currency(IDEAL_CURRENCY)
        elif means != "Ideal" and self._turned_from:
            if current == IDEAL_CURRENCY:
                self.entry.choose_currency(self._turned_from)
            self._turned_from = ""

    def _on_story_edited(self, text: str) -> None:
        self._own_words = bool(text.strip())

    def _write_message(self) -> None:
        """Write the message in the guest's language, unless the clerk has written one."""
        if not self._own_words:
            language = guest_language(self.language.current())
            room = f"{language.say('room').lower()} {self._words.room}" if self._words.room else language.say("other")
            self.story.set_text(language.say("link_message", stay=room))
        self.revise()

    # Asking

    @override
    def focus_first(self) -> None:
        self.entry.amount.setFocus()

    @override
    def compose(self) -> AskOrder | None:
        means = self.means.current()
        amount = self.read(Field.AMOUNT, self.entry.money)
        if amount is not None:
            self.entry.tell_rate(amount)
        link = self._read_link() if means == LINK else None
        method = "" if means in {LINK, TERMINAL} else means
        if method and amount is not None and method not in self._offers.pages.offered(amount.currency.code):
            self.hold(
                self.tr("{method} takes {currency} only.").format(method=tender_words(method), currency=IDEAL_CURRENCY)
            )
            amount = None
        self._tell(means, amount, link)
        if amount is None or (means == LINK and link is None):
            return None
        return AskOrder(
            reference=self.reference,
            customer=self._file.customer,
            reservation_id=self._file.reservation.id if self._file.reservation else None,
            amount=amount,
            link=link,
            method=method,
            terminal=self._chosen_terminal() if means == TERMINAL else None,
        )

    def _chosen_terminal(self) -> Terminal:
        return next(t for t in self._offers.terminals if t.id == self.terminal.current())

    def _read_link(self) -> LinkTerms | None:
        story = self.read(Field.NOTE, lambda: check_text(self.story.text(), Field.NOTE, required=True))
        mailable = self.read(Field.EMAIL, self._read_email)
        self.story.set_aux(self.tr("{count} of {most}").format(count=len(self.story.text()), most=MAX_NOTE))
        if story is None or mailable is None:
            return None
        return LinkTerms(
            reason=PayReason(self.cause.current()),
            expires_utc=self._times[self.until.current()].astimezone(UTC),
            description=story,
            by_email=self.by_email.isChecked(),
            language=guest_language(self.language.current()).tag,
        )

    def _read_email(self) -> bool:
        if self.by_email.isChecked() and not self._file.customer.email:
            raise InputRefused(Field.EMAIL, InputProblem.EMPTY)
        return True

    # Telling

    @property
    @override
    def confirm_words(self) -> ConfirmWords:
        """The amount and the way confirmed, for the question about a repeat."""
        label = self.confirm_button.label if self.confirm_button is not None else ""
        amount = self._words.show(self.entry.money())
        return ConfirmWords(
            about=self._words.about,
            amount=amount,
            what=label,
            badge={LINK: "icon:link", TERMINAL: "icon:nfc"}.get(self.means.current(), "icon:qr-code"),
            title=self.tr("This guest was asked for the same money, or paid it"),
            question=self.tr("Why are they asked again?"),
            again=label,
            leave=self.tr("Don't ask"),
            reference=self.reference,
        )

    def _tell(self, means: str, amount: Money | None, link: LinkTerms | None) -> None:
        if means == LINK:
            self.preview.show_link(amount, link, guest_language(self.language.current()))
            label = self.tr("E-mail pay link for {amount}")
            if not self.by_email.isChecked():
                label = self.tr("Make pay link for {amount}")
            self.set_note(self.tr("While the link is open, DeskPay warns before any other charge"))
        elif means == TERMINAL:
            self.preview.show_terminal(amount, self.terminal.editor.currentText())
            label = self.tr("Send {amount} to the terminal")
            self.set_note(self.tr("Nothing is taken before the guest holds a card to it"))
        else:
            self.preview.show_code(amount, tender_words(means))
            label = self.tr("Show {method} code for {amount}")
            self.set_note(self.tr("Nothing is taken before the guest confirms"))
        if amount is None:
            self.set_confirm(self.tr("Ask"))
            return
        shown, spoken = (
            label.format(amount=show(amount), method=tender_words(means))
            for show in (self._words.show, self._words.say)
        )
        self.set_confirm(shown, spoken)

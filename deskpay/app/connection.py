"""A hotel to connect to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from deskpay.app.training import TrainingHotel
from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import HOSTS, Environment
from deskpay.domain.errors import AnotherHotel
from deskpay.domain.hotel import Hotel
from deskpay.settings import Settings
from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.connect_page import TypedConnection

DEMO_TOKENS = (
    "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
    "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
)
"""Of the public test hotel with gross prices; the whole world has them. Source: Mews Connector API, "Environments"."""


@dataclass(frozen=True, slots=True)
class PayMongoAccount:
    """A merchant's account at PayMongo.

    Args:
        address: of the interface in training; empty elsewhere, where the host is compiled in.
        secret_key: stays in this process.
        public_key: goes to the card page.
        code_call: how the code of a saved card is sent anew, which PayMongo's sources tell differently.
        saved_list: which list of saved cards is asked; either is recommended somewhere.
        tender: external type that charges are written down as in Mews; empty for a card payment.
    """

    address: str
    secret_key: str = field(repr=False)
    public_key: str
    code_call: CodeCall = CodeCall.PUT
    saved_list: str = "v1"
    tender: str = ""

    @classmethod
    def of(cls, environment: Environment, address: str, secret_key: str, public_key: str) -> PayMongoAccount | None:
        """Return the account of a connection with these keys, None where it has neither."""
        if not secret_key and not public_key:
            return None
        return cls(address if environment is Environment.TRAINING else "", secret_key, public_key)


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a hotel answers, and the tokens that open it.

    Args:
        address: of its Connector API.
        fields_address: of its card fields in training, empty where cards cannot be added; empty elsewhere.
        client_token: as the Connector API asks.
        access_token: as the Connector API asks.
        lasting: True when the hotel outlives this process, and so must the journal.
        environment: what it is.
        hotel_id: enterprise id that must answer; empty where any may.
        paymongo: the hotel's account there, where it has one.
    """

    address: str
    fields_address: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)
    lasting: bool
    environment: Environment = Environment.TRAINING
    hotel_id: str = ""
    paymongo: PayMongoAccount | None = None

    @classmethod
    def to(cls, hotel: TrainingHotel, *, lasting: bool) -> Connection:
        """Return the connection to a training hotel; `lasting` when it was not started here."""
        account = PayMongoAccount(hotel.connector, hotel.paymongo_secret_key, hotel.paymongo_public_key)
        return cls(hotel.connector, hotel.fields, hotel.client_token, hotel.access_token, lasting, paymongo=account)

    @classmethod
    def typed(cls, typed: TypedConnection) -> Connection:
        """Return the connection that was typed in; hosts and tokens that ship with DeskPay take their place."""
        client, access = typed.client_token, typed.access_token
        if typed.environment is Environment.DEMO:
            client, access = DEMO_TOKENS
        training = typed.environment is Environment.TRAINING
        address = typed.address if training else f"https://{HOSTS[typed.environment]}"
        account = PayMongoAccount.of(typed.environment, address, typed.secret_key, typed.public_key)
        return cls(
            address,
            typed.fields_address,
            client,
            access,
            lasting=True,
            environment=typed.environment,
            paymongo=account,
        )

    @classmethod
    def known(
        cls, known: KnownConnection, client_token: str, access_token: str, secret_key: str = "", public_key: str = ""
    ) -> Connection:
        """Return a connection that was set up before, with its tokens and, where the hotel has any, PayMongo's keys."""
        return cls(
            known.address,
            known.fields_address,
            client_token,
            access_token,
            lasting=True,
            environment=known.environment,
            hotel_id=known.hotel_id,
            paymongo=PayMongoAccount.of(known.environment, known.address, secret_key, public_key),
        )

    def check(self, hotel: Hotel) -> None:
        """Refuse another hotel than the one that must answer.

        Raises:
            AnotherHotel: it is another.
        """
        if self.hotel_id and hotel.id != self.hotel_id:
            raise AnotherHotel(hotel.name)

    def as_set(self, settings: Settings) -> Connection:
        """Return the connection with what the settings say of the hotel's account at PayMongo."""
        if self.paymongo is None:
            return self
        account = replace(
            self.paymongo,
            code_call=CodeCall(settings.paymongo_code_call),
            saved_list=settings.paymongo_saved_list,
            tender=settings.paymongo_tender,
        )
        return replace(self, paymongo=account)

    def for_hotel(self, hotel_id: str) -> Connection:
        """Return the connection bound to the hotel that answered."""
        return replace(self, hotel_id=hotel_id)

"""The guests that training, the tour and the pictures know by name; everything else is drawn from the seed."""

from dataclasses import dataclass
from decimal import Decimal

from deskpay.sandbox.hotel.people import Person
from deskpay.sandbox.hotel.stays import CONFIRMED, DEPARTED, IN_HOUSE, Builder, Sold, Stay


@dataclass(frozen=True, slots=True)
class Known:
    """One of the cast: a person, their cards as (brand, number, months to expiry), and their stay."""

    person: Person
    stay: Stay
    cards: tuple[tuple[str, str, int], ...] = ()


def _guest(
    first: str,
    last: str,
    sex: str,
    room: str,
    days: tuple[int, int],
    number: int,
    owes: str,
    *cards: tuple[str, str, int],
) -> Known:
    return Known(Person(first, last, None, sex), Stay(room, *days, IN_HOUSE, number, Decimal(owes)), cards)


KNOWN = (
    _guest("Isolde", "Brambleworth", "Female", "117", (-3, 0), 48190, "1204.00", ("Visa", "415972******2044", 20)),
    _guest("Rufus", "Mapledown", "Male", "312", (-1, 1), 48221, "64.00", ("MasterCard", "545454******8210", 9)),
    # Always declined: see deskpay.sandbox.gateway.
    _guest("Barnaby", "Quillfeather", "Male", "108", (-1, 2), 48224, "86.50", ("Amex", "371449*****1009", 26)),
    # Waits for the cardholder's bank.
    _guest("Cosmo", "Lanternby", "Male", "203", (-1, 2), 48226, "45.00", ("Visa", "400000******3155", 14)),
    _guest("Philippa", "Tumblegate", "Female", "209", (-2, 3), 48207, "590.25", ("Visa", "453201******8807", 31)),
    # Charged only after a while.
    _guest(
        "Henrietta", "Larkspindle", "Female", "305", (-1, 3), 48228, "148.00", ("MasterCard", "520000******0077", 18)
    ),
    _guest("Mortimer", "Candlewax", "Male", "401", (-4, 4), 48170, "2350.00"),
    _guest("Fenella", "Thistlewick", "Female", "102", (-2, 1), 48209, "0", ("Visa", "401200******6218", 11)),
    _guest("Anselm", "Goosegrove", "Male", "211", (-3, 2), 48186, "0", ("Visa", "402400******7310", 24)),
    _guest("Winifred", "Cloudberry", "Female", "318", (-2, 2), 48212, "0"),
    _guest("Crispin", "Pepperwhistle", "Male", "126", (-1, 2), 48219, "0", ("Visa", "448562******5561", 7)),
    Known(
        Person("Tansy", "Pepperpot", None, "Female"),
        Stay("210", 0, 3, CONFIRMED, 48391, Decimal(120), (Sold("Theatre tickets", Decimal(60), 2, 0, 0),)),
        (("Visa", "476173******9010", 16),),
    ),
    Known(
        Person("Rosalind", "Marchpane", None, "Female"),
        Stay("112", -14, -10, DEPARTED, 47216, Decimal(18)),
    ),
)

_EMAILS = {"Marchpane": "pep@marchpane.example"}


def lay(builder: Builder) -> None:
    """Add the cast to the hotel."""
    _ottoline(builder)
    for known in KNOWN:
        customer = builder.person(known.person, known.stay.arrives)
        customer["Email"] = _EMAILS.get(known.person.last, customer["Email"])
        for brand, number, months in known.cards:
            builder.card(customer, brand, number, months)
        builder.stay(customer, known.stay)
    # Not a guest: customers/search finds paymasters although they are in no room.
    paymaster = builder.person(Person("", "Teapot Banqueting"), -90)
    paymaster["Classifications"] = ["PaymasterAccount"]


def _ottoline(builder: Builder) -> None:
    """Room 214: every kind of line, card and payment; exactly 312.40 open."""
    calendar = builder.calendar
    customer = builder.person(Person("Ottoline", "Pepperwick", None, "Female"), -2)
    customer |= {
        "Email": "ottoline@pepperwick.example",
        "Phone": "01632 960 214",
        "Notes": "Send receipts by e-mail. Company pays the room from January.",
        "Classifications": ["Returning"],
    }
    visa = builder.card(customer, "Visa", "411111******1111", 17)
    builder.card(customer, "MasterCard", "555555******4444", 1)
    builder.card(customer, "Amex", "378282*****0005", -2)
    slip = builder.card(customer, "MasterCard", "************4444", 1, Kind="Terminal")

    stay = builder.stay(customer, Stay("214", -2, 1, IN_HOUSE, 48213, sold=()))
    room_bill = builder.bill(customer, "Room and extras", -2, 15)
    company_bill = builder.bill(customer, "Pepperwick Umbrella Co.", -2, 16)
    company_bill["AssociatedAccountIds"] = [builder.ids.new()]
    builder.sell(
        room_bill,
        stay,
        (
            Sold("Lamplight Double, 3 nights", Decimal(265), 3, -2, 0, night=True),
            Sold("Dinner, The Saucer Room", Decimal(128), 1, -2, -2),
            Sold("Laundry", Decimal(62), 1, -1, -1),
            Sold("Breakfast \N{MULTIPLICATION SIGN} 3", Decimal(18), 3, -1, 1),
            Sold("Minibar", Decimal("23.40"), 1, -1, -1),
        ),
    )
    failed = builder.payment(room_bill, stay, Decimal(180), calendar.past(-2, 14, 58), state="Failed")
    builder.by_card(failed, visa)
    terminal = builder.payment(room_bill, stay, Decimal(180), calendar.past(-2, 15, 2))
    builder.by_card(terminal, slip)
    terminal["Notes"] = "Terminal 2, slip 004821"
    cash = builder.payment(room_bill, stay, Decimal(120), calendar.past(-1, 20, 41))
    builder.by_cash(cash)
    charged = builder.payment(room_bill, stay, Decimal(450), calendar.past(0, 9, 14))
    builder.by_card(charged, visa)
    builder.stay(customer, Stay(None, 84, 86, CONFIRMED, 49210))

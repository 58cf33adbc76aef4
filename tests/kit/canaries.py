"""Card numbers of every kind, valid by their check digit, the same ones every time."""

import random

SEED = 20_261_126
BEGINNINGS = {"4": 16, "51": 16, "2221": 16, "34": 15, "37": 15, "6011": 16, "36": 14, "3528": 16, "62": 16, "50": 13}


def card_numbers(count: int) -> list[str]:
    """Their digits alone."""
    draw = random.Random(SEED)  # noqa: S311 - the same numbers every time
    made = []
    for at in range(count):
        beginning, length = list(BEGINNINGS.items())[at % len(BEGINNINGS)]
        body = beginning + "".join(draw.choice("0123456789") for _ in range(length - len(beginning) - 1))
        doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(body + "0")))
        made.append(body + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10))
    return made


def canaries(count: int) -> list[str]:
    """As people write them, with words around."""
    draw = random.Random(SEED)  # noqa: S311 - the same words every time
    made = []
    for number in card_numbers(count):
        gap = draw.choice(["", " ", "-", ".", "\N{NO-BREAK SPACE}"])
        grouped = gap.join(number[start : start + 4] for start in range(0, len(number), 4))
        made.append(draw.choice(["{}", "card {}", "{} 12/28", "room 214 {} thanks", "VISA:{}"]).format(grouped))
    return made

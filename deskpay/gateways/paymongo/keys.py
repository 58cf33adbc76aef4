"""The two keys of an account, told apart before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from deskpay.domain.environment import Environment
from deskpay.domain.errors import Field, InputProblem, InputRefused


@dataclass(frozen=True, slots=True)
class Keys:
    """What identifies the merchant; the secret one is shown nowhere.

    Args:
        secret: may do everything; stays in this process.
        public: may only make payment methods; goes to the card page.
    """

    secret: SecretStr
    public: str


def keys_of(environment: Environment, secret: str, public: str) -> Keys:
    """Return the two keys of a connection.

    Source: PayMongo, "API keys": ``sk_`` and ``pk_``, each with ``test_`` or ``live_``. Test and live objects never
    meet, so a live connection takes live keys and any other takes test keys.

    Raises:
        InputRefused: one is empty, is the other kind of key, or belongs to the other mode.
    """
    _check(Field.SECRET_KEY, secret.strip(), "sk_", environment)
    _check(Field.PUBLIC_KEY, public.strip(), "pk_", environment)
    return Keys(SecretStr(secret.strip()), public.strip())


def _check(field: Field, key: str, kind: str, environment: Environment) -> None:
    if not key:
        raise InputRefused(field, InputProblem.EMPTY)
    if not (key.isascii() and key.replace("_", "").isalnum() and key.startswith(("sk_", "pk_"))):
        raise InputRefused(field, InputProblem.BAD_FORM)
    if not key.startswith(kind):
        raise InputRefused(field, InputProblem.OTHER_KEY)
    mode = "live_" if environment is Environment.LIVE else "test_"
    if not key.startswith(kind + mode):
        raise InputRefused(field, InputProblem.OTHER_MODE)

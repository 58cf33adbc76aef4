"""Payment intents: attaching is charging, and one intent succeeds at most once.

    awaiting_payment_method -> awaiting_next_action -> processing -> succeeded
            ^------------------ failure ------------------'
    capture by hand: ... -> awaiting_capture -> succeeded, or cancelled by a cancel or after seven days

Source: PayMongo, "Payment Intent resource", "Statuses", "Hold then capture".
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from deskpay.sandbox.paymongo.account import Account
from deskpay.sandbox.paymongo.cards import Authentication
from deskpay.sandbox.paymongo.checks import Checks
from deskpay.sandbox.paymongo.errors import Problem, Refused, not_found, state, unauthorized
from deskpay.sandbox.paymongo.objects import Intent, Payment, PaymentMethod, failure_sentence

Json = dict[str, Any]

_MOST = 999_999_999
_HELD_S = 7 * 24 * 3_600
_ALLOWED = ("card", "gcash", "paymaya", "grab_pay", "shopee_pay", "qrph", "dob", "brankas", "billease", "atome")
_UNDECIDED = frozenset({"awaiting_next_action", "processing"})


def create(account: Account, attributes: Json) -> Json:
    """Make an intent.

    Raises:
        Refused: 400 for what is missing or wrong, or for saving where it is not granted.
    """
    checks = Checks(attributes)
    checks.given("amount", "currency", "payment_method_allowed")
    checks.whole("amount", account.switches.least_amount, _MOST)
    checks.one_of("currency", "PHP", *(["USD"] if account.switches.dollars else []))
    checks.words("payment_method_allowed", _ALLOWED)
    checks.one_of("capture_type", "automatic", "manual")
    checks.one_of("payment_method_options.card.request_three_d_secure", "any", "automatic")
    checks.text("description", 1_000)
    checks.text("statement_descriptor", 250)
    checks.flat("metadata")
    checks.done()
    saving = attributes.get("setup_future_usage")
    if saving is not None:
        _check_saving(account, saving)
    now = account.seconds()
    intent = Intent(f"pi_{account.signs()}", account.signs(), dict(attributes), now, now)
    account.intents[intent.id] = intent
    return {"data": intent.as_json()}


def _check_saving(account: Account, saving: object) -> None:
    if not account.switches.vaulting:
        problem = Problem("parameter_invalid", "On session payments are not yet supported.")
        raise Refused(400, problem, checked=False)
    checks = Checks({"setup_future_usage": saving})
    checks.given("setup_future_usage.session_type", "setup_future_usage.customer_id")
    checks.one_of("setup_future_usage.session_type", "on_session")
    checks.text("setup_future_usage.customer_id", 100)
    checks.done()
    account.customer(saving["customer_id"] if isinstance(saving, dict) else "")


def retrieve(account: Account, intent_id: str, client_key: str | None, *, secret: bool) -> Json:
    """Show an intent as it stands now.

    Raises:
        Refused: 404, or 401 for the public key without the intent's own.
    """
    return {"data": _seen(account, intent_id, client_key, secret=secret).as_json()}


def _seen(account: Account, intent_id: str, client_key: str | None, *, secret: bool) -> Intent:
    intent = account.intent(intent_id)
    if not secret and client_key != intent.client_key:
        raise unauthorized()
    settle(account, intent)
    return intent


def attach(
    account: Account, intent_id: str, attributes: Json, client_key: str | None, pages: str, *, secret: bool
) -> Json:
    """Charge a card.

    Args:
        account: whose intent it is.
        intent_id: of the intent.
        attributes: of the request.
        client_key: as sent in body or query.
        pages: address under which the bank's page is served.
        secret: whether the secret key asks.

    Raises:
        Refused: 404, 400 for a state past it, or for a decline where declines are errors.
    """
    intent = _seen(account, intent_id, client_key, secret=secret)
    _require_open(intent)
    checks = Checks(attributes)
    checks.given("payment_method")
    checks.text("payment_method", 100)
    checks.text("return_url", 2_000)
    checks.done()
    method = account.method(attributes["payment_method"])
    saving = (intent.asked.get("setup_future_usage") or {}).get("customer_id", "")
    if method.saved_for and saving and method.saved_for != saving:
        raise not_found("payment method", method.id)
    if method.saved_for and account.switches.code_each_time and not method.fresh_code:
        raise Refused(400, Problem("parameter_required", "cvc is required.", "cvc"), checked=False)
    method.fresh_code = False
    intent.method = method
    intent.last_error = None
    intent.updated_at = account.seconds()
    if method.behaviour.authentication is Authentication.REQUIRED:
        intent.status = "awaiting_next_action"
        intent.source_id = f"src_{account.signs()}"
        intent.source_url = f"{pages}/sources?id={intent.source_id}"
        intent.return_url = returning(attributes.get("return_url") or "", intent.id)
    elif method.behaviour.failure:
        _fail(account, intent, method, method.behaviour.failure)
        if account.switches.declines_as_error:
            sentence = failure_sentence(method.behaviour.failure)
            raise Refused(400, Problem("resource_failed_state", sentence, sub_code=method.behaviour.failure))
    else:
        _pass(account, intent, method)
    return {"data": intent.as_json()}


def _require_open(intent: Intent) -> None:
    match intent.status:
        case "succeeded":
            raise state("resource_succeeded_state", intent.id, "succeeded")
        case "cancelled":
            raise state("resource_cancelled_state", intent.id, "been cancelled")
        case "processing" | "awaiting_capture":
            raise state("resource_processing_state", intent.id, "been attached")
        case _:
            pass


def returning(address: str, intent_id: str) -> str:
    """The return address with the intent's id, as PayMongo rewrites it; an existing query stays."""
    if not address:
        return ""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("payment_intent_id", intent_id)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _fail(account: Account, intent: Intent, method: PaymentMethod, code: str) -> None:
    payment = _paid(account, intent, method, int(intent.asked["amount"]), failure=code)
    intent.status = "awaiting_payment_method"
    intent.last_error = {
        "payment": payment.id,
        "failed_code": code,
        "failed_message": failure_sentence(code),
        "payment_method": method.id,
    }
    intent.updated_at = account.seconds()


def _pass(account: Account, intent: Intent, method: PaymentMethod) -> None:
    if intent.asked.get("capture_type") == "manual":
        intent.status = "awaiting_capture"
        intent.held_at = account.seconds()
        if account.switches.saved_when_held:
            _save(account, intent, method)
    else:
        _succeed(account, intent, method, int(intent.asked["amount"]))


def _succeed(account: Account, intent: Intent, method: PaymentMethod, amount: int) -> None:
    _paid(account, intent, method, amount)
    intent.status = "succeeded"
    intent.updated_at = account.seconds()
    _save(account, intent, method)


def _save(account: Account, intent: Intent, method: PaymentMethod) -> None:
    saving = intent.asked.get("setup_future_usage")
    if saving and not method.saved_for and saving["customer_id"] in account.customers:
        method.saved_for = saving["customer_id"]
        method.saved_at = account.seconds()


def _paid(account: Account, intent: Intent, method: PaymentMethod, amount: int, failure: str = "") -> Payment:
    payment = Payment(
        id=f"pay_{account.signs()}",
        balance_id=f"bal_txn_{account.signs()}",
        source_id=f"card_{account.signs()}",
        intent_id=intent.id,
        amount=amount,
        currency=str(intent.asked["currency"]),
        description=intent.asked.get("description"),
        descriptor=intent.descriptor,
        method=method,
        created_at=account.seconds(),
        failure=failure,
    )
    account.payments[payment.id] = payment
    intent.payments.append(payment)
    return payment


def answer_bank(account: Account, source_id: str, *, authorized: bool) -> Intent | None:
    """Take the guest's answer on the bank's page; None when the page is no longer open for an intent."""
    intent = next((intent for intent in account.intents.values() if intent.source_id == source_id), None)
    if intent is None or intent.status != "awaiting_next_action":
        return None
    intent.authorized = authorized
    intent.status = "processing"
    intent.decides_at = account.seconds() + account.switches.bank_takes_s
    if not account.switches.returns_early:
        settle(account, intent)
    return intent


def settle(account: Account, intent: Intent) -> None:
    """Bring an intent up to now: a slow bank decides, an uncaptured hold is released."""
    now = account.seconds()
    if intent.status == "processing" and now >= intent.decides_at:
        method = intent.attached
        if not intent.authorized:
            _fail(account, intent, method, "authentication_error")
        elif method.behaviour.failure:
            _fail(account, intent, method, method.behaviour.failure)
        else:
            _pass(account, intent, method)
    elif intent.status == "awaiting_capture" and now >= intent.held_at + _HELD_S:
        intent.status = "cancelled"
        intent.updated_at = now


def cancel(account: Account, intent_id: str) -> Json:
    """Cancel an intent that has not succeeded.

    Raises:
        Refused: 404, or 400 for one that is over or whose card keeps its hold.
    """
    intent = _seen(account, intent_id, None, secret=True)
    if intent.status not in {"awaiting_capture", *_UNDECIDED}:
        _require_open(intent)
    if intent.status == "awaiting_capture" and intent.attached.behaviour.keeps_hold:
        raise Refused(400, Problem("resource_failed_state", "The hold could not be cancelled."))
    intent.status = "cancelled"
    intent.updated_at = account.seconds()
    return {"data": intent.as_json()}


def capture(account: Account, intent_id: str, attributes: Json) -> Json:
    """Take what is held, or less, once.

    Raises:
        Refused: 404, or 400 when nothing is held or less than asked.
    """
    intent = _seen(account, intent_id, None, secret=True)
    if intent.status != "awaiting_capture":
        _require_open(intent)
        raise Refused(400, Problem("resource_failed_state", f"Payment intent with id {intent.id} holds nothing."))
    checks = Checks(attributes)
    checks.whole("amount", 1, _MOST)
    checks.done()
    amount = int(attributes.get("amount") or intent.asked["amount"])
    if amount > intent.asked["amount"]:
        raise Refused(400, Problem("allowed_amount_exceeded", "More than is held.", "amount"), checked=False)
    _succeed(account, intent, intent.attached, amount)
    return {"data": intent.as_json()}

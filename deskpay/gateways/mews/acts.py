"""The acts over the Connector API. Each sends one request, once."""

from __future__ import annotations

from typing_extensions import override

from deskpay.domain.card import Expiry
from deskpay.domain.errors import HotelUnavailable, NotSent
from deskpay.domain.intent import Intent
from deskpay.gateways.mews.calls import Calls
from deskpay.gateways.mews.reads import MewsRecords
from deskpay.gateways.mews.wire import acts, alternative, payment_requests, terminals
from deskpay.services.ports import Begun, PaymentGateway


class MewsGateway(PaymentGateway):
    """Acts. All raise NotSent, Refused and its kinds, or OutcomeUnknown.

    Args:
        calls: of the connection.
        records: tell the hotel's pricing, which decides how amounts are sent.
    """

    def __init__(self, calls: Calls, records: MewsRecords) -> None:
        self._calls = calls
        self._records = records

    @override
    async def charge(self, intent: Intent) -> str:
        operation = "creditCards/charge"
        fields = acts.encode_charge(intent, gross_pricing=await self._gross_pricing(operation))
        return await self._calls.act(operation, fields, acts.decode_charge)

    @override
    async def refund(self, intent: Intent) -> str:
        return await self._calls.act("payments/refund", acts.encode_refund(intent), acts.decode_refund)

    @override
    async def record_card(self, intent: Intent) -> str:
        operation = "payments/addCreditCard"
        fields = acts.encode_record_card(intent, gross_pricing=await self._gross_pricing(operation))
        return await self._calls.act(operation, fields, acts.decode_card_added)

    @override
    async def record_external(self, intent: Intent) -> str:
        operation = "payments/addExternal"
        fields = acts.encode_record_external(intent, gross_pricing=await self._gross_pricing(operation))
        return await self._calls.act(operation, fields, acts.decode_record_external)

    @override
    async def save_card(self, intent: Intent, transaction_id: str, expiry: Expiry) -> str:
        fields = acts.encode_save_card(intent, transaction_id, expiry)
        return await self._calls.act("creditCards/addTokenized", fields, acts.decode_card_added)

    @override
    async def send_pay_link(self, intent: Intent) -> str:
        fields = payment_requests.encode_pay_link(intent)
        return await self._calls.act("paymentRequests/add", fields, payment_requests.decode_pay_link)

    @override
    async def cancel_pay_link(self, request_id: str) -> None:
        fields = payment_requests.encode_cancel(request_id)
        await self._calls.act("paymentRequests/cancel", fields, acts.decode_nothing)

    @override
    async def begin_alternative(self, intent: Intent, return_address: str) -> Begun:
        operation = "payments/addAlternative"
        gross_pricing = await self._gross_pricing(operation)
        fields = alternative.encode_alternative(intent, return_address, gross_pricing=gross_pricing)
        return Begun(*await self._calls.act(operation, fields, alternative.decode_alternative))

    @override
    async def order_terminal(self, intent: Intent) -> str:
        fields = terminals.encode_order(intent)
        return await self._calls.act("commands/addPaymentTerminal", fields, terminals.decode_order)

    async def disable_card(self, enterprise_id: str, credit_card_id: str) -> None:
        """Switch a saved card off.

        Source: Mews Connector API, creditCards/disable; restricted, so a token without the right is Unauthorized.
        """
        fields = acts.encode_disable_card(enterprise_id, credit_card_id)
        await self._calls.act("creditCards/disable", fields, acts.decode_nothing)

    async def _gross_pricing(self, operation: str) -> bool:
        try:
            return (await self._records.known_hotel()).gross_pricing
        except HotelUnavailable as problem:
            raise NotSent(
                f"{operation}: the hotel's pricing is not known: {problem.detail}", operation=operation
            ) from problem

"""The tests of DeskPay; `tests.kit` holds what they share."""

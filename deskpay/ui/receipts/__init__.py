"""Receipts: what guests take home of a payment."""

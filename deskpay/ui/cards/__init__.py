"""Saved cards: capturing a new one and showing those the guest has."""

"""A stand-in for PayMongo: cards saved by paying, payment intents, 3-D Secure, refunds.

Source: PayMongo API reference and guides. Where they leave a question open, a switch lets it answer either way.
"""

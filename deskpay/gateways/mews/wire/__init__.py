"""The words of the Connector API and their meaning at home. Pure: bytes in, domain out, and fields the other way.

What the API says stays in here: names of fields, enum words, signs. Received money is negative there and positive at
home; the sign is turned once, in `payments`. Words that are not known become UNKNOWN, never success.
"""

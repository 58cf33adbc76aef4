"""The night audit: the day's payments, open matters, comparing, and the queue of charges."""

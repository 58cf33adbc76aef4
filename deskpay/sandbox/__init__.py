"""An offline training hotel that speaks the Mews Connector API.

A program of its own that happens to ship with DeskPay: it imports nothing else of the package, so that client and
server never share a mistake. State, protocol and errors are kept apart:

* ``hotel`` is the state: a believable house, the same for the same seed, laid around today;
* ``operations`` are the verbs of the API, ``payments`` and ``gateway`` what they do to money;
* ``asgi``, ``validation``, ``paging``, ``limits`` and ``faults`` are the protocol, by the published tables;
* ``control`` and ``ledger`` are for tests and the tour: what really happened, and ways to make trouble;
* ``serve`` is the process.
"""

"""How an operation says no.

There are no machine-readable error codes in the Connector API: only a status and a sentence.

```
Rejected              status + message for the body
```
"""

from collections.abc import Mapping


class Rejected(Exception):
    """A definite no, before anything was done.

    Args:
        status: HTTP status, by section "Errors" of the API's guidelines.
        message: Sentence for the person at the desk (403) or the programmer (400).
        headers: Further response headers, such as ``Retry-After``.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def invalid(field: str) -> Rejected:
    """A 400 that names the offending request field, as Mews words it."""
    return Rejected(400, f"Invalid {field}")


def refused(sentence: str) -> Rejected:
    """A 403: a business rule says no, in words meant for the person at the desk."""
    return Rejected(403, sentence)

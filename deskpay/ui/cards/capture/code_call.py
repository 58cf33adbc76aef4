"""How an acquirer takes the code of a saved card. Every connection says it, long before a page is shown."""

from enum import Enum


class CodeCall(Enum):
    """How the code of a saved card is sent anew. The sources disagree, so a connection says which holds."""

    PUT = "put"
    PATCH = "patch"
    NONE = "none"

"""No memory of this process on the disk when it dies: a dump would hold guests, tokens and what is being typed."""

from __future__ import annotations

import sys


def forbid_dumps() -> None:
    """Allow no core file, neither for this process nor for those it starts.

    Linux and macOS. Windows keeps its reports by a list in the registry, which is the installer's part there. Linux
    could also be told that nobody may look into this process at all; the web engine's sandbox writes the maps of its
    user namespaces through ``/proc``, which such a process may not, so card entry would be at stake.
    """
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

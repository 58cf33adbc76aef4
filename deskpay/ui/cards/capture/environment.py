"""What the web engine may read from the environment: nothing but what this module puts there.

Call `clean_environment` before anything of Qt is imported. The variables it deletes can load foreign plug-ins, open an
unauthenticated debugging port or write TLS keys to disk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

_DELETED_PREFIX = "QTWEBENGINE"  # without the underscore: it covers QTWEBENGINEPROCESS_PATH too
_DELETED = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "SSLKEYLOGFILE")

FLAGS_VARIABLE = "QTWEBENGINE_CHROMIUM_FLAGS"
SANDBOX_VARIABLE = "QTWEBENGINE_DISABLE_SANDBOX"

# By default host page and vault frames share one renderer process even across sites; this keeps them apart.
_FLAGS = "--site-per-process --log-level=3"
_HEADLESS_FLAGS = f"{_FLAGS} --disable-gpu"
_HEADLESS_PLATFORMS = ("offscreen", "minimal")


class UnsafeEngine(RuntimeError):
    """The web engine would run without its sandbox, or could not start with it."""


def clean_environment(
    environ: MutableMapping[str, str] | None = None, *, user_id: int | None = None, frozen: bool | None = None
) -> None:
    """Delete what could reach into the web engine, and set the two things it should know.

    The engine's sandbox does not start for root. For training and tests from a source tree there is a door: for root,
    and only there, the sandbox is switched off. `require_safe_engine` keeps live connections out of such a process.

    Args:
        environ: the environment to clean; the process's own by default.
        user_id: effective user, where the system has one.
        frozen: True in a released build, where the door is walled up.
    """
    environ = os.environ if environ is None else environ
    for name in [name for name in environ if name.upper().startswith(_DELETED_PREFIX) or name.upper() in _DELETED]:
        del environ[name]
    headless = environ.get("QT_QPA_PLATFORM", "").startswith(_HEADLESS_PLATFORMS)
    environ[FLAGS_VARIABLE] = _HEADLESS_FLAGS if headless else _FLAGS
    if _is_root(user_id) and not _is_frozen(frozen):
        environ[SANDBOX_VARIABLE] = "1"


def require_safe_engine(
    *,
    live: bool,
    environ: MutableMapping[str, str] | None = None,
    user_id: int | None = None,
) -> None:
    """Refuse to open a card pane in a process whose web engine is not sandboxed.

    Args:
        live: True when real cards may be typed.
        environ: the environment to judge; the process's own by default.
        user_id: effective user, where the system has one.

    Raises:
        UnsafeEngine: live without the sandbox, flags that `clean_environment` did not set, or root with the sandbox on,
            where the engine would end the whole process.
    """
    environ = os.environ if environ is None else environ
    if environ.get(FLAGS_VARIABLE) not in {_FLAGS, _HEADLESS_FLAGS}:
        raise UnsafeEngine("the web engine's environment was not cleaned")
    unsandboxed = SANDBOX_VARIABLE in environ
    if unsandboxed and (live or not _is_root(user_id)):
        raise UnsafeEngine("the web engine's sandbox is switched off")
    if _is_root(user_id) and not unsandboxed:
        raise UnsafeEngine("the web engine does not run as root")


def _is_root(user_id: int | None) -> bool:
    if user_id is None and sys.platform != "win32":
        user_id = os.geteuid()
    return user_id == 0


def _is_frozen(frozen: bool | None) -> bool:
    return bool(getattr(sys, "frozen", False)) if frozen is None else frozen

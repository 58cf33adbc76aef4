"""By which account of the operating system this process runs; no variable of the user's has a say in it."""

from __future__ import annotations

import ctypes
import os
import sys

_SAM_COMPATIBLE = 2
"""DOMAIN\\name. Source: Windows API, EXTENDED_NAME_FORMAT."""

_MOST_LETTERS = 256


def os_account() -> str:
    """Return the account's name, empty where the system does not tell."""
    try:
        return _on_windows() if sys.platform == "win32" else _by_user_id()
    except (OSError, AttributeError, KeyError):
        return ""


def _by_user_id() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _on_windows() -> str:
    windows = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]  # there on Windows alone
    name, length = ctypes.create_unicode_buffer(_MOST_LETTERS), ctypes.c_ulong(_MOST_LETTERS)
    if not windows("secur32").GetUserNameExW(_SAM_COMPATIBLE, name, ctypes.byref(length)):
        return ""
    return name.value

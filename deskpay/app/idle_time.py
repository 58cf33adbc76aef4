"""How long nobody has touched this computer, as the operating system says it.

Never by looking at keys: a filter on them would see the digits of cards.
"""

from __future__ import annotations

import ctypes
import sys


def idle_s() -> float | None:
    """Return the seconds since the last key or move at this computer, None where the system does not tell."""
    try:
        if sys.platform == "win32":
            return _on_windows()
        if sys.platform == "darwin":
            return _on_macos()
        return _on_x11()
    except (OSError, AttributeError):
        return None


class _LastInput(ctypes.Structure):
    """Source: Windows API, LASTINPUTINFO."""

    _fields_ = (("size", ctypes.c_uint), ("tick_ms", ctypes.c_uint))


def _on_windows() -> float | None:
    windows = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]  # there on Windows alone
    last = _LastInput(ctypes.sizeof(_LastInput), 0)
    if not windows("user32").GetLastInputInfo(ctypes.byref(last)):
        return None
    now_ms: int = windows("kernel32").GetTickCount()
    waited_ms: int = (now_ms - last.tick_ms) & 0xFFFFFFFF  # the counter begins anew after 49 days
    return waited_ms / 1000


def _on_macos() -> float:
    services = ctypes.CDLL("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    since = services.CGEventSourceSecondsSinceLastEventType
    since.restype = ctypes.c_double
    # Combined session state, any input event (Quartz Event Services, CGEventSource).
    seconds: float = since(ctypes.c_int32(0), ctypes.c_uint32(0xFFFFFFFF))
    return seconds


class _ScreenSaver(ctypes.Structure):
    """Source: X11 Screen Saver extension, XScreenSaverInfo."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since_ms", ctypes.c_ulong),
        ("idle_ms", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


def _on_x11() -> float | None:
    x11, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        told = _ScreenSaver()
        root = x11.XDefaultRootWindow(ctypes.c_void_p(display))
        answered = saver.XScreenSaverQueryInfo(ctypes.c_void_p(display), ctypes.c_ulong(root), ctypes.byref(told))
        return told.idle_ms / 1000 if answered else None
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(display))

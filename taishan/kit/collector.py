"""How Python shares its time: among threads, and with looking for what only holds itself."""

import gc
import sys

_TURN_S = 0.0005


def calm() -> None:
    """Let the collector look rarely, and never at what lives by now: for a process that serves.

    Rulebooks live long and reports are gone at once, hardly ever in a cycle; yet all of them, and
    all of Django, would be gone through every few hundred objects: a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def share() -> None:
    """Let threads change places ten times as often as Python does by itself.

    Pages are made in threads beside the loop that takes reports: each time it has something to do
    it would wait 5 ms for whoever counts, decodes or fills in a template.
    """
    sys.setswitchinterval(_TURN_S)

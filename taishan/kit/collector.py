"""How often Python looks for objects that only hold each other."""

import gc


def calm() -> None:
    """Let the collector look rarely, and never at what lives by now: for a process that serves.

    Rulebooks live long and reports are gone at once, hardly ever in a cycle; yet all of them, and
    all of Django, would be gone through every few hundred objects: a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)

"""Run a module until it ends, or until whoever started it is gone: even a killed parent is noticed.

``python -m taishan.cli.watched SECONDS MODULE ARGUMENTS``, standard input a pipe from the parent;
SECONDS are left to end in before all is killed.
"""

import os
import runpy
import signal
import sys
import threading
import time


def _follow_parent(stop_s: float) -> None:
    # Not sys.stdin: a forked child closes it, and would wait for the lock of a read under way.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(stop_s)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_follow_parent, args=(float(sys.argv[1]),), daemon=True).start()
    del sys.argv[:2]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

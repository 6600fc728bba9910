"""Senders that never stop: each sends its report again, under the same number, until it is told
what became of it."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from typing import Any
from uuid import uuid4

from taishan.reporting.door import PATH
from tests.reporting.building import FEVER, TODAY, WELL

PATIENCE_S = 5.0
AGAIN_S = 0.05


class Senders:
    """Many senders of single reports and of lists, to one or several ports of an instance."""

    def __init__(self, ports: list[int], token: str, people: int, number: int = 24) -> None:
        self.acknowledged: list[str] = []
        """The numbers of the reports that the door said it had taken."""
        self.answers: Counter[int] = Counter()
        """How often which status came; 0 for a connection that broke."""
        self.rejected: list[object] = []
        self._ports, self._token, self._people = ports, token, people
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._send_all, args=(ports[n % len(ports)], n))
            for n in range(number)
        ]

    def __enter__(self) -> Senders:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop when every sender was told about its last report, or nobody answers any more."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _send_all(self, port: int, seed: int) -> None:
        chosen = random.Random(seed)
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        while not self._is_over.is_set():
            rows = [self._report(chosen) for _row in range(chosen.choice([1, 1, 1, 10]))]
            while not self._send(link, rows):
                if self._is_over.is_set():
                    return
                time.sleep(AGAIN_S)

    def _report(self, chosen: random.Random) -> dict[str, Any]:
        """No two say the same, so that each is on record under its own number."""
        number = uuid4()
        return {
            "form": "daily_health", "subject": f"A{chosen.randrange(self._people)}",
            "period": str(TODAY), "client": str(number),
            "answers": chosen.choice([WELL, FEVER]) | {"remarks": str(number)},
        }  # fmt: skip

    def _send(self, link: http.client.HTTPConnection, rows: list[dict[str, Any]]) -> bool:
        """Send a request; tell whether it was answered for good."""
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            link.request("POST", PATH, json.dumps(rows if len(rows) > 1 else rows[0]), headers)
            answer = link.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            link.close()
            self.answers[0] += 1
            return False
        self.answers[answer.status] += 1
        if answer.status != 200:
            return False
        for row, became in zip(rows, told, strict=True):
            if became["outcome"] == "rejected":
                self.rejected.append(became)
            else:
                self.acknowledged.append(row["client"])
        return True

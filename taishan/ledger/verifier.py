#!/usr/bin/env python3
"""Check a proof of Taishan's ledger against a seal. Needs Python 3.8 or later and nothing else.

    python verify.py proof.json SIZE:ROOT [--lang zh]

SIZE:ROOT is the seal as it was published: in the published file, by the webhook, at the foot of a
situation report. The exit status is 0 where everything is shown, else 1.

A leaf of the tree is the number of an entry (8 bytes) and the SHA-256 of its text. The tree is that
of RFC 9162; the two functions below are its sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FORMAT = "taishan-proof-1"
WORDS = {
    "en": {
        "usage": "usage: python verify.py proof.json SIZE:ROOT [--lang zh]",
        "unreadable": "NO. This is not a readable proof: {}",
        "other_seal": "NO. The proof is for the seal {}, not for the one you gave.",
        "extended": "YES. The seal of {} entries is the beginning of the later seal of {}: nothing "
        "it sealed was altered, deleted, inserted or reordered since.",
        "not_extended": "NO. The seal of {} entries is not the beginning of the seal of {}.",
        "entry": "YES. Entry {} of {} stands in the sealed ledger:",
        "altered": "NO. Entry {} is not what was sealed, or not at this place.",
        "nothing": "NO. The proof shows no entry.",
        "all": "All that the proof holds is shown: {} of {} entries.",
        "some": "NOT everything is shown: {} of {} entries.",
        "happened": "happened {}, recorded {} (UTC)", "record": "record {} {}, unit {}",
        "who": "by account {}, person {}, as {}, through {}", "says": "says {}",
    },
    "zh": {
        "usage": "用法:python verify.py proof.json 数目:树根 [--lang zh]",
        "unreadable": "否。这不是可读的证明文件:{}",
        "other_seal": "否。该证明对应的存证是 {},不是您给出的存证。",
        "extended": "是。{} 条的存证是后来 {} 条存证的开头:其所存证的内容此后未被篡改、"
        "删除、插入或调换顺序。",
        "not_extended": "否。{} 条的存证不是后来 {} 条存证的开头。",
        "entry": "是。第 {} 条(共 {} 条)在已存证的台账中:",
        "altered": "否。第 {} 条与存证不符,或不在此位置。",
        "nothing": "否。证明文件中没有任何条目。",
        "all": "证明文件所含内容全部得到证实:{} / {} 条。",
        "some": "并非全部得到证实:{} / {} 条。",
        "happened": "发生于 {},记录于 {}(UTC)", "record": "记录 {} {},单位 {}",
        "who": "账号 {},人员 {},身份 {},途径 {}", "says": "内容 {}",
    },
}  # fmt: skip


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(number: int, text: str) -> bytes:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return hashlib.sha256(b"\x00" + number.to_bytes(8, "big") + digest).digest()


def is_included(found: bytes, number: int, path: Sequence[bytes], size: int, root: bytes) -> bool:
    """Tell whether the path leads from the hash of leaf ``number`` to the root."""
    if not 0 <= number < size:
        return False
    at, last = number, size - 1
    for step in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node(step, found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = node(found, step)
        at, last = at // 2, last // 2
    return last == 0 and found == root


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether the path proves that the old tree is the beginning of the new one."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at // 2, last // 2
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            before, after = node(step, before), node(step, after)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            after = node(after, step)
        at, last = at // 2, last // 2
    return last == 0 and before == old_root and after == new_root


def read_seal(text: str) -> tuple[int, bytes]:
    """Return size and root of a seal written as SIZE:ROOT."""
    size, root = int(text.partition(":")[0]), bytes.fromhex(text.partition(":")[2])
    if text != f"{size}:{root.hex()}":
        raise ValueError(text)
    return size, root


def read_path(steps: Sequence[str]) -> list[bytes]:
    path = [base64.b64decode(step, validate=True) for step in steps]
    if [base64.b64encode(step).decode() for step in path] != steps:
        raise ValueError(steps)
    return path


def read_proof(text: str) -> dict[str, Any]:
    """Return what the text says, which is written in one way only: no byte of it is free."""
    proof: dict[str, Any] = json.loads(text)
    if proof["format"] != FORMAT or proof.keys() - {"format", "seal", "earlier", "entries"}:
        raise ValueError(proof["format"])
    if write(proof) != text:
        raise ValueError("its text is not as it was written")
    return proof


def write(proof: dict[str, Any]) -> str:
    """Return the one text of a proof."""
    return json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def check(proof: dict[str, Any], seal: str, words: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """Yield (is shown, what to say) for all that the proof claims, under the seal."""
    (size, root), earlier = read_seal(proof["seal"]), proof.get("earlier")
    if seal not in (proof["seal"], earlier and earlier["seal"]):
        yield False, words["other_seal"].format(proof["seal"])
        return
    if earlier:
        old, old_root = read_seal(earlier["seal"])
        is_shown = is_consistent(old, old_root, size, root, read_path(earlier["path"]))
        yield is_shown, words["extended" if is_shown else "not_extended"].format(old, size)
    elif not proof["entries"]:
        yield False, words["nothing"]
    shown = 0
    for one in proof["entries"]:
        number, path = one["number"], read_path(one["path"])
        if is_included(leaf(number, one["entry"]), number, path, size, root):
            shown += 1
            yield True, words["entry"].format(number, size) + tell(json.loads(one["entry"]), words)
        else:
            yield False, words["altered"].format(number)
    held = len(proof["entries"])
    yield shown == held, words["all" if shown == held else "some"].format(shown, held)


def tell(entry: dict[str, Any], words: dict[str, str]) -> str:
    """Return what an entry says, a line each."""
    return "".join(
        "\n    " + line
        for line in (
            entry["verb"] + (" · " + entry["actor"] if entry["actor"] else ""),
            words["happened"].format(entry["happened_at"], entry["recorded_at"]),
            words["record"].format(entry["subject"][0], entry["subject"][1], entry["unit"]),
            words["who"].format(
                entry["account"] or "—", entry["person"] or "—", entry["post"] or "—", entry["door"]
            ),
            words["says"].format(json.dumps(entry["data"], ensure_ascii=False)),
        )
    )


def main(arguments: list[str]) -> int:
    words = WORDS["en"]
    if "--lang" in arguments[:-1]:
        at = arguments.index("--lang")
        words = WORDS.get(arguments[at + 1], words)
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 2:
        sys.stderr.write(words["usage"] + "\n")
        return 1
    try:
        text = Path(arguments[0]).read_bytes().decode("utf-8")
        found = list(check(read_proof(text), arguments[1].strip(), words))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        found = [(False, words["unreadable"].format(repr(error)))]
    for _is_shown, text in found:
        sys.stdout.write(text + "\n")
    return 0 if all(is_shown for is_shown, _text in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

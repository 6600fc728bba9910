"""``taishan ledger``: sealing what was recorded, proving it, and verifying all of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from taishan.cli import context

if TYPE_CHECKING:
    from taishan.ledger.models import Entry, Seal

SHOWN = 100


@click.group()
def ledger() -> None:
    """What happened: sealed, proved, verified."""


@ledger.command()
def seal() -> None:
    """Seal what waits, and publish the seal where the settings say so."""
    with context.instance():
        from taishan.kit import clock
        from taishan.ledger import publishing, queries, sealing

        new = sealing.seal_all(now=clock.now())
        last = queries.find_seal()
        click.echo(last.code if last else "Nothing is recorded yet.")
        click.echo(f"{len(new)} new", err=True)
        try:
            publishing.publish(now=clock.now())
        except publishing.NotPublished as failed:
            raise click.ClickException(f"not published: {failed}") from None


@ledger.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
def seals(limit: int) -> None:
    """List the latest seals: when, SIZE:ROOT, and where it was published."""
    with context.instance():
        from taishan.ledger import queries

        for one in queries.find_seals()[:limit]:
            where = ",".join(sorted({p.channel for p in one.publications.all()}))
            click.echo(f"{one.sealed_at.isoformat(timespec='seconds')} {one.code} {where}".strip())


@ledger.command()
@click.option(
    "--published", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a published file of seals: each of its lines must be found here",
)  # fmt: skip
def verify(published: Path | None) -> None:
    """Go through all entries, leaves, nodes and seals; fail where one is not as it was sealed."""
    with context.instance():
        from taishan.ledger import queries, verifying

        codes = _codes(published) if published else []
        broken = 0
        try:
            for finding in verifying.verify(codes):
                broken += not finding.is_remark
                if finding.is_remark or broken <= SHOWN:
                    click.echo(finding.text, err=not finding.is_remark)
        except ValueError as error:
            raise click.ClickException(f"{published}: {error}") from None
        last = queries.find_seal()
    if broken > SHOWN:
        click.echo(f"… {broken} in all", err=True)
    if broken:
        sys.exit(1)
    click.echo(f"All is as it was sealed: {last.code}" if last else "Nothing is sealed yet.")


def _codes(file: Path) -> list[str]:
    """Return the last word of each line: the seal."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split()[-1] for line in lines if line.strip()]


@ledger.command()
@click.argument("record")
@click.option("--seal", "size", type=int, help="size of the seal; the latest when left out")
@click.option("--since", type=int, help="size of an earlier seal, shown to be its beginning")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default="proof.json",
    show_default=True,
)  # fmt: skip
def prove(record: str, size: int | None, since: int | None, out: Path) -> None:
    """Write a proof of what is recorded of RECORD (such as unit:W1, or the id of one entry).

    It is checked by the script that `taishan ledger verifier` prints.
    """
    with context.instance():
        from taishan.ledger import proving, verifier

        entries = list(_find(record))
        chosen, earlier = _get_seal(size), None if since is None else _get_seal(since)
        if earlier and earlier.size > chosen.size:
            raise click.ClickException(f"seal {since} is later than seal {chosen.size}")
        proof = proving.prove(entries, chosen, earlier)
    missing = len(entries) - len(proof["entries"])
    if not proof["entries"]:
        raise click.ClickException(f"nothing of {record} is sealed by {chosen.code}")
    out.write_text(verifier.write(proof), encoding="utf-8", newline="")
    click.echo(f"{out}: {len(proof['entries'])} entries, {missing} not sealed by then", err=True)
    click.echo(chosen.code)


def _find(record: str) -> Iterator[Entry]:
    """Yield the entries of a record. Raises ClickException where there is none."""
    from taishan.ledger import queries
    from taishan.ledger.models import Entry

    kind, colon, id_ = record.partition(":")
    found = queries.find_of_record((kind, id_)) if colon else Entry.objects.filter(id=_uuid(record))
    if not found.exists():
        raise click.ClickException(f"nothing is recorded of {record}")
    yield from found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise click.ClickException(f"{text} is neither KIND:ID nor the id of an entry") from None


def _get_seal(size: int | None) -> Seal:
    from taishan.ledger import queries
    from taishan.ledger.models import Seal

    found = queries.find_seal() if size is None else Seal.objects.filter(size=size).first()
    if found is None:
        raise click.ClickException(
            "nothing is sealed yet" if size is None else f"there is no seal of size {size}"
        )
    return found


@ledger.command("verifier")
def verifier_() -> None:
    """Print the script that checks proofs: one file, for any Python, without Taishan."""
    script = Path(__file__).parent.parent / "ledger" / "verifier.py"
    click.echo(script.read_text(encoding="utf-8"), nl=False)

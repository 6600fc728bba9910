"""What is sealed of an entry: its bytes, and the leaf of its number (docs/explanation/ledger.md).

The bytes are JSON text: the members in the order below, without spaces between, instants in UTC,
``data`` as PostgreSQL writes a jsonb. They are worked out by the database, where the entry is
written, sealed and verified, and never otherwise: one form, whatever library reads the row. It
must never change, or nothing that was sealed could be verified any more.
"""

ENTRY = """concat(
 '{"unit":', e.unit_id, ',"id":"', e.id, '","verb":', to_json(e.verb),
 ',"subject":[', to_json(e.subject_kind), ',', to_json(e.subject_id),
 '],"actor":', to_json(e.actor_label), ',"account":', coalesce(e.account_id::text, 'null'),
 ',"person":', coalesce(e.person_id::text, 'null'), ',"post":', to_json(e.post),
 ',"door":', to_json(e.door), ',"happened_at":', to_json(e.happened_at AT TIME ZONE 'UTC'),
 ',"recorded_at":', to_json(e.recorded_at AT TIME ZONE 'UTC'), ',"data":', e.data, '}')"""
"""SQL: the text of the entry ``e``."""

DIGEST = f"sha256(convert_to({ENTRY}, 'UTF8'))"
"""SQL: the digest of the entry ``e``, 32 bytes."""


def leaf_hash(number: str, digest: str) -> str:
    """Return SQL for the hash of a leaf, of SQL for its number and for its entry's digest.

    The leaf is the number, 8 bytes, and the digest, so that an entry put at another place is found
    by itself; it is hashed as RFC 9162 hashes leaves, under a zero byte.
    """
    return f"sha256('\\x00'::bytea || int8send({number}) || {digest})"

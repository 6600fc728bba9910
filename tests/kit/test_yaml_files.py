"""YAML that somebody wrote: what is wrong in it is named by its line."""

from __future__ import annotations

import pytest

from taishan.kit import yaml_files, yaml_libraries
from taishan.kit.yaml_files import YamlInvalid
from taishan.kit.yaml_libraries import Head, LibraryInvalid

HEAD = b"format: any/1\nlibrary: own\ntitle: {en: Own, zh: \xe8\x87\xaa}\n"


def test_days_are_left_as_they_are_written() -> None:
    _node, found = yaml_files.read("from: 2020-02-30\nuntil: 2020-03-01 24:00\n")

    assert found == {"from": "2020-02-30", "until": "2020-03-01 24:00"}


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("a: 1\nb: {c: 1, c: 2}\na: 3\n", [2, 3]),
        ("a: 1\nb: [\n", [3]),
        ("a: 1\nb: \x07\n", [2]),
        ("[" * 100_000, [1]),
    ],
)
def test_what_cannot_be_read_is_named_by_its_lines(content: str, lines: list[int]) -> None:
    with pytest.raises(YamlInvalid) as refused:
        yaml_files.read(content)
    assert [line for line, _message in refused.value.problems] == lines


def test_where_each_value_is_written_out_no_alias_stands() -> None:
    content = "a: &a [1]\nb: *a\n"

    with pytest.raises(YamlInvalid, match=r"^2: aliases"):
        yaml_files.read(content, may_alias=False)
    assert yaml_files.read(content)[1] == {"a": [1], "b": [1]}


def test_a_small_file_does_not_become_a_huge_one() -> None:
    grown = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    content = HEAD + f"a0: &a0 {{en: x}}\n{grown}".encode()

    with pytest.raises(LibraryInvalid, match=r"own.yaml:4: a0: Extra inputs"):
        yaml_libraries.parse(content, "own.yaml", Head)

# Everything a person does with the project; .ci/run does the same.
default:
    @just --list

demo:
    uv run taishan demo

test:
    uv run pytest

check:
    uv run ruff check .
    uv run djlint taishan --lint --quiet
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports

bench:
    uv run python -m tests.benchmarks

screenshots:
    uv run python tools/screenshots.py

messages:
    uv run python tools/translations.py

"""Protocols of other systems."""

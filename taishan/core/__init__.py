"""The thinking of Taishan: no Django, no clock, no I/O, no randomness."""

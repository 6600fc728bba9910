"""An invented group of any size, with its people and their reports, for trying and timing."""

"""The wires to people: one file for each channel, all on the same conversations."""

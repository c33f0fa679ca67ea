"""What the acquirer knows about money: the rows, the look-ups and the importers."""

"""From a claim to a verdict: the gate, the evidence, and the words in which it is told."""

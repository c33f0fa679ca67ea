"""What the benchmarks measure on."""

"""What Quoth costs on this machine: one file per part, each begun by scripts/benchmark.py."""

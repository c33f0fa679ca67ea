"""`python -m daozhang`: the same as the `daozhang` command."""

from __future__ import annotations

from daozhang.cli import main

main()

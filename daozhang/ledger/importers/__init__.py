"""Bills from outside become rows of the ledger (DOMAIN.md §7)."""

from __future__ import annotations

from daozhang.ledger.importers.store import ImportReport, import_file

__all__ = ["ImportReport", "import_file"]

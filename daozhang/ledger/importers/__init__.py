"""Bills from outside become rows of the ledger (DOMAIN.md §7)."""

from __future__ import annotations

from daozhang.ledger.importers.formats import FORMATS, Format, detect
from daozhang.ledger.importers.store import ImportReport, import_file
from daozhang.ledger.importers.watch import Seen, watch

__all__ = ["FORMATS", "Format", "ImportReport", "Seen", "detect", "import_file", "watch"]

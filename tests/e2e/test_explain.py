"""`daozhang explain --text`: the trained bot hears, the core judges, the rows are shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from daozhang.settings import ROOT
from tests.e2e.conftest import SUNDAY, Product


def test_a_merchants_words_are_explained_from_the_rows(
    product: Product, featured: dict[str, dict[str, object]]
) -> None:
    mid = str(featured["通达手机配件"]["mid"])
    words = ["--merchant", mid, "--text", "网络不好所以没到账吧？", "--at", SUNDAY, "--json"]
    store = product.sessions.kw["bind"].url.render_as_string()
    done = subprocess.run(
        [sys.executable, "-m", "daozhang", "explain", *words],
        cwd=ROOT,
        env=os.environ | {"DAOZHANG_DATABASE_URL": store},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    worst = json.loads(done.stdout)[0]
    assert (worst["outcome"], worst["cause"]) == ("payout_failed", "bank_rules")
    assert worst["claim_fits"] is False
    assert "payouts" in {row["table"] for row in worst["evidence"]}

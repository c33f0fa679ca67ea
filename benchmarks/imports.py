"""How fast a big bill is taken in, and in how much memory, next to csv.reader alone.

python benchmarks/imports.py [--lines 100000]
"""

from __future__ import annotations

import argparse
import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SHOPS = [f"19000{number:05}" for number in range(100)]
HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
)
SUMMARY = "总交易单数,应结订单总金额,手续费总金额,订单总金额"


class Cost(NamedTuple):
    seconds: float
    peak: int
    """Peak resident memory in MiB of this process so far."""


def bill_lines(count: int) -> Iterator[str]:
    """A WeChat trade bill of `count` sales of 100 shops over one day."""
    yield HEADER
    begin = datetime(2026, 11, 20)  # noqa: DTZ001 - bills write the wall clock
    total = 0
    for number in range(count):
        at = begin + timedelta(seconds=number % 86_400)
        fen = 100 + number * 37 % 90_000
        total += fen
        yuan = f"{fen // 100}.{fen % 100:02}"
        cells = (
            f"{at:%F %T}", "wx2421b1c4370ec43b", SHOPS[number % len(SHOPS)], "0", "",
            f"4200002561{number:018}", f"D{number:010}", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "MICROPAY",
            "SUCCESS", "OTHERS", "CNY", yuan, "0.00", "堂食", "", "0.00000", "0.60%", yuan, "",
        )  # fmt: skip
        yield ",".join(f"`{cell}" for cell in cells)
    yield SUMMARY
    sum_ = f"{total // 100}.{total % 100:02}"
    yield f"`{count},`{sum_},`0.00000,`{sum_}"


def read_alone(bill: Path) -> Cost:
    """Read the bill with csv.reader and do nothing with it."""
    began = time.perf_counter()
    with bill.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return _cost_since(began)


def take_in(bill: Path, folder: Path) -> Cost:
    """Import the bill into an empty SQLite ledger that knows its shops."""
    from daozhang.clock import Clock
    from daozhang.database import Base, connect
    from daozhang.ledger.importers import import_file

    engine, sessions = connect(f"sqlite:///{folder / 'ledger.sqlite3'}")
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        session.add_all(_shop(mid) for mid in SHOPS)
    began = time.perf_counter()
    report = import_file(sessions, bill, clock=Clock())
    cost = _cost_since(began)
    engine.dispose()
    if report.stored != report.lines:
        raise SystemExit(f"not every line was stored: {report}")
    return cost


def _shop(mid: str) -> object:
    from datetime import time as clock

    from daozhang.ledger.models import Merchant
    from daozhang.ledger.words import AccountClass, AccountState, Product

    return Merchant(
        mid=mid,
        name="晨光五金店",
        trade="五金",
        region="上海",
        opened_on=date(2024, 3, 1),
        product=Product.T1,
        cutoff=clock(23),
        window_start=clock(10),
        window_end=clock(18),
        fee_per_10k=60,
        account_bank="工商银行",
        account_last4="4882",
        account_class=AccountClass.I,
        account_state=AccountState.VERIFIED,
    )


def _cost_since(began: float) -> Cost:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Cost(time.perf_counter() - began, peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    count = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        bill = Path(folder, "bill.csv")
        with bill.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in bill_lines(count))
        alone = read_alone(bill)
        whole = take_in(bill, Path(folder))
        size = bill.stat().st_size / 2**20
    print(f"{count:,} lines, {size:.0f} MiB")
    for name, cost in (("csv.reader", alone), ("import", whole)):
        print(f"{name:<12}{count / cost.seconds:>12,.0f} lines/s{cost.peak:>8} MiB peak")
    slower = whole.seconds / alone.seconds
    print(f"{'ratio':<12}{slower:>12.0f} x time {whole.peak / alone.peak:>9.1f} x memory")


if __name__ == "__main__":
    main()

"""Opening the town's shops: the featured ones, then others drawn by chance."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from daozhang.clock import local_date
from daozhang.ledger.models import Merchant, Terminal
from daozhang.ledger.words import AccountClass, AccountState, Product, SignState, SimState
from daozhang.simulation.drafts import Shop
from daozhang.simulation.scene import BANK_OF_INCIDENT, Scene
from daozhang.simulation.town import FeaturedShop, Plant, Trade, load_featured, load_trades

__all__ = ["open_shop", "open_shops"]

_BANKS = (
    "中国工商银行", "中国农业银行", "中国银行", "中国建设银行", "交通银行", "招商银行",
    "中国邮政储蓄银行", "中信银行", "兴业银行", "平安银行",
)  # fmt: skip
_REGIONS = (
    "杭州市西湖区",
    "杭州市上城区",
    "杭州市拱墅区",
    "杭州市滨江区",
    "杭州市余杭区",
    "杭州市萧山区",
)
_MODELS = ("云掌柜 K1 智能POS", "云掌柜 M2 移动POS", "云掌柜 Q3 扫码POS")
_PRODUCTS = (Product.T1, Product.D1, Product.T1, Product.S0, Product.T1, Product.T1, Product.D1)
_INSTANT_CAP = 5_000_000
_LATEST = "3.2.2"


def open_shops(scene: Scene, count: int) -> list[Shop]:
    """`count` shops, featured ones first; every one with machines, an account and terms."""
    featured = load_featured()[:count]
    shops = [_featured(scene, one) for one in featured]
    trades = load_trades()
    taken = {shop.merchant.name for shop in shops}
    keys = sorted(trades)
    for number in range(count - len(shops)):
        rng = scene.rng("shop", number)
        key = keys[number % len(keys)]
        trade = trades[key]
        name = next((one for one in trade.names if one not in taken), None)
        name = name or f"{trade.names[0]}{number + 1}号店"
        taken.add(name)
        shops.append(_chance(scene, rng, trade, name, number))
    for number, shop in enumerate(shops):
        shop.terminals.extend(_machines(scene, shop, number))
    return shops


def open_shop(scene: Scene, trade: Trade, number: int) -> Shop:
    """One ordinary T+1 shop, the `number`th of its world, with its machines."""
    rng = scene.rng("small shop", number)
    shop = _shop(
        rng,
        scene.now,
        mid=f"8983310{trade.mcc}{number + 1:04d}",
        name=f"{trade.names[0]}{number + 1}号店",
        trade=trade,
        product=Product.T1,
        opened_on=local_date(scene.now) - timedelta(days=rng.randrange(140, 2400)),
        bank=rng.choice(_BANKS),
        account_class=AccountClass.I,
        credit_clock=time(rng.randrange(8, 15), rng.randrange(10, 60)),
        plants=(),
    )
    shop.terminals.extend(_machines(scene, shop, number))
    return shop


def _featured(scene: Scene, shop: FeaturedShop) -> Shop:
    trade = load_trades()[shop.trade]
    today = local_date(scene.now)
    return _shop(
        scene.rng("shop", shop.mid),
        scene.now,
        mid=shop.mid,
        name=shop.name,
        trade=trade,
        product=shop.product,
        opened_on=today - timedelta(days=shop.opened_days_ago),
        bank=shop.bank,
        account_class=shop.account_class,
        credit_clock=time.fromisoformat(shop.credit_clock),
        plants=shop.plants,
    )


def _chance(scene: Scene, rng: Random, trade: Trade, name: str, number: int) -> Shop:
    serial = number + 101
    while _looks_like_a_card(f"8983310{trade.mcc}{serial:04d}"):
        serial += 1000
    product = _PRODUCTS[number % len(_PRODUCTS)]
    return _shop(
        rng,
        scene.now,
        mid=f"8983310{trade.mcc}{serial:04d}",
        name=name,
        trade=trade,
        product=product,
        opened_on=local_date(scene.now) - timedelta(days=rng.randrange(140, 2400)),
        bank=BANK_OF_INCIDENT if number in {1, 3} else rng.choice(_BANKS),
        account_class=AccountClass.PUBLIC if rng.random() < 0.2 else AccountClass.I,
        credit_clock=time(rng.randrange(8, 15), rng.randrange(10, 60)),
        plants=(),
    )


def _shop(
    rng: Random,
    now: datetime,
    *,
    mid: str,
    name: str,
    trade: Trade,
    product: Product,
    opened_on: date,
    bank: str,
    account_class: AccountClass,
    credit_clock: time,
    plants: tuple[Plant, ...],
) -> Shop:
    merchant = Merchant(
        mid=mid,
        name=name,
        trade=trade.title,
        region=rng.choice(_REGIONS),
        opened_on=opened_on,
        status="active",
        product=product,
        cutoff=time(23),
        window_start=time(8),
        window_end=time(16) if product is Product.D1 else time(18),
        instant_from=time(7),
        instant_until=time(23),
        instant_minutes=30,
        fallback=Product.T1,
        fee_per_10k=trade.rate,
        min_payout=0,
        instant_cap_single=_INSTANT_CAP if product is Product.S0 else None,
        instant_cap_day=None,
        kyc_valid_until=local_date(now) + timedelta(days=rng.randrange(200, 3000)),
        account_bank=bank,
        account_last4=f"{rng.randrange(10_000):04d}",
        account_class=account_class,
        account_state=AccountState.VERIFIED,
        balance=0,
    )
    return Shop(merchant, [], trade, credit_clock, plants)


def _machines(scene: Scene, shop: Shop, shop_number: int) -> list[Terminal]:
    rng = scene.rng("machines", shop.mid)
    today = local_date(scene.now)
    return [
        Terminal(
            tid=f"3310{shop_number:03d}{number + 1}",
            sn=f"YZG{rng.randrange(10**6):06d}K{shop_number:04d}{number}",
            mid=shop.mid,
            model=rng.choice(_MODELS),
            bound=True,
            sim_state=SimState.OK,
            sim_expires_on=today + timedelta(days=rng.randrange(60, 700)),
            last_heartbeat_at=scene.now - timedelta(seconds=rng.randrange(5, 240)),
            signal=rng.choice((3, 4, 4)),
            app_version=_LATEST if rng.random() < 0.8 else "3.2.1",
            latest_version=_LATEST,
            sign_state=SignState.SIGNED_OFF,
            registered_area=shop.merchant.region,
        )
        for number in range(shop.trade.terminals)
    ]


def _looks_like_a_card(digits: str) -> bool:
    """Whether the Luhn sum fits: such a merchant number would be masked as a card number."""
    doubled = (int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0

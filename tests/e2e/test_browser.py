"""The widget in a real browser: a delay question and the playbook, on a desk and on a phone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from daozhang.settings import ROOT
from tests.e2e.conftest import Product

ARTIFACTS = ROOT / "artifacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IN_CI = os.environ.get("CI") == "true"
ANSWER = 60_000
"""Milliseconds that a bubble may take to appear."""
OPENS_BY_ITSELF = 1080
"""From this width, in pixels, the demo page opens the chat."""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not IN_CI, reason="Chromium is missing: apt-get install chromium"
)

CANNOT = 2
"""The place of 做不了 among a step's buttons, whatever its label."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    ARTIFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 860}, locale="zh-CN") as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="zh-CN"
    ) as context:
        yield context.new_page()


def open_chat(page: Page, product: Product, mid: str) -> None:
    page.goto(f"{product.url}/?mid={mid}")
    chat = page.locator("daozhang-chat")
    if (page.viewport_size or {"width": 0})["width"] < OPENS_BY_ITSELF:
        chat.locator(".launcher").click()
    expect(chat.locator(".input")).to_be_visible()


def ask(page: Page, text: str) -> None:
    box = page.locator("daozhang-chat .input")
    box.fill(text)
    box.press("Enter")


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=Path(ARTIFACTS / f"{name}.png"))


def test_a_delay_question_is_answered_with_the_money_timeline(
    page: Page, product: Product, featured: dict[str, dict[str, object]]
) -> None:
    open_chat(page, product, str(featured["鸿运烟酒行"]["mid"]))
    ask(page, "昨天下午刷的58000没秒到，怎么回事？")
    card = page.locator("daozhang-chat .timeline").last
    expect(card).to_be_visible(timeout=ANSWER)
    expect(card).to_contain_text("58,000元")
    expect(card.locator("[aria-current]")).to_have_count(1)
    shoot(page, "delay-question")


def test_the_playbook_is_walked_on_a_phone(
    phone: Page, product: Product, featured: dict[str, dict[str, object]]
) -> None:
    open_chat(phone, product, str(featured["剪艺理发店"]["mid"]))
    ask(phone, "机器一直连不上网，转圈圈")
    choices = phone.locator("daozhang-chat .choice:enabled")
    bubbles = phone.locator("daozhang-chat .message.bot")
    expect(choices.filter(has_text="怎么做")).to_be_visible(timeout=ANSWER)
    shoot(phone, "playbook-phone")
    for _ in range(10):
        if choices.count() == 0:
            break
        before = bubbles.count()
        choices.nth(CANNOT).click()
        expect(bubbles.nth(before)).to_be_visible(timeout=ANSWER)
        expect(phone.locator("daozhang-chat .typing")).to_be_hidden(timeout=ANSWER)
    expect(phone.locator("daozhang-chat .ticket-number")).to_be_visible(timeout=ANSWER)
    shoot(phone, "handed-over-phone")


def test_what_a_merchant_types_stays_text(
    page: Page, product: Product, featured: dict[str, dict[str, object]]
) -> None:
    open_chat(page, product, str(featured["云来酒店"]["mid"]))
    ask(page, "<img src=x onerror=alert(1)>你好")
    expect(page.locator("daozhang-chat .message.merchant .text").last).to_have_text(
        "<img src=x onerror=alert(1)>你好"
    )
    expect(page.locator("daozhang-chat img")).to_have_count(0)


def test_a_conversation_is_there_again_after_a_reload(
    page: Page, product: Product, featured: dict[str, dict[str, object]]
) -> None:
    open_chat(page, product, str(featured["半亩花田花店"]["mid"]))
    ask(page, "你好")
    answers = page.locator("daozhang-chat .message.bot")
    expect(answers).to_have_count(1, timeout=ANSWER)
    page.reload()
    open_chat(page, product, str(featured["半亩花田花店"]["mid"]))
    expect(answers).to_have_count(1, timeout=ANSWER)


def test_a_visitor_proves_who_they_are_and_is_answered(
    phone: Page, page: Page, product: Product, featured: dict[str, dict[str, object]]
) -> None:
    shop = [one for one in featured.values() if one["terminals"]][-1]
    terminals = shop["terminals"]
    assert isinstance(terminals, list)
    open_chat(phone, product, "visitor")
    ask(phone, "昨天的钱怎么还没到账")
    form = phone.locator("daozhang-chat .identity-form")
    expect(form).to_be_visible(timeout=ANSWER)
    form.locator("[name=mid]").fill(str(shop["mid"]))
    form.locator("[name=machine]").fill(str(terminals[0]["tid"]))
    shoot(phone, "identity-phone")
    form.locator("button[type=submit]").click()
    code = form.locator("[name=code]")
    expect(code).to_be_visible()

    page.goto(f"{product.url}/?mid=visitor")
    text = page.locator(".phone-message").first.inner_text()
    found = re.search(r"\d{6}", text)
    assert found
    assert str(shop["name"]) in text
    shoot(page, "identity-code")

    wrong = f"{(int(found.group()) + 1) % 1_000_000:06}"
    code.fill(wrong)
    form.locator("button[type=submit]").click()
    expect(form.locator(".form-told.trouble")).to_be_visible()
    code.fill(found.group())
    form.locator("button[type=submit]").click()
    greeting = phone.locator("daozhang-chat .message.bot", has_text=str(shop["name"]))
    expect(greeting).to_be_visible()
    expect(form).to_be_hidden()
    shoot(phone, "identity-proven")
    assert wrong not in product.logs()
    assert found.group() not in product.logs()

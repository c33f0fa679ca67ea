"""For all tests: the real PostgreSQL where there is one, and the rule that nothing skips in CI."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

_E2E = Path(__file__).parent / "e2e"
IN_CI = os.environ.get("CI") == "true"
POSTGRES = os.environ.get(
    "DAOZHANG_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests that need a trained bot run last: it may still be in training."""
    items.sort(key=lambda item: item.path.is_relative_to(_E2E))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing skips in CI: {report.longrepr}"
    return report


@contextmanager
def empty_schema() -> Iterator[str]:
    """The address of an empty schema in a real PostgreSQL; it is dropped afterwards."""
    url = make_url(POSTGRES)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    schema = f"test_{uuid4().hex[:12]}"
    try:
        connection = psycopg.connect(plain, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL at {url.host}:{url.port}")
    with connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            inside = url.update_query_dict({"options": f"-csearch_path={schema}"})
            yield inside.render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty schema of the test's own."""
    with empty_schema() as url:
        yield url

from __future__ import annotations

from daozhang.channels.guards import RateLimit


def test_calls_pass_again_when_the_window_has_moved_on() -> None:
    now = [0.0]
    limit = RateLimit(2, 10.0, lambda: now[0])
    assert [limit.wait("a"), limit.wait("a")] == [0.0, 0.0]
    now[0] = 4.0
    assert limit.wait("a") == 6.0
    assert limit.wait("b") == 0.0
    now[0] = 10.0
    assert limit.wait("a") == 0.0


def test_callers_who_fell_silent_are_forgotten() -> None:
    now = [0.0]
    limit = RateLimit(2, 10.0, lambda: now[0])
    for number in range(1000):
        limit.wait(str(number))
    now[0] = 11.0
    limit.wait("a")
    assert len(limit._calls) == 1

"""So much a second, and more for a moment."""

from sidebyside.base.live.limits import Bucket


def test_so_many_at_once_and_then_so_many_a_second():
    bucket = Bucket(a_second=10, at_once=30, last=100.0)
    assert sum(bucket.take(100.0) for _time in range(50)) == 30
    assert sum(bucket.take(100.5) for _time in range(50)) == 5
    assert sum(bucket.take(101.5) for _time in range(50)) == 10


def test_it_never_holds_more_than_it_can():
    bucket = Bucket(a_second=10, at_once=30, last=0.0)
    assert sum(bucket.take(1_000_000.0) for _time in range(50)) == 30


def test_what_costs_more_is_taken_only_whole():
    bucket = Bucket(a_second=1, at_once=10, last=0.0)
    assert bucket.take(0.0, cost=8)
    assert not bucket.take(0.0, cost=8)
    assert bucket.take(0.0, cost=2)
    assert not bucket.take(0.5)

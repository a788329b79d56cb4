"""The same request twice happens once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from meeting_manager.web import limits
from meeting_manager.web.idempotency import Answer, once, scope_of_guest
from meeting_manager.web.models import IdempotencyKey

NOW = datetime(2026, 12, 7, 10, 15, 0, tzinfo=UTC)


class Counter:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Answer:
        self.calls += 1
        return Answer(201, {"number": self.calls})


def ask(
    work: Callable[[], Answer], *, key: str = "k1", body: str = "a", scope: str = "guest:x", now: datetime = NOW
) -> Answer:
    return once(scope=scope, key=key, request=["POST", body], now=now, work=work)


@pytest.mark.django_db
def test_the_repeat_gets_the_first_answer_and_does_nothing() -> None:
    work = Counter()
    assert ask(work) == ask(work) == Answer(201, {"number": 1})
    assert work.calls == 1


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused() -> None:
    work = Counter()
    ask(work)
    with pytest.raises(ValidationError) as refused:
        ask(work, body="b")
    assert "Idempotency-Key" in refused.value.message_dict
    assert work.calls == 1


@pytest.mark.django_db
def test_keys_of_different_people_do_not_meet() -> None:
    work = Counter()
    ask(work, scope=scope_of_guest("a@x.example"))
    ask(work, scope=scope_of_guest("b@x.example"))
    ask(work, scope=scope_of_guest(" A@x.example "))
    assert work.calls == 2


@pytest.mark.django_db
def test_a_failure_is_not_kept() -> None:
    def fail() -> Answer:
        raise LookupError

    with pytest.raises(LookupError):
        ask(fail)
    assert ask(Counter()).body == {"number": 1}


@pytest.mark.django_db
def test_after_a_day_the_key_is_new_and_old_answers_are_forgotten() -> None:
    work = Counter()
    ask(work)
    assert ask(work, now=NOW + timedelta(hours=24)).body == {"number": 2}
    limits.forget_old(NOW + timedelta(hours=48))
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 256, "with blank", "ü", "\x00"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        ask(Counter(), key=key)


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_does_the_work_and_all_get_its_answer() -> None:
    work = Counter()
    answers: list[Answer] = []
    barrier = threading.Barrier(10)

    def request() -> None:
        barrier.wait()
        try:
            answers.append(ask(work))
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [Answer(201, {"number": 1})] * 10

"""The algebra that everything else relies on: marks are idempotent, commute and only ever raise."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.watermark import Advance, advance, coalesce, is_read, unread

seqs = st.integers(min_value=1, max_value=1 << 40)
watermarks = st.integers(min_value=0, max_value=1 << 40)
marks = st.lists(seqs)


def marked(read_seq: int, seq: int) -> int:
    step = advance(read_seq, seq)
    return step.to_seq if step else read_seq


def after(read_seq: int, seqs: list[int]) -> int:
    return reduce(marked, seqs, read_seq)


@given(watermarks, seqs)
def test_marking_twice_is_marking_once(start: int, seq: int) -> None:
    once = marked(start, seq)
    assert advance(once, seq) is None


@given(watermarks, seqs, seqs)
def test_two_marks_commute(start: int, one: int, other: int) -> None:
    assert after(start, [one, other]) == after(start, [other, one])


@given(seqs, seqs, seqs)
def test_marks_associate(first: int, second: int, third: int) -> None:
    assert marked(marked(first, second), third) == marked(first, marked(second, third))


@given(watermarks, marks)
def test_a_watermark_never_falls_and_ends_at_the_highest_mark(start: int, seqs: list[int]) -> None:
    trail = [start]
    for seq in seqs:
        trail.append(marked(trail[-1], seq))
    assert trail == sorted(trail)
    assert trail[-1] == max([start, *seqs])


@given(watermarks, st.permutations(list(range(1, 8))))
def test_any_order_ends_in_the_same_place(start: int, seqs: list[int]) -> None:
    assert after(start, seqs) == after(start, sorted(seqs))


@given(watermarks, seqs)
def test_an_advance_says_exactly_what_became_read(start: int, seq: int) -> None:
    step = advance(start, seq)
    assert step == (Advance(start, seq) if seq > start else None)


@given(watermarks, seqs, seqs)
def test_a_token_mark_covers_its_message_and_all_before_and_none_after(
    start: int, seq: int, other: int
) -> None:
    end = marked(start, seq)
    assert is_read(seq, end)
    assert is_read(other, end) == (other <= seq or is_read(other, start))


@given(watermarks, watermarks)
def test_unread_counts_what_is_not_read(read_seq: int, more: int) -> None:
    assert unread(read_seq + more, read_seq) == more


@given(st.integers(0, 20), st.integers(0, 20))
def test_unread_agrees_with_the_messages_one_by_one(last: int, read: int) -> None:
    read_seq = min(last, read)
    assert unread(last, read_seq) == sum(not is_read(seq, read_seq) for seq in range(1, last + 1))


@given(st.lists(st.tuples(st.sampled_from("abc"), seqs)), watermarks)
def test_coalesced_marks_do_what_all_of_them_do(wanted: list[tuple[str, int]], start: int) -> None:
    merged = coalesce(wanted)
    assert merged.keys() == {key for key, _ in wanted}
    for key, seq in merged.items():
        assert marked(start, seq) == after(start, [mark for other, mark in wanted if other == key])

# ruff: noqa: E501 - a table is read by its lines
"""What becomes of a user's message: every setting, every change of it, every way of marking, each with its source.

A row is one message. The first column is what the account's settings were since it arrived, oldest first: Chat,
Use webhook, option. One state means that it arrived after the last change, several that it arrived before.
"nobody" is a message that only arrives.
"""

from typing import NamedTuple

import pytest

from kidoku.core.marking import Refusal, mark_outcome
from kidoku.core.option import OptionState
from kidoku.core.settings import MarkMeans, read_mode

TABLE = """
chat webhook option, since the message came        | marked by | answer            | shows  | source
# Chat off, webhook off, no option
off off none                                       | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off off none                                       | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off none                                       | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off off none                                       | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
# Chat off, webhook on, no option
off on none                                        | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on none                                        | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
off on none                                        | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on none                                        | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
# Chat on, webhook off, no option
on off none                                        | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on off none                                        | token     | 400 invalid token | Unread | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
on off none                                        | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on off none                                        | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
# Chat on, webhook on, no option
on on none                                         | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on on none                                         | token     | 200               | Read   | LINE docs/messaging-api/mark-as-read
on on none                                         | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on on none                                         | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
# Option in use, webhook off
off off in_use                                     | nobody    | -                 | Unread | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off off in_use                                     | token     | 400 invalid token | Unread | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off in_use                                     | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off off in_use                                     | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
# Option in use, webhook on
off on in_use                                      | nobody    | -                 | Unread | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off on in_use                                      | token     | 400 chat off      | Unread | our decision: the token endpoint wants Chat, which the option excludes
off on in_use                                      | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off on in_use                                      | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
# An option that is not in use changes nothing
off on applied                                     | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on applied                                     | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
off on applied                                     | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on applied                                     | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
on on applied                                      | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on on applied                                      | token     | 200               | Read   | LINE docs/messaging-api/mark-as-read
on on applied                                      | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on on applied                                      | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
off on approved                                    | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on approved                                    | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
off on approved                                    | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on approved                                    | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
on on approved                                     | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on on approved                                     | token     | 200               | Read   | LINE docs/messaging-api/mark-as-read
on on approved                                     | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on on approved                                     | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
off on withdrawn                                   | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on withdrawn                                   | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
off on withdrawn                                   | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on withdrawn                                   | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
on on withdrawn                                    | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on on withdrawn                                    | token     | 200               | Read   | LINE docs/messaging-api/mark-as-read
on on withdrawn                                    | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on on withdrawn                                    | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
# Chat was turned off after the message came
on off none > off off none                         | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
on off none > off off none                         | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
on off none > off off none                         | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
on off none > off off none                         | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
on on none > off on none                           | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
on on none > off on none                           | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
on on none > off on none                           | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
on on none > off on none                           | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
# Chat was turned on after the message came
off off none > on off none                         | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off off none > on off none                         | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off none > on off none                         | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off off none > on off none                         | operator  | 200               | Read   | our decision: 200 without effect on what is Read already
off on none > on on none                           | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on none > on on none                           | token     | 200               | Read   | our decision: 200 without effect on what is Read already
off on none > on on none                           | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on none > on on none                           | operator  | 200               | Read   | our decision: 200 without effect on what is Read already
# Chat was turned off and on again
on off none > off off none > on off none           | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
on off none > off off none > on off none           | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
on off none > off off none > on off none           | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
on off none > off off none > on off none           | operator  | 200               | Read   | our decision: 200 without effect on what is Read already
on on none > off on none > on on none              | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
on on none > off on none > on on none              | token     | 200               | Read   | our decision: 200 without effect on what is Read already
on on none > off on none > on on none              | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
on on none > off on none > on on none              | operator  | 200               | Read   | our decision: 200 without effect on what is Read already
# The option was taken into use, which turned Chat off
on off approved > off off in_use                   | nobody    | -                 | Unread | our decision: a change to manual reading takes nothing back and marks nothing
on off approved > off off in_use                   | token     | 400 invalid token | Unread | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
on off approved > off off in_use                   | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: marks all that exists when processed
on off approved > off off in_use                   | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
on on approved > off on in_use                     | nobody    | -                 | Unread | our decision: a change to manual reading takes nothing back and marks nothing
on on approved > off on in_use                     | token     | 400 chat off      | Unread | our decision: the token endpoint wants Chat, which the option excludes
on on approved > off on in_use                     | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: marks all that exists when processed
on on approved > off on in_use                     | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
# The option was taken into use with Chat off
off off approved > off off in_use                  | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off off approved > off off in_use                  | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off approved > off off in_use                  | user      | 200               | Read   | our decision: 200 without effect on what is Read already
off off approved > off off in_use                  | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
off on approved > off on in_use                    | nobody    | -                 | Read   | LINE reference/messaging-api#get-bot-info: markAsReadMode auto with Chat off
off on approved > off on in_use                    | token     | 400 chat off      | Read   | our decision: the token endpoint wants Chat, which the option excludes
off on approved > off on in_use                    | user      | 200               | Read   | our decision: 200 without effect on what is Read already
off on approved > off on in_use                    | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
# The option was withdrawn
off off in_use > off off withdrawn                 | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
off off in_use > off off withdrawn                 | token     | 400 invalid token | Read   | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off in_use > off off withdrawn                 | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off off in_use > off off withdrawn                 | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
off on in_use > off on withdrawn                   | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
off on in_use > off on withdrawn                   | token     | 400 chat off      | Read   | field report 2025-12-24 (qiita 643dd9a0ef92e4df44a5), status our decision
off on in_use > off on withdrawn                   | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on in_use > off on withdrawn                   | operator  | 409 no screen     | Read   | our decision: without Chat there is no chat screen to open
# The option was withdrawn and Chat turned on
off on in_use > off on withdrawn > on on withdrawn | nobody    | -                 | Read   | our decision: automatic reading marks the backlog
off on in_use > off on withdrawn > on on withdrawn | token     | 200               | Read   | our decision: 200 without effect on what is Read already
off on in_use > off on withdrawn > on on withdrawn | user      | 403               | Read   | LINE reference/messaging-api#error-messages, status our decision
off on in_use > off on withdrawn > on on withdrawn | operator  | 200               | Read   | our decision: 200 without effect on what is Read already
# Use webhook was turned on after the message came
on off none > on on none                           | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on off none > on on none                           | token     | 400 invalid token | Unread | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
on off none > on on none                           | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on off none > on on none                           | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
off off in_use > off on in_use                     | nobody    | -                 | Unread | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off off in_use > off on in_use                     | token     | 400 invalid token | Unread | LINE docs/messaging-api/mark-as-read: tokens come by webhook only
off off in_use > off on in_use                     | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: marks all that exists when processed
off off in_use > off on in_use                     | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
# Use webhook was turned off after the message came
on on none > on off none                           | nobody    | -                 | Unread | LINE reference/messaging-api#get-bot-info: markAsReadMode manual with Chat on
on on none > on off none                           | token     | 200               | Read   | LINE docs/messaging-api/mark-as-read: tokens do not expire
on on none > on off none                           | user      | 403               | Unread | LINE reference/messaging-api#error-messages, status our decision
on on none > on off none                           | operator  | 200               | Read   | LINE Official Account Manager manual, chat screen: opening reads
off on in_use > off off in_use                     | nobody    | -                 | Unread | LINE docs/partner-docs/mark-as-read: automatic read off, API only
off on in_use > off off in_use                     | token     | 400 chat off      | Unread | our decision: the token endpoint wants Chat, which the option excludes
off on in_use > off off in_use                     | user      | 200               | Read   | LINE docs/partner-docs/mark-as-read: marks all that exists when processed
off on in_use > off off in_use                     | operator  | 409 no screen     | Unread | our decision: without Chat there is no chat screen to open
"""

MEANS = {
    "nobody": MarkMeans.ARRIVAL,
    "token": MarkMeans.TOKEN,
    "user": MarkMeans.USER,
    "operator": MarkMeans.OPERATOR,
}
ANSWERS = {
    "-": None,
    "200": None,
    "400 invalid token": Refusal.INVALID_TOKEN,
    "400 chat off": Refusal.CHAT_OFF,
    "403": Refusal.NOT_ENTITLED,
    "409 no screen": Refusal.CHAT_SCREEN_OFF,
}


class State(NamedTuple):
    chat: bool
    webhook: bool
    option: OptionState


class Cell(NamedTuple):
    states: tuple[State, ...]
    marked_by: str
    answer: str
    shows: str
    source: str


def parse_state(text: str) -> State:
    chat, webhook, option = text.split()
    return State(chat == "on", webhook == "on", OptionState(option))


def parse(line: str) -> Cell:
    history, marked_by, answer, shows, source = (part.strip() for part in line.split("|"))
    return Cell(tuple(map(parse_state, history.split(">"))), marked_by, answer, shows, source)


CELLS = [parse(line) for line in TABLE.strip().splitlines()[1:] if not line.startswith("#")]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{len(cell.states)}-{cell.marked_by}")
def test_cell(cell: Cell) -> None:
    modes = [read_mode(state.chat, state.option) for state in cell.states]
    outcome = mark_outcome(modes, MEANS[cell.marked_by], has_token=cell.states[0].webhook)
    assert outcome.refusal is ANSWERS[cell.answer]
    assert ("Read" if outcome.read else "Unread") == cell.shows


def test_chat_with_the_option_in_use_is_impossible() -> None:
    """LINE docs/partner-docs/mark-as-read: the option and Chat exclude each other."""
    with pytest.raises(ValueError, match="option is in use"):
        read_mode(True, OptionState.IN_USE)


def test_every_combination_is_in_the_table() -> None:
    now = {(cell.states[-1].chat, cell.states[-1].webhook, cell.states[-1].option) for cell in CELLS}
    for webhook in (False, True):
        assert {(False, webhook, OptionState.NONE), (True, webhook, OptionState.NONE)} <= now
        assert (False, webhook, OptionState.IN_USE) in now
    assert {option for _, _, option in now} == set(OptionState)


def test_every_state_is_marked_in_every_way() -> None:
    for states in {cell.states for cell in CELLS}:
        assert {cell.marked_by for cell in CELLS if cell.states == states} == set(MEANS)


def test_the_table_has_no_double_and_enough_cells() -> None:
    assert len({(cell.states, cell.marked_by) for cell in CELLS}) == len(CELLS)
    assert len(CELLS) >= 64


def test_every_cell_names_its_source() -> None:
    for cell in CELLS:
        assert cell.source.startswith(("LINE ", "our decision: ", "field report "))

import io

from generation.progress import Progress
from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.session import Finished, Rejection

OUTCOMES = [
    Outcome("0001", Finished({}), (), n_asked=2),
    Outcome("0002", Rejection("0002", Reason.KOREAN, "no"), (), n_asked=5),
    Outcome("0003", None, (), error="boom"),
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def show(stream):
    progress = Progress(4, stream)
    for outcome in OUTCOMES:
        progress.add(outcome)
    progress.close()
    return stream.getvalue()


def test_progress_is_one_plain_line_at_the_end_of_a_short_run_without_a_terminal():
    assert show(io.StringIO()) == "3 of 4 sessions: finished 1, rejected 1, unfinished 1, asked 7\n"


def test_progress_is_a_bar_on_a_terminal():
    text = show(Terminal())
    assert "3/4" in text
    assert "finished 1, rejected 1, unfinished 1, asked 7" in text

import io

from generation.backends.meter import Meter
from generation.backends.pacing import Gate
from generation.progress import Progress, summary
from generation.results import Results
from generation.runner import Outcome
from generation.sessions.reasons import Reason
from generation.sessions.session import Finished, Rejection
from generation.tally import Tally, read_run_file

OUTCOMES = [
    Outcome("0001", Finished({"split": "train", "dialogue": ["a"] * 5}), (), ("(korean) x",), n_asked=2),
    Outcome("0002", Rejection("0002", Reason.KOREAN, "no"), (), n_asked=5),
    Outcome("0003", None, (), error="boom"),
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def tally(**meter):
    made = Meter(**meter)
    made.n_answered = 7
    made.spend(1200, 34)
    made.retries.update({"429": 3, "5xx": 1})
    figures = Tally(4, {"backend": "openai"}, Results.of(OUTCOMES), made, Gate(8))
    figures._began -= 60
    return figures


def show(stream, folder):
    progress = Progress(tally(price_in=100.0, price_out=1000.0), folder, stream)
    progress.show()
    progress.close()
    return stream.getvalue()


def test_progress_is_one_plain_line_at_the_end_of_a_short_run_without_a_terminal(tmp_path):
    (line,) = show(io.StringIO(), tmp_path).splitlines()
    assert line == (
        "3 of 4 sessions, finished 1, rejected 1, unfinished 1, 0.1 utterances/s, 7 answered, 0 under way, "
        "1,200 + 34 tokens, $0.15, retries: 429 3 5xx 1, complaints: korean 1, 20 s left"
    )


def test_progress_is_one_line_that_is_drawn_anew_on_a_terminal(tmp_path):
    text = show(Terminal(), tmp_path)
    assert text.count("\n") == 1
    assert " 75% 3/4 sessions [" in text
    assert "0.1 utterances/s, 0.00 M tokens, $0.15, 1 rejected, 1 unfinished, retries 429:3 5xx:1, " in text


def test_progress_keeps_the_run_file_up_to_date(tmp_path):
    show(io.StringIO(), tmp_path)
    record = read_run_file(tmp_path)
    assert record["sessions"] == {"total": 4, "finished": 1, "rejected": 1, "unfinished": 1}
    assert (record["retries"], record["cost_usd"], record["utterances"]) == ({"429": 3, "5xx": 1}, 0.154, 5)


def test_summary_of_a_run_that_ended_tells_no_time_left_and_no_money_without_prices():
    ended = tally()
    ended.state = "finished"
    line = summary(ended.record())
    assert "left" not in line
    assert "$" not in line

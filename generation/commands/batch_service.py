"""Commands for the OpenAI Batch service: ``batch submit``, ``poll``, ``download``, and ``run`` for it all."""

import argparse
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from generation.backends.batch_parts import ANSWERS_FILE, REQUESTS_FILE, Part, read_parts
from generation.backends.interface import BackendError
from generation.commands import arguments, batches

if TYPE_CHECKING:
    from generation.backends.batch_service import BatchService

UNNAMED = "unnamed"


def submit(options: Namespace) -> int:
    """Submit a folder's batch file."""
    service = _service(options.base_url)
    print(f"submitting to {service.base_url}", file=sys.stderr)
    _tell(service.submit(options.folder))
    return 0


def poll(options: Namespace) -> int:
    """Say how far a folder's batches are; with --wait until all have ended."""
    service = _service(options.base_url)
    parts = service.refresh(options.folder)
    _tell(parts)
    if options.wait:
        _wait(service, options.folder, options.every, parts)
    return 0


def download(options: Namespace) -> int:
    """Download the answers of a folder's batches."""
    path = _service(options.base_url).download(options.folder)
    print(f"answers in {path}; take them in with `python -m generation import {path}`")
    return 0


def run(options: Namespace) -> int:
    """Export, submit, wait, download and import, again and again until no session waits.

    Each round has a folder of its own, and a run that was stopped goes on with the last one.
    """
    if options.model == UNNAMED:
        raise BackendError("batch run needs the name of a model; give it with --model")
    service = _service(options.base_url)
    print(f"asking {options.model} at {service.base_url}", file=sys.stderr)
    n = max([int(path.name.removeprefix("round-")) for path in options.out.glob("round-[0-9]*")], default=1)
    before = b""
    while True:
        folder = options.out / f"round-{n:03d}"
        if not read_parts(folder):
            batches.export(Namespace(**vars(options) | {"out": folder, "stage": None, "limit": None}))
        requests = (folder / REQUESTS_FILE).read_bytes()
        if not requests:
            return 0
        if requests == before:
            raise BackendError(f"no request of the last round was answered; see {options.out}")
        if not (folder / ANSWERS_FILE).exists():
            parts = service.submit(folder)
            _tell(parts)
            _wait(service, folder, options.every, parts)
            service.download(folder)
        taken = {"file": folder / ANSWERS_FILE, "worker": 0, "check": False}
        taken |= {"skip_invalid": True, "model": None}
        batches.take_in(Namespace(**vars(options) | taken))
        before = requests
        n += 1


def add_parsers(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``batch`` to the commands of ``python -m generation``."""
    text = "have a batch service answer what sessions wait for"
    parser = subparsers.add_parser("batch", help=text, description=f"{text[0].upper()}{text[1:]}.")
    steps = parser.add_subparsers(required=True, metavar="STEP")
    for function, help_text in (
        (submit, "submit the batch file that `export` wrote"),
        (poll, "say how far the submitted batches are"),
        (download, "download the answers, for `import`"),
        (run, "export, submit, wait, download and import until no session waits"),
    ):
        step = steps.add_parser(function.__name__, help=help_text, description=f"{help_text.capitalize()}.")
        step.set_defaults(command=function)
        step.add_argument(
            "--base-url", help="root of the API (default: OpenAI's); its key is in OPENAI_API_KEY"
        )
        if function is not run:
            step.add_argument("--folder", type=Path, required=True, help="folder that `export` wrote to")
        if function in (poll, run):
            step.add_argument(
                "--every",
                type=float,
                default=60.0,
                metavar="SECONDS",
                help="time between questions (default: 60)",
            )
        if function is poll:
            step.add_argument("--wait", action="store_true", help="go on asking until all have ended")
    arguments.add_inputs(step)
    step.add_argument("--out", type=Path, required=True, help="folder for the files of each round")
    step.add_argument("--model", default=UNNAMED, help="name of the model that is to answer")
    step.set_defaults(shard=None)


def _service(base_url: str | None) -> "BatchService":
    # The client takes half a second to import, and only these commands need it.
    from generation.backends.batch_service import BatchService

    return BatchService(base_url)


def _wait(service: "BatchService", folder: Path, seconds: float, parts: list[Part]) -> None:
    told = parts
    while not all(part.has_ended for part in parts):
        time.sleep(seconds)
        parts = service.refresh(folder)
        if parts != told:
            _tell(parts)
            told = parts


def _tell(parts: list[Part]) -> None:
    for part in parts:
        reason = f": {part.errors[0]}" if part.errors else ""
        print(f"{part.batch_id} {part.status}, {part.n_completed} of {part.n_requests} answered{reason}")

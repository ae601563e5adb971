"""Backend `transformers`: a causal language model on this machine, with its own chat template.

Requests that wait at the same time are answered as one batch, whichever sessions they belong to. Nothing
constrains the decoding: a row stops at its first whole JSON object, and what is no such object goes to the
session as it stands, whose checks decide. For thousands of sessions serve the model with vLLM instead, whose
batches need not wait for their longest row.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from itertools import takewhile

import torch
import transformers
from jinja2 import TemplateError

from generation.backends.interface import BackendError
from generation.backends.meter import Meter
from generation.backends.whole_object import first_object
from generation.sessions.request import Completion, Message, Request
from generation.token_count import estimate_prompt_tokens

SECONDS_TO_GATHER = 0.02
DTYPES = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class _Waiting:
    request: Request
    answer: asyncio.Future

    @property
    def sampling(self) -> tuple[float, int]:
        """What requests of one batch must have in common."""
        return self.request.temperature, self.request.max_tokens


class LocalModel:
    """Completions of a model that this process holds.

    Weights load from safetensors files only, and no code that comes with a model is run.

    Args:
        model: Name on the Hugging Face Hub, or folder, of a causal model whose tokenizer has a chat template.
        device: Such as `cpu`, `cuda`, `cuda:1` or `mps`; `auto` takes an accelerator where there is one.
        dtype: One of `DTYPES`; `auto` takes what the weights were saved in.
        batch_size: Most requests answered together, 1 or more.
        random_seed: Start of the sampling. The same answers come again only for the same batches.
        meter: Counts requests and tokens and holds the caps; None for one without caps.

    Raises:
        BackendError: If the model can't be loaded or has no chat template.
    """

    def __init__(
        self,
        model: str,
        *,
        device: str = "auto",
        dtype: str = "auto",
        batch_size: int = 16,
        random_seed: int = 0,
        meter: Meter | None = None,
    ) -> None:
        self.model = model
        self.device = _device(device)
        self._batch_size = batch_size
        self._meter = meter or Meter()
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(model, padding_side="left")
            self._model = transformers.AutoModelForCausalLM.from_pretrained(
                model, dtype=dtype, use_safetensors=True
            ).to(self.device)
        except (OSError, ValueError, KeyError, RuntimeError, AssertionError) as error:
            raise _failed(f"model {model!r} can't be loaded to {self.device}: {_first_line(error)}") from None
        if not self._tokenizer.chat_template:
            raise _failed(
                f"model {model!r} has no chat template; take one that was tuned to follow instructions"
            )
        self._model.eval()
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        torch.manual_seed(random_seed)
        self._queue: deque[_Waiting] = deque()
        self._server: asyncio.Task | None = None

    async def complete(self, request: Request) -> Completion:
        """Return the model's completion; see `Backend`."""
        loop = asyncio.get_running_loop()
        self._meter.start(estimate_prompt_tokens(request))
        waiting = _Waiting(request, loop.create_future())
        self._queue.append(waiting)
        if self._server is None or self._server.done():
            self._server = loop.create_task(self._serve())
        try:
            completion = await waiting.answer
        finally:
            self._meter.end()
        self._meter.n_answered += 1
        self._meter.spend(completion.prompt_tokens, completion.completion_tokens)
        return completion

    async def close(self) -> None:
        """Stop answering; a batch under way is finished first."""
        self._queue.clear()
        if self._server is not None:
            await self._server

    async def _serve(self) -> None:
        while self._queue:
            await asyncio.sleep(SECONDS_TO_GATHER)
            batch = self._take()
            try:
                answers = await asyncio.to_thread(self._answer, [waiting.request for waiting in batch])
            except torch.OutOfMemoryError:
                text = f"{self.device} has too little memory for {len(batch)} requests; lower --concurrency"
                answers = [_failed(text)] * len(batch)
            except (
                Exception
            ) as error:  # whatever it is belongs to those who wait, or they would wait for ever
                answers = [error] * len(batch)
            for waiting, answer in zip(batch, answers, strict=True):
                if waiting.answer.done():
                    continue
                if isinstance(answer, Completion):
                    waiting.answer.set_result(answer)
                else:
                    waiting.answer.set_exception(answer)

    def _take(self) -> list[_Waiting]:
        """Take what waits longest and whatever can be sampled together with it."""
        self._queue = deque(waiting for waiting in self._queue if not waiting.answer.done())
        batch: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        for waiting in self._queue:
            fits = not batch or waiting.sampling == batch[0].sampling
            (batch if fits and len(batch) < self._batch_size else left).append(waiting)
        self._queue = left
        return batch

    def _answer(self, requests: list[Request]) -> list[Completion | Exception]:
        if not requests:
            return []
        texts = [self._text(request) for request in requests]
        encoded = [self._tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
        answers: list[Completion | Exception | None] = [
            self._too_long(request, len(tokens)) for request, tokens in zip(requests, encoded, strict=True)
        ]
        rows = [n for n, answer in enumerate(answers) if answer is None]
        generated = self._generate([encoded[n] for n in rows], requests[0]) if rows else []
        for n, tokens in zip(rows, generated, strict=True):
            answers[n] = self._completion(requests[n], len(encoded[n]), tokens)
        return answers

    def _too_long(self, request: Request, n_tokens: int) -> BackendError | None:
        room = getattr(self._model.config.get_text_config(), "max_position_embeddings", None)
        if room is None or n_tokens + request.max_tokens <= room:
            return None
        return BackendError(
            f"{request.name}: {n_tokens} tokens and an answer of {request.max_tokens} exceed the {room} "
            f"that {self.model!r} takes; take a model with a longer context"
        )

    def _text(self, request: Request) -> str:
        schema = json.dumps(request.schema, ensure_ascii=False)
        first, *others = request.messages
        told = Message(role=first.role, content=f"{first.content}\n\nJSON Schema: {schema}")
        try:
            return self._render([told, *others])
        except TemplateError:  # some templates have no system role
            if first.role != "system" or not others:
                raise
            joined = Message(role=others[0].role, content=f"{told.content}\n\n{others[0].content}")
            return self._render([joined, *others[1:]])

    def _render(self, messages: list[Message]) -> str:
        chat = [{"role": message.role, "content": message.content} for message in messages]
        return self._tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)

    def _generate(self, encoded: list[list[int]], like: Request) -> list[list[int]]:
        padded = self._tokenizer.pad({"input_ids": encoded}, return_tensors="pt").to(self.device)
        n_prompt = padded["input_ids"].shape[1]
        sampling = {"do_sample": False}
        if like.temperature:
            sampling = {"do_sample": True, "temperature": like.temperature}
        with torch.inference_mode():
            generated = self._model.generate(
                **padded,
                **sampling,
                max_new_tokens=like.max_tokens,
                pad_token_id=self._tokenizer.pad_token_id,
                stopping_criteria=[_WholeObject(self._tokenizer, n_prompt)],
            )
        return [self._until_end(row) for row in generated[:, n_prompt:].tolist()]

    def _until_end(self, row: list[int]) -> list[int]:
        ends = self._model.generation_config.eos_token_id
        stops = {self._tokenizer.pad_token_id, *(ends if isinstance(ends, list) else [ends])}
        return list(takewhile(lambda token: token not in stops, row))

    def _completion(self, request: Request, n_prompt: int, tokens: list[int]) -> Completion:
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        return Completion(
            request_hash=request.hash,
            session=request.session,
            stage=request.stage,
            content=first_object(text) or text.strip(),
            model=self.model,
            prompt_tokens=n_prompt,
            completion_tokens=len(tokens),
        )


class _WholeObject(transformers.StoppingCriteria):
    """Ends each row once it holds a whole JSON object."""

    def __init__(self, tokenizer: transformers.PreTrainedTokenizerBase, n_prompt: int) -> None:
        self._tokenizer = tokenizer
        self._n_prompt = n_prompt

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: object) -> torch.Tensor:
        own = input_ids[:, self._n_prompt :].tolist()
        return torch.tensor([self._is_whole(row) for row in own], device=input_ids.device)

    def _is_whole(self, row: list[int]) -> bool:
        if "}" not in self._tokenizer.decode(row[-1:]):
            return False
        return first_object(self._tokenizer.decode(row, skip_special_tokens=True)) is not None


def _device(name: str) -> str:
    if name != "auto":
        return name
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _failed(text: str) -> BackendError:
    return BackendError(text, is_fatal=True)


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)[
        :300
    ]

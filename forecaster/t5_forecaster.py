"""The KMI paper's forecaster: a T5 sequence-to-sequence model that reads the last six utterances.

The paper decodes label strings by beam search, and takes three of them. Here the likelihoods of all label
strings are computed and normalized, which gives a probability for each; beam search stays as an option.

Source:
    Kim et al. (2025), KMI, section 3 (input of six utterances with the therapist's labels, beam of ten, three
    sequences). The wording of the input is ours.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecaster.corpus import Turn
from forecaster.feature_model import check_history
from forecaster.paper_decision import N_CANDIDATES, WINDOW
from kmi import THERAPIST_LABELS, Label, Role

if TYPE_CHECKING:
    import torch

N_BEAMS = 10
MAX_LABEL_TOKENS = 8
MAX_INPUT_TOKENS = 512
BATCH_SIZE = 16
OPENING = "The session begins."


def render_history(history: Sequence[Turn]) -> str:
    """Write the last six utterances, the therapist's with their labels.

    Example:
        >>> render_history([Turn(Role.THERAPIST, Label.OPEN_QUESTION, "Why?")])
        'Therapist [Open Question]: Why? Next:'
    """
    parts = [
        f"Therapist [{turn.label.value}]: {turn.text}"
        if turn.role is Role.THERAPIST
        else f"Client: {turn.text}"
        for turn in history[-WINDOW:]
    ]
    return " ".join([*(parts or [OPENING]), "Next:"])


class T5Forecaster:
    """Forecaster of the therapist's next label over any T5 checkpoint; follows `forecaster.interface`.

    Attributes:
        role: The therapist.
        temperature: Log likelihoods are divided by it before they are normalized; above 0.
    """

    role = Role.THERAPIST

    def __init__(self, tokenizer, model, temperature: float = 1.0) -> None:
        self._tokenizer = tokenizer
        self._model = model.eval()
        self.temperature = temperature
        self._strings = [label.value for label in THERAPIST_LABELS]

    @classmethod
    def load(cls, checkpoint: str, temperature: float = 1.0) -> "T5Forecaster":
        """Load a checkpoint: a folder, or a name on the Hugging Face Hub.

        Raises:
            ValueError: If transformers and torch are not installed, or cannot load it.
        """
        try:
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
        except ImportError as error:
            raise ValueError(
                f"T5 needs torch and transformers ({error}); run `pip install '.[torch]'`"
            ) from error
        try:
            tokenizer = AutoTokenizer.from_pretrained(checkpoint)
            model = AutoModelForSeq2SeqLM.from_pretrained(checkpoint)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"cannot load the T5 checkpoint {checkpoint}: {reason}") from error
        return cls(tokenizer, model, temperature)

    def predict_proba(self, history: Sequence[Turn]) -> dict[Label, float]:
        """Return the normalized likelihood of each label's string."""
        return self.predict_proba_batch([history])[0]

    def predict_proba_batch(self, histories: Sequence[Sequence[Turn]]) -> list[dict[Label, float]]:
        """Return the probabilities after each history, in batches of 16."""
        import torch

        for history in histories:
            check_history(history)
        forecasts = []
        for start in range(0, len(histories), BATCH_SIZE):
            with torch.inference_mode():
                scores = self._log_likelihoods(histories[start : start + BATCH_SIZE]) / self.temperature
            rows = torch.softmax(scores.double(), dim=1).tolist()
            forecasts += [dict(zip(THERAPIST_LABELS, row, strict=True)) for row in rows]
        return forecasts

    def _log_likelihoods(self, histories: Sequence[Sequence[Turn]]) -> "torch.Tensor":
        """Return log P(label string | history), shape (n_histories, 8)."""
        import torch

        source = self._encode([render_history(history) for history in histories], MAX_INPUT_TOKENS)
        hidden = self._model.get_encoder()(**source).last_hidden_state
        targets = self._tokenizer(text_target=self._strings, return_tensors="pt", padding=True)
        n, n_labels = len(histories), len(self._strings)
        is_token = targets.attention_mask.bool()
        labels = targets.input_ids.masked_fill(~is_token, -100).repeat(n, 1)
        logits = self._model(
            encoder_outputs=(hidden.repeat_interleave(n_labels, 0),),
            attention_mask=source.attention_mask.repeat_interleave(n_labels, 0),
            labels=labels,
        ).logits
        chosen = labels.clamp(min=0).unsqueeze(-1)
        tokens = torch.log_softmax(logits, -1).gather(-1, chosen).squeeze(-1) * (labels != -100)
        return tokens.sum(1).reshape(n, n_labels)

    def beam_labels(self, history: Sequence[Turn], n: int = N_CANDIDATES) -> list[Label | None]:
        """Return the labels that beam search writes, best first, as the paper does.

        Args:
            history: All turns so far, the client's last.
            n: Sequences returned of the ten beams.

        Returns:
            `n` labels; None stands for a string that is no label.
        """
        check_history(history)
        written = self._model.generate(
            **self._encode([render_history(history)], MAX_INPUT_TOKENS),
            num_beams=N_BEAMS,
            num_return_sequences=n,
            max_new_tokens=MAX_LABEL_TOKENS,
            do_sample=False,
        )
        strings = self._tokenizer.batch_decode(written, skip_special_tokens=True)
        known = {label.value.casefold(): label for label in THERAPIST_LABELS}
        return [known.get(string.strip().casefold()) for string in strings]

    def _encode(self, texts: Sequence[str], max_tokens: int):
        return self._tokenizer(
            list(texts), return_tensors="pt", padding=True, truncation=True, max_length=max_tokens
        )

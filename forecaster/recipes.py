"""The trained models by name: which features each reads, and how its parts are fitted."""

from dataclasses import dataclass

DENSE_BLOCKS = ("labels", "text", "surface", "similarity")
VECTOR_BLOCKS = ("client vector", "therapist vector")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a model reads and how it is fitted.

    Attributes:
        blocks: Features, dense blocks before vector blocks.
        language: "any" or "English": whose text the model reads.
        shrinkage: Inverse strength of the linear part's L2 penalty; above 0.
        emphasis: Standard deviation that a block's columns are brought to for the linear part; 1 if not
            named. A smaller one means a stronger penalty.
        n_forests: Sets of boosted trees, averaged with the linear part; 0 for the linear part alone.
        n_boosts: Rounds of boosting of one set.
        n_components: Principal components of each vector block that the trees see.
        n_random_seeds: Trainings that an evaluation averages its figures over.
    """

    blocks: tuple[str, ...]
    language: str = "any"
    shrinkage: float = 0.002
    emphasis: tuple[tuple[str, float], ...] = ()
    n_forests: int = 1
    n_boosts: int = 60
    n_components: int = 24
    n_random_seeds: int = 1

    def __post_init__(self) -> None:
        unknown = [block for block in self.blocks if block not in (*DENSE_BLOCKS, *VECTOR_BLOCKS)]
        in_order = sorted(self.blocks, key=(*DENSE_BLOCKS, *VECTOR_BLOCKS, *unknown).index)
        if unknown or not self.blocks or list(self.blocks) != in_order:
            raise ValueError(
                f"blocks {self.blocks}: allowed are, in this order, "
                f"{', '.join((*DENSE_BLOCKS, *VECTOR_BLOCKS))}"
            )
        if self.shrinkage <= 0 or self.n_forests < 0 or self.n_boosts < 1 or self.n_components < 1:
            raise ValueError(f"{self}: allowed are shrinkage > 0, n_forests >= 0, the other counts >= 1")

    @property
    def vector_blocks(self) -> tuple[str, ...]:
        """The blocks that come from the sentence encoder as they are."""
        return tuple(block for block in self.blocks if block in VECTOR_BLOCKS)

    @property
    def needs_encoder(self) -> bool:
        """Whether the model needs the sentence encoder."""
        return bool(self.vector_blocks) or "similarity" in self.blocks


RECIPES = {
    "labels": Recipe(blocks=("labels",), shrinkage=0.0015, n_forests=0),
    "portable": Recipe(blocks=("labels", "text"), shrinkage=0.003),
    "portable-vectors": Recipe(
        blocks=("labels", "text", "client vector"), emphasis=(("client vector", 0.3),)
    ),
    "best": Recipe(
        blocks=("labels", "text", "surface", "similarity", "client vector", "therapist vector"),
        language="English",
        shrinkage=0.0015,
        emphasis=(
            ("surface", 0.6),
            ("similarity", 0.7),
            ("client vector", 0.3),
            ("therapist vector", 0.2),
        ),
        n_forests=2,
        n_random_seeds=5,
    ),
}
"""Models that are trained on features; `labels` works before any text exists, `best` reads English alone."""

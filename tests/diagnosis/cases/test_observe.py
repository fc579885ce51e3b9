"""What a declared case's records say, as simple models are given them."""

import numpy as np

from harness.diagnosis.cases.replay import replay
from tests.backends.small_cases import case_of

CASE = case_of(
    {"task": "bag_of_tokens", "timesteps": 4, "lengths": [2, 4]},
    {"units": (4,), "embedding": 2},
    {"epochs": 1},
)


def test_token_ids_are_whole_numbers_and_what_lies_beyond_an_end_is_none_of_them() -> None:
    seen = replay(CASE, 0)
    assert seen is not None
    for inputs in (seen.inputs, seen.more_inputs):
        assert inputs is not None
        assert inputs.dtype == np.int64
        assert inputs.min() == -1

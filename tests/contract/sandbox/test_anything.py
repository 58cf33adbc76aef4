"""Whatever bytes are sent, the sandbox answers with a sentence: it never breaks."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.sandbox.door import Door, new_world

DOOR = Door(new_world())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_answered_or_refused_in_words(payload: bytes) -> None:
    answer = DOOR.send("creditCards/charge", payload)
    assert answer.status in {400, 401}
    assert answer.message

"""Sentences that are stored keep their pattern, so that they are translated when somebody reads them."""

from __future__ import annotations

import json

import pytest

from webapp.domain.wording import Wording, pack, pack_line, say, say_list, unpack, unpack_line

ADVICE = say("Save it as CSV in UTF-8 and import that.")
SENTENCES = [
    say("already imported"),
    say("the %(field)s is longer than %(most)s characters", field="SKU", most=64),
    say("The file has more than %(most)s MiB. %(advice)s", most=256, advice=ADVICE),
    say("changed in the shop: %(changes)s", changes=say_list([say("a note"), say("more units")])),
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_comes_back_with_its_pattern_and_values(sentence: Wording) -> None:
    for back in (unpack(json.loads(json.dumps(pack(sentence)))), unpack_line(pack_line(sentence, 500))):
        assert isinstance(back, Wording)
        assert (back, back.pattern, dict(back.values)) == (sentence, sentence.pattern, dict(sentence.values))


@pytest.mark.parametrize("text", ["", "disk full", '{"say": "not ours'])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert unpack(pack(text)) == text


def test_what_is_too_long_to_keep_with_its_pattern_is_kept_in_english() -> None:
    assert pack_line(SENTENCES[2], 60) == str(SENTENCES[2])[:60]
    assert unpack_line("disk full") == "disk full"

"""Models of Hugging Face: other tokenizers, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.qa.reading.torch_model import TorchSpanModel
from index.errors import ModelFileError

TEXTS = ["He was killed in the town of Atme. 😀 It was early.", "", "Shares fell. " * 200]


def write_roberta(folder: Path, head: str = "RobertaForQuestionAnswering") -> str:
    """No token types, two separators, positions from 2, bytes for letters, spaces in tokens."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<s>", "</s>", "<pad>", "<unk>"]
    vocabulary = {token: n for n, token in enumerate([*special, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 1), ("<s>", 0), trim_offsets=False
    )
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=130,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)
    torch.manual_seed(7)
    config = transformers.RobertaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=132,
        type_vocab_size=1,
        pad_token_id=2,
        initializer_range=0.5,
    )
    getattr(transformers, head)(config).save_pretrained(folder)
    return str(folder)


def test_a_model_without_token_types(tmp_path: Path) -> None:
    model = TorchSpanModel(write_roberta(tmp_path))
    found = model.spans("Where?", TEXTS)
    assert [bool(spans) for spans in found] == [True, False, True]
    for text, spans in zip(TEXTS, found, strict=True):
        for span in spans:
            answer = text[span.start : span.end]
            assert answer and answer == answer.strip()
    assert found[2] == model.spans("Where?", TEXTS[2:])[0]


def test_a_model_that_was_not_trained_to_give_spans(tmp_path: Path) -> None:
    name = write_roberta(tmp_path, "RobertaForMaskedLM")
    with pytest.raises(ModelFileError, match="was not trained to answer questions") as raised:
        TorchSpanModel(name)
    assert "qa_outputs" in str(raised.value) and "set DATELINE_READER to" in str(raised.value)


def test_folders_that_are_no_model(small_reader: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"(?s)cannot be loaded .* DATELINE_READER takes"):
        TorchSpanModel(str(tmp_path))
    for file in small_reader.glob("*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelFileError, match="cannot be loaded"):
        TorchSpanModel(str(tmp_path))


def test_a_name_that_is_not_to_be_had() -> None:
    with pytest.raises(ModelFileError, match="the reader 'nobody/nothing' cannot be loaded"):
        TorchSpanModel("nobody/nothing")

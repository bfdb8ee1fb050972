"""The reader's network: a BERT encoder and two logits a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

if TYPE_CHECKING:
    from training.windows import Batch

INITIAL_DEVIATION = 0.02


def bert_config(layers: int) -> BertConfig:
    """MiniLM's, without dropout: with it, attention takes a slow path on the CPU."""
    config = BertConfig(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=1536,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config._attn_implementation = "eager"  # the fastest in training
    return config


class ReaderModel(nn.Module):
    """Start and end logits for every token; those of [CLS] stand for "no answer here"."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.bert = BertModel(bert_config(layers), add_pooling_layer=False)
        self.span = nn.Linear(384, 2)
        nn.init.normal_(self.span.weight, std=INITIAL_DEVIATION)
        nn.init.zeros_(self.span.bias)
        for parameter in self.bert.embeddings.parameters():
            parameter.requires_grad = False  # over half of the parameters, and little to gain

    def load_backbone(self, weights: Mapping[str, Tensor]) -> None:
        """Raises RuntimeError where a weight is missing or has another shape."""
        self.bert.load_state_dict(dict(weights), strict=True)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """(windows, tokens) int64 three times; gives start and end logits of that shape."""
        hidden = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        start, end = self.span(hidden).split(1, dim=-1)
        return start.squeeze(-1), end.squeeze(-1)

    def read(self, batch: Batch) -> tuple[Tensor, Tensor]:
        return self(
            torch.from_numpy(batch.ids), torch.from_numpy(batch.mask), torch.from_numpy(batch.types)
        )

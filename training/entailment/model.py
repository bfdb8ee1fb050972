"""The network that weighs a claim against evidence: the reader's encoder and three logits."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from transformers import BertModel

from training.model import INITIAL_DEVIATION, bert_config

LABELS = 3
"""Supported, contradicted, not said."""


class EntailmentModel(nn.Module):
    """Logits for a claim (first segment) and its evidence (second), from the [CLS] token."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.bert = BertModel(bert_config(layers), add_pooling_layer=False)
        self.verdict = nn.Linear(384, LABELS)
        nn.init.normal_(self.verdict.weight, std=INITIAL_DEVIATION)
        nn.init.zeros_(self.verdict.bias)
        for parameter in self.bert.embeddings.parameters():
            parameter.requires_grad = False

    def load_reader(self, weights: Mapping[str, Tensor]) -> None:
        """The encoder of a trained `ReaderModel`; it already looks for a question's words."""
        own = {key: value for key, value in weights.items() if key.startswith("bert.")}
        missing, unexpected = self.load_state_dict(own, strict=False)
        if unexpected or any(key.startswith("bert.") for key in missing):
            raise RuntimeError("the weights are not those of a reader with as many layers")

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """(pairs, tokens) int64 three times; gives logits (pairs, LABELS)."""
        hidden = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        logits: Tensor = self.verdict(hidden[:, 0])
        return logits

"""Compiles templates once per run: each test has its own application, and compiling took a third of its time."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_compiled: dict[tuple[str, str], CodeType] = {}
"""By the template's name and content."""


class CompiledTemplates(BytecodeCache):
    """Bytecode that earlier tests' applications compiled."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            _compiled[bucket.key, bucket.checksum] = bucket.code

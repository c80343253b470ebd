"""Templates are indented for those who read them; what is sent is not. Costs nothing at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream

_LINE_BREAK: Final = re.compile(r"[ \t]*\n\s*")


class CompactWhitespace(Extension):
    """Shrink every line break with its indentation to one line break, where templates are compiled.

    Only the templates' own text is touched, never a value; so no template may hold a literal ``<pre>``.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass the tokens on, with less white space in the text between the tags of the template language."""
        for token in stream:
            if token.type == TOKEN_DATA:
                yield Token(token.lineno, TOKEN_DATA, _LINE_BREAK.sub("\n", token.value))
            else:
                yield token

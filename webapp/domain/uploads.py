"""Files that people send: how large they may be, and how a view says that it takes them."""

from __future__ import annotations

from typing import Final

MAX_UPLOAD_BYTES: Final = 256 * 1024 * 1024
"""Of a request with files, as large as an import reads. Every other request is far smaller."""

MAX_PICTURE_UPLOAD: Final = 16 * 1024 * 1024
"""Of a request with a product's picture: a photograph that is too large gets a sentence, not a torn connection."""

UPLOADS: Final = {r"/imports": MAX_UPLOAD_BYTES, r"/stock/[0-9]{1,19}/picture": MAX_PICTURE_UPLOAD}
"""Addresses that take files, as patterns, and how many bytes a request to them may have. ``deploy/Caddyfile`` has them,
too."""

UPLOAD_MARK: Final = "most_upload_bytes"
"""Attribute of a view that takes files: how many bytes a request to it may have."""

FILE_FIELD: Final = "file"
"""The one field of a form that takes files."""

"""Small pictures for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#48c"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
WEBP = b"RIFF\x04\x00\x00\x00WEBPVP8 "
JPEG = b"\xff\xd8\xff\xe0pixels"


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into the folder, creating it if needed; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder

"""Highlights that were made in other programs, from the files these write. Bytes in, cleaned values out."""

from __future__ import annotations

from .reading import FORMS, Form, read_clippings

__all__ = ["FORMS", "Form", "read_clippings"]

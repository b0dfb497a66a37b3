"""Text, addresses and HTML from outside → what may be stored. Nothing passes here that is not known to be harmless.

It never decides how a thing looks, and never raises, whatever it is given.
"""

from tui_reader.clean.address import clean_url
from tui_reader.clean.markup import clean_html
from tui_reader.clean.text import clean_line, clean_text

__all__ = ["clean_html", "clean_line", "clean_text", "clean_url"]

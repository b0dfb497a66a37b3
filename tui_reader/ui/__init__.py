"""The application."""

import os

# Textual reads it when it is imported. A key whose frame has just missed one waits for the next: 8 ms at most, not 17.
os.environ.setdefault("TEXTUAL_FPS", "120")

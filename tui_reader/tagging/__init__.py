"""Title and text → company and topic tags with the passages that speak for them: pure rules over a TOML taxonomy."""

from tui_reader.tagging.tagger import Tagger
from tui_reader.tagging.taxonomy import Company, Taxonomy, Topic, load_taxonomy

__all__ = ["Company", "Tagger", "Taxonomy", "Topic", "load_taxonomy"]

"""An article → the stories in it, if it is an issue that holds several; else nothing. Pure: no store, no network."""

from tui_reader.digest.stories import Story, find_stories, story_entries

__all__ = ["Story", "find_stories", "story_entries"]

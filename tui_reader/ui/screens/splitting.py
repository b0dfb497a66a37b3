"""An issue of a newsletter in the list: split into its stories, or joined; and where the stories stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tui_reader.store import Store


def split_here(store: Store, issue_id: int, now: datetime) -> int:
    """In this process. → how many stories. For the demo: elsewhere our own command does it, with its own taxonomy."""
    # Imported here: the application starts without the taxonomy and its automaton.
    from tui_reader.refresh import split_issue
    from tui_reader.tagging import Tagger, load_taxonomy

    taxonomy = load_taxonomy()
    return split_issue(store, issue_id, tagger=Tagger(taxonomy), taxonomy=taxonomy, now=now)


def in_order(ids: Sequence[int], issue_id: int, told: Sequence[int], *, known: Collection[int]) -> list[int]:
    """The list with the stories that an issue tells right below it, and without those of it that it does not.

    Where the issue is not listed, the stories take the place of the first of them. `known`: all it ever told.
    """
    family = {issue_id, *known, *told}
    first = next((index for index, entry_id in enumerate(ids) if entry_id in family), 0)
    rest = [entry_id for entry_id in ids[first:] if entry_id not in family]
    return [*ids[:first], *told, *rest]

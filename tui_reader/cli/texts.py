"""The extract command: the full text of entries whose feed carries only a part of it."""

from __future__ import annotations

import click

from tui_reader.cli.session import Session
from tui_reader.cli.subscribing import open_configured_client
from tui_reader.errors import UsageError


@click.command()
@click.argument("ids", metavar="[ID…]", type=int, nargs=-1)
@click.option("--due", is_flag=True, help="All unread entries that look cut off.")
@click.pass_obj
def extract(session: Session, ids: tuple[int, ...], due: bool) -> int:
    """Fetch the full text of entries from the web.

    The text of the feed stays as an earlier version.
    """
    import asyncio

    if bool(ids) == due:
        raise UsageError("name entries by id, or say --due")
    with session.store() as store:
        store.database.check_writable()
        chosen = store.entries.cut_off() if due else ids
        failed = asyncio.run(_extract(session, store, chosen)) if chosen else 0
    return 1 if failed and failed == len(chosen) else 0


async def _extract(session: Session, store: object, ids: tuple[int, ...]) -> int:
    from tui_reader.refresh import extract_entries
    from tui_reader.tagging import Tagger

    def report(entry_id: int, error: str) -> None:
        click.echo(
            f"error: entry {entry_id}: {error}" if error else f"entry {entry_id}: full text stored", err=bool(error)
        )

    taxonomy = session.taxonomy()
    async with open_configured_client(session.config().poll) as client:
        return await extract_entries(store, client, ids, report, tagger=Tagger(taxonomy), taxonomy=taxonomy)  # type: ignore[arg-type]

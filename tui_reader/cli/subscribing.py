"""Commands about feeds: add, unsubscribe, import, export-opml, feeds, refresh."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_reader.cli.records import feed_record, outcome_record
from tui_reader.cli.session import Session, print_json, write_whole
from tui_reader.errors import FileError, ParseError, ReaderError
from tui_reader.model import CleanEntry, CleanFeed, Feed, OpmlFeed, Outcome, Page, TagRow

if TYPE_CHECKING:
    import asyncio
    from contextlib import AbstractAsyncContextManager

    from tui_reader.fetch import Client
    from tui_reader.store import Store
    from tui_reader.tagging import Vetoes


@click.command()
@click.argument("urls", metavar="URL…", nargs=-1, required=True)
@click.option("--folder", default="", help="The folder to put them in.")
@click.pass_obj
def add(session: Session, urls: tuple[str, ...], folder: str) -> int:
    """Subscribe to feeds. For a web page, its feed is looked for."""
    import asyncio

    failed = 0
    with session.store(begin=True) as store:
        store.database.check_writable()
        for url in urls:
            try:
                click.echo(asyncio.run(_add_one(session, store, url, folder)))
            except ReaderError as error:
                failed += 1
                click.echo(f"error: {url[:200]}: {error}", err=True)
    return 1 if failed else 0


@click.command()
@click.argument("names", metavar="FEED…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, a line a feed.")
@click.pass_obj
def unsubscribe(session: Session, names: tuple[str, ...], as_json: bool) -> None:
    """Leave feeds, named by id, address or title.

    What you starred, highlighted, tagged or put on the read-later list stays. `undo` brings all back, as `u` in the
    app does.
    """
    with session.store() as store, store.one_step(session.now):
        left = [(feed, store.feeds.remove(feed, session.now)) for feed in _named(store, names)]
    for feed, kept in left:
        if as_json:
            print_json({"id": feed.id, "url": feed.url, "title": feed.title, "folder": feed.folder, "kept": kept})
        else:
            told = "; 1 entry that you marked stays" if kept == 1 else f"; {kept:,} entries that you marked stay"
            click.echo(f"unsubscribed from {feed.title} <{feed.url}>{told if kept else ''}")


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_opml(session: Session, file: Path, as_json: bool) -> None:
    """Subscribe to all feeds of an OPML file."""
    from tui_reader.opml import read_opml

    try:
        data = file.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read {file}: {error.strerror}") from error
    found, skipped = read_opml(data, name=file.name)
    with session.store(begin=True) as store:
        added, known = store.feeds.add(found, session.now)
    if as_json:
        reasons = [{"reason": reason} for reason in skipped]
        print_json({"added": len(added), "known": len(known), "skipped": reasons})
        return
    click.echo(f"{len(added)} added, {len(known)} known already, {len(skipped)} skipped")
    for reason in skipped:
        click.echo(f"  skipped: {reason}")


@click.command(name="export-opml")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def export_opml(session: Session, file: Path | None) -> None:
    """Write all subscriptions as OPML.

    To standard output, if no file is named.
    """
    from tui_reader.opml import write_opml

    with session.store() as store:
        feeds = [OpmlFeed(feed.url, feed.title, feed.folder, feed.site_url or "") for feed in store.feeds.all()]
    data = write_opml(feeds, title="tui-reader subscriptions", made_at=session.now)
    if file is None:
        click.echo(data.decode("utf-8"), nl=False)
        return
    write_whole(file, data)
    click.echo(f"{len(feeds)} feeds written to {file}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def feeds(session: Session, as_json: bool) -> None:
    """List the subscriptions with their state."""
    with session.store() as store:
        rates = store.feeds.rates(session.now)
        subscribed = store.feeds.all()
        if not subscribed:
            click.echo("no subscriptions: `tui-reader add URL` makes one, `import FILE` many", err=True)
        for feed in subscribed:
            if as_json:
                print_json(feed_record(feed, rates.get(feed.id, 0)))
            else:
                error = f"  ! {feed.error}" if feed.error else ""
                click.echo(f"{feed.id:>5}  {feed.unread:>6} unread  {feed.title}  <{feed.url}>{error}")


@click.command()
@click.argument("names", metavar="[FEED…]", nargs=-1)
@click.option("--due", is_flag=True, help="Only feeds that are due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, a line a feed.")
@click.option(
    "--child", is_flag=True, hidden=True, help="End with the end of standard input; say first how many feeds."
)
@click.pass_obj
def refresh(session: Session, names: tuple[str, ...], due: bool, as_json: bool, child: bool) -> int:
    """Poll feeds now: all, unless some are named.

    They are named by id, address or title.
    """
    import asyncio

    from tui_reader.store import refresh_lease

    with session.store() as store:
        store.database.check_writable()
        with refresh_lease(session.paths().database):
            chosen = _chosen(session, store, names, due=due)
            if child:
                # The application must answer keys while we parse; our worker processes inherit this.
                os.nice(10)
                print_json({"feeds": len(chosen)})
                sys.stdout.flush()
            report = _print_outcome_json if as_json else _print_outcome
            outcomes = asyncio.run(_refresh(session, store, chosen, report, child=child))
    return 1 if outcomes and all(outcome.status in ("failed", "gone") for outcome in outcomes) else 0


def _chosen(session: Session, store: Store, names: Sequence[str], *, due: bool) -> tuple[Feed, ...]:
    if names:
        return _named(store, names)
    return store.feeds.due(session.now) if due else store.feeds.all()


def _named(store: Store, names: Sequence[str]) -> tuple[Feed, ...]:
    """Each once. Raises NotFoundError."""
    return tuple(dict.fromkeys(store.feeds.find(name) for name in names))


async def _refresh(
    session: Session, store: Store, feeds: Sequence[Feed], report: Callable[[Outcome], None], *, child: bool
) -> tuple[Outcome, ...]:
    import asyncio

    from tui_reader.ingest import read_page
    from tui_reader.parse import killable
    from tui_reader.refresh import refresh, tidy
    from tui_reader.retag import plan, save_names
    from tui_reader.tagging import Tagger, tag_entries

    poll, headers = session.config().poll, access_headers(session)
    taxonomy = session.taxonomy()
    tagger = Tagger(taxonomy)
    if not feeds:
        stale = plan(store, taxonomy)
        save_names(store, taxonomy)
        await tidy(store, stale, tagger, rules=session.rules())
        return ()
    async with open_configured_client(poll) as client, killable() as run:

        async def read(page: Page) -> CleanFeed:
            found: CleanFeed = await run(partial(read_page, page, now=datetime.now(UTC)))
            return found

        make_tagger = partial(Tagger, taxonomy)

        async def tag(
            entries: Sequence[CleanEntry], feed_title: str, vetoes: Vetoes
        ) -> Mapping[str, tuple[TagRow, ...]]:
            task = partial(tag_entries, entries=entries, feed_title=feed_title, vetoes=vetoes)
            return await run(task, tool=make_tagger)

        task = asyncio.ensure_future(
            refresh(
                store,
                client,
                read,
                feeds,
                report,
                tagger=tagger,
                taxonomy=taxonomy,
                tag=tag,
                access=lambda feed: headers(feed.url),
                rules=session.rules(),
            )
        )
        _cancel_on_signals(task)
        watcher = asyncio.create_task(_cancel_at_end_of_input(task)) if child else None
        try:
            return await task
        except asyncio.CancelledError:
            # To be told to end is no failure; Ctrl-C, which cancels us as a whole, has an exit code of its own.
            if (whole := asyncio.current_task()) and whole.cancelling():
                raise
            return ()
        finally:
            if watcher is not None:
                watcher.cancel()


def access_headers(session: Session) -> Callable[[str], tuple[tuple[str, str], ...]]:
    """The headers that the configuration has for a feed's address, with the secrets that it names."""
    from tui_reader.fetch import Access, resolve_access

    accesses = session.config().feeds

    def headers(url: str) -> tuple[tuple[str, str], ...]:
        access = accesses.get(url)
        if access is None:
            return ()
        named = Access(access.user_agent, access.user, access.password, access.headers)
        return resolve_access(named, env=os.environ)

    return headers


def open_configured_client(poll: Any) -> AbstractAsyncContextManager[Client]:
    """`poll`: that table of the configuration."""
    from importlib.metadata import version

    from tui_reader.fetch import FetchLimits, open_client

    limits = FetchLimits(
        total=poll.timeout, max_bytes=poll.max_size, per_host=poll.per_host, total_connections=poll.at_once
    )
    return open_client(limits=limits, user_agent=poll.user_agent or f"tui-reader/{version('tui-reader')}")


def _cancel_on_signals(task: asyncio.Future[Any]) -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        with contextlib.suppress(NotImplementedError, AttributeError):
            loop.add_signal_handler(getattr(signal, name), task.cancel)


async def _cancel_at_end_of_input(task: asyncio.Future[Any]) -> None:
    """The application that started us holds our standard input open; its end is the application's."""
    import asyncio

    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except (OSError, ValueError, NotImplementedError):
        return
    await reader.read()
    task.cancel()


def _print_outcome_json(outcome: Outcome) -> None:
    print_json(outcome_record(outcome))
    # The application draws progress from these lines: they must not wait in a buffer.
    sys.stdout.flush()


def _print_outcome(outcome: Outcome) -> None:
    news = f"{outcome.new} new" if outcome.status == "ok" else outcome.status
    updated = f", {outcome.updated} updated" if outcome.updated else ""
    error = f": {outcome.error}" if outcome.error else ""
    click.echo(f"{news}{updated}  {outcome.title}{error}")


def _choice(candidates: Sequence[tuple[str, str]]) -> str:
    """The address that the reader chooses among several; the first where nobody can be asked."""
    if len(candidates) == 1 or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return candidates[0][0]
    for number, (url, title) in enumerate(candidates, 1):
        click.echo(f"{number:>3}  {title or 'feed'}  <{url}>")
    chosen: int = click.prompt("which feed", type=click.IntRange(1, len(candidates)), default=1)
    return candidates[chosen - 1][0]


async def _add_one(session: Session, store: Store, url: str, folder: str) -> str:
    """→ the sentence that reports it. Raises FetchError or ParseError, which name what is wrong."""
    from tui_reader.parse import find_feeds, killable, parse
    from tui_reader.refresh import FEED_TYPES

    address = url if "://" in url else f"https://{url}"
    async with open_configured_client(session.config().poll) as client, killable(workers=1) as run:
        page = await client.fetch(address, accept=FEED_TYPES, headers=access_headers(session)(address))
        assert page is not None
        try:
            await run(partial(parse, page.body, url=page.url, content_type=page.content_type))
        except ParseError:
            candidates = await run(partial(find_feeds, page.body, page.url))
            if not candidates:
                raise
            address = _choice(candidates)
            rest = [url for url, _ in candidates if url != address]
            others = f" (it also has {', '.join(rest[:3])})" if rest else ""
        else:
            others = ""
    added, _ = store.feeds.add([OpmlFeed(address, folder=folder)], session.now)
    return (f"subscribed to {address}" if added else f"{address} is subscribed to already") + others

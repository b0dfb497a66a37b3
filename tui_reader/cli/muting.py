"""The commands that keep entries out of the lists for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from tui_reader.cli.querying import QueryCommand
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import NotFoundError, UsageError
from tui_reader.store import Store


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--until", metavar="DAY", help="The last day: 2027-03-31, or how long from now: 7d, 6w. Else for ever.")
@click.option("--json", "as_json", is_flag=True, help="List the mutes, an object a line.")
@click.pass_obj
def mute(session: Session, query: tuple[str, ...], until: str | None, as_json: bool) -> None:
    """Keep what fits a query out of the lists.

    Without a query, list the mutes. What comes later is muted as well; what you starred, highlighted or tagged by hand
    stays. `is:muted` finds it all.
    """
    if not query:
        if until:
            raise UsageError("say what to mute until then: mute QUERY --until DAY")
        with session.store() as store:
            _list(store, session.now, as_json=as_json)
        return
    wanted = session.view(query).query
    last = _end_of(until, session.now) if until else None
    with session.store() as store:
        count = store.mutes.add(wanted, until=last, now=session.now)
    click.echo(f"muted {wanted}: {count} left the lists")


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.pass_obj
def unmute(session: Session, query: tuple[str, ...]) -> None:
    """End a mute: what it kept out comes back. The query is the one that `mute` lists."""
    wanted = session.view(query).query
    with session.store() as store:
        muted = {each.query for each in store.mutes.all(session.now)}
        if wanted not in muted:
            raise NotFoundError(f"{wanted} is not muted" + (f": {', '.join(sorted(muted))} is" if muted else ""))
        count = store.mutes.end(wanted, now=session.now)
    click.echo(f"no longer muted {wanted}: {count} came back")


def _list(store: Store, now: datetime, *, as_json: bool) -> None:
    for each in store.mutes.all(now):
        if as_json:
            print_json({"query": each.query, "until": each.until})
        else:
            click.echo(f"{f'until {each.until.astimezone():%Y-%m-%d}' if each.until else 'for ever':<16}  {each.query}")


def _end_of(day: str, now: datetime) -> datetime:
    from tui_reader.query import DAY_FORMS, parse_day

    try:
        last = parse_day(day, now=now)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{day} is not {DAY_FORMS}") from error
    if last < now.date():
        raise UsageError(f"{day} is over")
    return datetime(last.year, last.month, last.day, tzinfo=now.tzinfo) + timedelta(days=1)

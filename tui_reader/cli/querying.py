"""Commands whose words are a query, in which a minus is nothing of the shell's: `list is:unread -robot --json`."""

from __future__ import annotations

from collections.abc import Sequence

import click


class QueryCommand(click.Command):
    """One minus begins a word of the query, unless it is an option of the command; two always begin an option.

    click itself would take `-huawei` for `-h` and more. A misspelt `--jsno` stays a mistake.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._words_last(ctx, args))

    def _words_last(self, context: click.Context, args: Sequence[str]) -> list[str]:
        wants_value = {
            name: not option.is_flag
            for option in self.get_params(context)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options, words = list[str](), list[str]()
        rest = iter(args)
        for each in rest:
            if each == "--":
                words.extend(rest)
            elif each.startswith("--") or each in wants_value:
                options.append(each)
                if wants_value.get(each):
                    value = next(rest, None)
                    if value is None:
                        return options  # click names the option that lacks its value.
                    options.append(value)
            else:
                words.append(each)
        return [*options, "--", *words]

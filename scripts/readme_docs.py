"""Writes the parts of README.md that follow from the code: tables of keys and commands, the sample configuration."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tui_reader.cli import tui_reader
from tui_reader.config import sample_config
from tui_reader.ui.keys import KEYS, shown

README = Path(__file__).parents[1] / "README.md"


def with_parts(readme: str) -> str:
    """The text of README with its parts as the code has them now."""
    parts = {"keys": keys_table(), "commands": commands_table(), "config": f"```toml\n{sample_config()}```"}
    for name, part in parts.items():
        pattern = rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)"
        readme = re.sub(pattern, lambda found, part=part: f"{found[1]}{part}\n{found[2]}", readme, flags=re.DOTALL)
    return readme


def keys_table() -> str:
    lines = [
        "| key | feeds | list | article | selecting | highlights | does | name |",
        "|---|:-:|:-:|:-:|:-:|:-:|---|---|",
    ]
    for key in KEYS:
        keys = " ".join(f"`{each}`" for each in shown(key.keys).split()).replace("|", "\\|")
        dots = " | ".join("●" if pane in key.panes else "" for pane in "FLAVH")
        lines.append(f"| {keys} | {dots} | {key.text} | {key.id} |")
    return "\n".join(lines)


def commands_table() -> str:
    commands: list[tuple[str, click.Command]] = []
    for name, command in tui_reader.commands.items():
        inner = command.commands.items() if isinstance(command, click.Group) else ()
        commands += [(f"{name} {each}", subcommand) for each, subcommand in inner] or [(name, command)]
    lines = ["| command | does | options |", "|---|---|---|"]
    for name, command in commands:
        words = (name, *(_argument(each) for each in command.params if isinstance(each, click.Argument)))
        does = command.get_short_help_str(200).rstrip(".")
        options = (_option(each) for each in command.params if isinstance(each, click.Option) and not each.hidden)
        lines.append(f"| `{' '.join(words)}` | {does[0].lower()}{does[1:]} | {' '.join(options)} |")
    return "\n".join(lines)


def _argument(argument: click.Argument) -> str:
    return argument.make_metavar(click.Context(tui_reader)).replace("...", "…")


def _option(option: click.Option) -> str:
    return " ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    new = with_parts(text)
    README.write_text(new, encoding="utf-8")

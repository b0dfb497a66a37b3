"""Writes the parts of README.md that follow from the code: the table of keys and the sample configuration."""

from __future__ import annotations

import re
from pathlib import Path

from tui_reader.config import sample_config
from tui_reader.ui.keys import KEYS, shown

README = Path(__file__).parents[1] / "README.md"


def with_parts(readme: str) -> str:
    """The text of README with both parts as the code has them now."""
    for name, part in (("keys", keys_table()), ("config", f"```toml\n{sample_config()}```")):
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


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    new = with_parts(text)
    README.write_text(new, encoding="utf-8")

"""Component styles for the strips of our own widgets."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget


def own_style(widget: Widget, name: str) -> Style:
    """The style of a component class, blended with what lies below it; without background unless it names one.

    Textual's partial style keeps no transparency: `$foreground-muted` would come out as full foreground. Its whole
    style carries the widget's background, which would cover that of the cursor's row.
    """
    whole = widget.get_component_rich_style(name)
    if widget.get_component_rich_style(name, partial=True).bgcolor is not None:
        return whole
    return Style(
        color=whole.color,
        bold=whole.bold,
        italic=whole.italic,
        underline=whole.underline,
        reverse=whole.reverse,
        strike=whole.strike,
    )

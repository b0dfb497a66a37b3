"""tui-reader: a terminal news reader with lasting highlights."""

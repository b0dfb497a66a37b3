"""Makes tui_reader/fold_han.txt from OpenCC's dictionaries: pip install opencc && python scripts/make_fold_table.py"""

from pathlib import Path

import opencc

TARGET = Path(__file__).parents[1] / "tui_reader" / "fold_han.txt"


def main() -> None:
    to_simplified = opencc.OpenCC("t2s").convert
    blocks = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
    pairs = [(chr(point), to_simplified(chr(point))) for block in blocks for point in block]
    changed = [(old, new) for old, new in pairs if old != new and len(new) == 1 and new.isprintable()]
    lines = ("".join(old for old, _ in changed), "".join(new for _, new in changed))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(changed)} characters")


if __name__ == "__main__":
    main()

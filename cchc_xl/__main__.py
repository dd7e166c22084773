"""``python -m cchc_xl`` is the command ``cchc-xl``."""

from cchc_xl.cli import main

if __name__ == "__main__":
    main()

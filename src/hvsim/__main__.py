"""``python -m hvsim``: the same as ``hvsim``."""

from hvsim.cli import main

if __name__ == "__main__":
    main()

"""Options of the agreement tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--scenarios", type=int, default=1000, help="generated scenarios of the full set"
    )

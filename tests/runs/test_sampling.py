"""Draws of a run folder as arrays, from files to an economic evaluation."""

from pathlib import Path

import numpy as np
import pytest

from execution.drawn_run import drawn
from hvsim.economics import ceac, icer_table, load_prices, variance_components
from hvsim.runs import Run, RunFolderError
from hvsim.runs.sampling import sample_of
from runs.test_valuing import PRICES


def test_draws_are_arrays_for_economics() -> None:
    sample = sample_of(drawn())
    assert sample.strategies == ("today", "universal", "targeted")
    prevented = sample.effects("prevented:ed-visits", by_replicate=True)
    assert prevented.shape == (4, 2, 3)
    assert (prevented[..., 0] == 0).all()
    events = sample.effects("events:ed-visits")
    assert np.allclose(events[:, [0]] - events, prevented.mean(axis=1))
    parameters = sample.parameters()
    assert parameters.shape[0] == 4
    assert "programs.light.accepts" in parameters
    assert {"screening.flagged @ today", "screening.flagged @ targeted"} <= set(parameters)
    with pytest.raises(RunFolderError, match="has no measure 'prevented:none'"):
        sample.effects("prevented:none")


def test_dollars_are_those_of_the_stored_tables(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES, encoding="utf-8")
    prices, run = load_prices(file), drawn()
    dollars = sample_of(run).priced(prices)
    spent = dollars.costs(kinds=["program cost"], discounted=False, by_replicate=True)
    assert spent.shape == (4, 2, 3)
    costs = run.draws("costs")
    own = costs[(costs["category"] != "unspent") & (costs["year"] <= 2026)]
    by_run = own.groupby(["draw", "replicate", "scenario"])["dollars"].sum()
    assert spent[2, 1, 1] == pytest.approx(by_run[6, 1, "universal"])
    episodes = dollars.costs(kinds=["cashable saving", "capacity freed"], discounted=False)
    harm = run.draws("outcomes").query("outcome == 'harm' and measure == 'events' and draw == 6")
    total = harm[harm["scenario"] == "targeted"].groupby("replicate")["value"].sum().mean()
    assert episodes[2, 2] == pytest.approx(500 * total)
    assert np.allclose(dollars.costs(discounted=False), spent.mean(axis=1) + episodes)
    assert (dollars.costs() <= dollars.costs(discounted=False)).all()


def test_the_arrays_are_what_economics_takes(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES, encoding="utf-8")
    sample = sample_of(drawn())
    costs = sample.priced(load_prices(file)).costs(kinds=["program cost"])
    effects = sample.effects("prevented:harm")
    assert set(icer_table(costs, effects, sample.strategies)["strategy"]) == set(sample.strategies)
    assert ceac(costs, effects, [0, 1e6]).sum(axis=1) == pytest.approx([1, 1])
    parts = variance_components(sample.effects("events:harm", by_replicate=True)[..., 1])
    assert parts.mean == pytest.approx(sample.effects("events:harm")[:, 1].mean())


def test_a_run_without_draws_says_so() -> None:
    whole = drawn()
    without = Run(whole.folder, whole.manifest.model_copy(update={"parameter_draws": None}))
    with pytest.raises(RunFolderError, match="holds no draws of parameters; run it with --draws"):
        sample_of(without)
    with pytest.raises(RunFolderError, match="holds no draws of parameters; run it with --draws"):
        without.draws("summary")

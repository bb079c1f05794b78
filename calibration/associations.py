"""Estimate how attributes of births go together, and write it as package data.

    python calibration/associations.py ../shared/data

Reads two samples of the public US natality files (never shipped) and writes aggregate facts only:
a matrix of latent correlations, latent means by race-ethnicity, margins, and tables of pairs
against which tests measure the copula.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtr

from hvsim.population import polychoric
from hvsim.scenario.vocabulary import ATTRIBUTES

FloatArray = npt.NDArray[np.float64]

LARGE, SMALL = "us_births_2022_sample.csv.gz", "us_natality_2021_nchs_layout_sample.csv.gz"
TARGET = Path(__file__).parents[1] / "src/hvsim/population/data/us-births-2022.json"

ORDERS = {
    "payer": ("medicaid", "other-payer", "private-insurance"),
    **{
        attribute: ATTRIBUTES[attribute]
        for attribute in (
            "mother-age",
            "education",
            "parity",
            "paternity",
            "prenatal-care",
            "birth-weight",
            "gestation",
        )
    },
}
"""Levels from low to high; payer, unordered by nature, by what families on it can afford."""


def main() -> None:
    """Read, estimate, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds the two samples")
    parser.add_argument("--to", type=Path, default=TARGET)
    arguments = parser.parse_args()
    births = read_2022(arguments.data / LARGE)
    coded = read_2021(arguments.data / SMALL)
    arguments.to.write_text(json.dumps(estimate(births, coded), indent=1) + "\n", "utf-8")


def read_2022(path: Path) -> pd.DataFrame:
    """Attributes of the 20,000 births of 2022; a level that is not recorded is missing."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    births = pd.DataFrame(index=raw.index)
    births["payer"] = raw["payment"].map(
        {
            "medicaid": "medicaid",
            "private": "private-insurance",
            "other": "other-payer",
            "self_pay": "other-payer",
        }
    )
    births["mother-age"] = _age(pd.to_numeric(raw["mage"]))
    births["education"] = raw["meduc"].map(
        {
            "<8": "no-diploma",
            "<12": "no-diploma",
            "HS": "high-school",
            "HS+": "some-college",
            "Assoc": "some-college",
            "Bachelors": "bachelors-or-more",
            "Masters": "bachelors-or-more",
            "Prof": "bachelors-or-more",
        }
    )
    # `total_kids` counts this birth and all earlier outcomes of pregnancy, live or not (its table
    # against `interval` shows it); only 'first' live birth is known for certain, from `interval`.
    order = pd.to_numeric(raw["total_kids"], errors="coerce")
    births["parity"] = _parity(order.where(raw["interval"] != "first", 1))
    # A father's age is missing where paternity is not acknowledged (99% of such births) and
    # hardly ever otherwise (1%); it stands in where the state does not report paternity.
    acknowledged = raw["paternity"].where(raw["paternity"] != "", raw["fage"].ne("").map(_yes))
    births["paternity"] = acknowledged.map({"Y": "paternity-established", "N": "no-paternity"})
    births["prenatal-care"] = raw["prenatal_start"].map(
        {
            "first": "care-from-first-trimester",
            "second": "care-from-second-trimester",
            "third": "care-from-third-trimester",
            "none": "no-prenatal-care",
        }
    )
    births["birth-weight"] = _weight(pd.to_numeric(raw["weight"], errors="coerce"))
    births["gestation"] = _gestation(pd.to_numeric(raw["duration"], errors="coerce"))
    return births


def read_2021(path: Path) -> pd.DataFrame:
    """Attributes of the 1,000 births of 2021 in the agency's own layout, with race-ethnicity."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    raw.columns = raw.columns.str.strip()
    births = pd.DataFrame(index=raw.index)
    births["race-ethnicity"] = raw["MRACEHISP"].map(
        {
            "7": "hispanic",
            "1": "white",
            "4": "asian-pacific-islander",
            "5": "asian-pacific-islander",
            "2": "black",
            "3": "other-race",
            "6": "other-race",
        }
    )
    births["payer"] = raw["PAY_REC"].map(
        {"1": "medicaid", "2": "private-insurance", "3": "other-payer", "4": "other-payer"}
    )
    births["mother-age"] = _age(pd.to_numeric(raw["MAGER"]))
    births["education"] = raw["MEDUC"].map(
        dict(zip("12345678", np.repeat(ATTRIBUTES["education"], [2, 1, 2, 3]), strict=True))
    )
    births["parity"] = _parity(pd.to_numeric(raw["LBO_REC"]).replace(9, np.nan))
    acknowledged = raw["MAR_P"].where(raw["MAR_P"].isin(["Y", "N", "X"]))
    acknowledged = acknowledged.fillna(raw["FAGECOMB"].ne("99").map(_yes))
    births["paternity"] = acknowledged.map(
        {"Y": "paternity-established", "X": "paternity-established", "N": "no-paternity"}
    )
    births["prenatal-care"] = raw["PRECARE5"].map(
        dict(zip("1234", ATTRIBUTES["prenatal-care"], strict=True))
    )
    births["birth-weight"] = _weight(pd.to_numeric(raw["DBWT"]).replace(9999, np.nan))
    births["gestation"] = _gestation(pd.to_numeric(raw["OEGest_Comb"]).replace(99, np.nan))
    return births


def _yes(known: bool) -> str:
    return "Y" if known else "N"


def _cut(values: pd.Series[float], edges: list[float], attribute: str) -> pd.Series[str]:
    levels = list(ATTRIBUTES[attribute])
    return pd.cut(values, [-np.inf, *edges, np.inf], right=False, labels=levels).astype(object)


def _age(years: pd.Series[float]) -> pd.Series[str]:
    return _cut(years, [20, 25, 35], "mother-age")


def _parity(order: pd.Series[float]) -> pd.Series[str]:
    return _cut(order, [2, 4], "parity")


def _weight(grams: pd.Series[float]) -> pd.Series[str]:
    return _cut(-grams, [-2499.5], "birth-weight")


def _gestation(weeks: pd.Series[float]) -> pd.Series[str]:
    return _cut(-weeks, [-36.5], "gestation")


def estimate(births: pd.DataFrame, coded: pd.DataFrame) -> dict[str, object]:
    """Everything that the package data hold."""
    names = list(ORDERS)
    pooled = np.eye(len(names))
    tables: dict[str, list[list[int]]] = {}
    for i, j in combinations(range(len(names)), 2):
        counts = _counts(births, names[i], names[j])
        pooled[i, j] = pooled[j, i] = polychoric.polychoric(counts.astype(float))
        tables[f"{names[i]} x {names[j]}"] = counts.tolist()
    groups = ATTRIBUTES["race-ethnicity"]
    race = coded["race-ethnicity"].value_counts()
    shares = np.array([race[group] for group in groups]) / race.sum()
    fitted = [_shifts(coded, name) for name in names]
    raw, errors = (np.column_stack(part) for part in zip(*fitted, strict=True))
    shifts = np.column_stack([_shrunk(raw[:, j], errors[:, j], shares) for j in range(len(names))])
    shifts -= shares @ shifts
    between = shifts.T @ (shares[:, None] * shifts)
    # `pooled` correlates latents of variance 1 + between within the whole population.
    scale = np.sqrt(1.0 + np.diag(between))
    within = pooled * np.outer(scale, scale) - between
    np.fill_diagonal(within, 1.0)
    return {
        "name": "us-births-2022",
        "title": "How attributes of US births go together",
        "source": "CDC NCHS natality public-use file 2022, random sample of 20,000 births "
        "(R package LSTbook, MIT license); for race-ethnicity the file of 2021, sample of 1,000 "
        "births (repository StarlingData/US-Natality, MIT license). Aggregates only.",
        "births": {"2022": len(births), "2021": len(coded)},
        "method": "Polychoric correlations by maximum likelihood given margins, pair by pair on "
        "complete cases; latent means by race-ethnicity from ordered probit, shrunk toward no "
        "difference by their own error (empirical Bayes); the part of the correlations that lies "
        "between groups is removed. Written by calibration/associations.py.",
        "orders": ORDERS,
        "groups": groups,
        "correlation": np.round(_nearest(within), 4).tolist(),
        "shifts": {g: np.round(shifts[i], 4).tolist() for i, g in enumerate(groups)},
        "shift_standard_errors": {g: np.round(errors[i], 3).tolist() for i, g in enumerate(groups)},
        "pooled_correlation": np.round(pooled, 4).tolist(),
        "sample": {
            "margins": {
                "race-ethnicity": dict(zip(groups, np.round(shares, 4).tolist(), strict=True)),
                **{name: _margin(births, name) for name in names},
            },
            "tables_2022": tables,
            "tables_2021": {
                f"race-ethnicity x {name}": _counts(coded, "race-ethnicity", name).tolist()
                for name in names
            },
        },
    }


def _levels(attribute: str) -> tuple[str, ...]:
    return ORDERS.get(attribute, ATTRIBUTES[attribute])


def _counts(births: pd.DataFrame, one: str, other: str) -> npt.NDArray[np.int64]:
    both = pd.crosstab(births[one], births[other])
    full = both.reindex(index=list(_levels(one)), columns=list(_levels(other)), fill_value=0)
    return full.to_numpy(dtype=np.int64)


def _margin(births: pd.DataFrame, attribute: str) -> dict[str, float]:
    shares = births[attribute].value_counts(normalize=True)
    return {level: round(float(shares[level]), 5) for level in _levels(attribute)}


def _shifts(coded: pd.DataFrame, attribute: str) -> tuple[FloatArray, FloatArray]:
    """Latent mean of each group and its standard error, from an ordered probit.

    Means are relative to the average birth; each group's error is that of its own mean.
    """
    counts = _counts(coded, "race-ethnicity", attribute).astype(float)
    shares = counts.sum(axis=1) / counts.sum()
    ends = len(ORDERS[attribute]) - 1

    def misfit(parameters: npt.NDArray[np.float64]) -> float:
        cuts = np.cumsum(np.r_[parameters[0], np.exp(parameters[1:ends])])
        means = np.r_[0.0, parameters[ends:]]
        below = np.column_stack(
            [np.zeros(len(means)), ndtr(cuts - means[:, None]), np.ones(len(means))]
        )
        likelihood = np.sum(counts * np.log(np.maximum(np.diff(below, axis=1), 1e-12)))
        # A weak pull toward zero keeps a group without a single rare event finite.
        return float(0.05 * means @ means - likelihood)

    start = np.r_[0.0, np.zeros(ends - 1), np.zeros(len(shares) - 1)]
    fit = minimize(misfit, start, method="BFGS")
    means = np.r_[0.0, fit.x[ends:]]
    covariance = np.zeros((len(means), len(means)))
    covariance[1:, 1:] = np.asarray(fit.hess_inv)[ends:, ends:]
    center = np.eye(len(means)) - shares
    return center @ means, np.sqrt(np.diag(center @ covariance @ center.T))


def _shrunk(means: FloatArray, errors: FloatArray, shares: FloatArray) -> FloatArray:
    """Means pulled toward zero as far as their error, not their spread, explains them."""
    spread = max(float(shares @ means**2) - float(shares @ errors**2), 0.0)
    if spread == 0.0:
        return np.zeros_like(means)
    return means * spread / (spread + errors**2)


def _nearest(matrix: FloatArray) -> FloatArray:
    """The matrix itself if positive definite, else with its small eigenvalues raised."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min() > 1e-4:
        return matrix
    raised = vectors @ np.diag(np.maximum(values, 1e-4)) @ vectors.T
    scale = np.sqrt(np.diag(raised))
    return np.asarray(raised / np.outer(scale, scale))


if __name__ == "__main__":
    main()

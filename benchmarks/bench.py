"""All benchmarks: a table of each, and JSON with versions and how fast the machine was.

    python benchmarks/bench.py [--sizes 10000 50000 200000 1000000] [--only PART ...] [--out FILE]

Each measurement is a process of its own, once the code is compiled. Times are processor time, user
and system apart, on one thread unless stated; in nanoseconds they depend on the machine, so that a
loop of plain arithmetic is timed beside each; ratios do not. The size 5000000 takes minutes and
10 GiB of memory to be touched.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from measuring import calibration_ns, in_process, versions

SIZES = (10_000, 50_000, 200_000, 1_000_000)
MIDDLE = 100_000
PLAIN = 3_000
WORKERS = (10_000, 50_000)
LONG = "follow_up=18 years"

Figures = dict[str, Any]


def sizes(options: argparse.Namespace) -> Figures:
    """Engine by size: time, memory, phases."""
    print(f"Families who live under {options.scenario}, in ns of processor time per family-month")
    print(f"{'families':>10}{'all':>8}{'user':>8}{'system':>8}{'peak MiB':>10}   phases")
    rows = []
    for size in options.sizes:
        row = in_process("engine.py", "--families", size, "--scenario", options.scenario)
        rows.append(row)
        phases = ", ".join(f"{name} {ns:.0f}" for name, ns in row["phases_ns"].items())
        times = "".join(f"{row[x]:>8.0f}" for x in ("ns_per_family_month", "user_ns", "system_ns"))
        print(f"{row['families']:>10,}{times}{row['peak_mib']:>10,.0f}   {phases}", flush=True)
    print(f"providers that had to let families wait: {_queued(rows[0])}, {_queued(rows[-1])}")
    return {"rows": rows}


def _queued(row: Figures) -> str:
    return f"{row['providers_that_queued']} of {row['providers']} at {row['families']:,} families"


def variants(options: argparse.Namespace) -> Figures:
    """Two threads instead of one; to age 18 instead of 5."""
    size = ("engine.py", "--families", options.middle, "--scenario", options.scenario)
    base, both, long = (
        in_process(*size, *more) for more in ([], ["--threads", 2], ["--set", LONG])
    )
    found = {
        "two_threads": base["wall_ns"] / both["wall_ns"],
        "to_18": long["seconds"] / base["seconds"],
    }
    print(f"{base['families']:,} families, from {base['seconds']:.1f} s of processor time:")
    print(f"on 2 threads {found['two_threads']:.2f} times as fast by the clock on the wall")
    print(f"followed to 18 instead of 5 {found['to_18']:.2f} times the time")
    return found | {"base": base, "two": both, "long": long}


def plain(options: argparse.Namespace) -> Figures:
    """Engine beside the reference."""
    families = ("--families", options.middle, "--scenario", options.scenario)
    found = in_process("plain.py", *families, "--plain", options.plain)
    for who in ("engine", "plain"):
        print(
            f"{who:<7}{found[f'{who}_families']:>10,} families{found[f'{who}_ns']:>12,.0f} ns "
            f"{found[f'{who}_visits_per_1000']:>6.1f} visits per 1,000 family-months"
        )
    print(
        f"the engine is {found['times']:,.0f} times as fast as the reference "
        f"({found['times_at_that_size']:,.0f} times at the reference's size)"
    )
    return found


def columns(options: argparse.Namespace) -> Figures:
    """Engine beside columns in numpy."""
    print("Without services, beside columns in numpy, which count the same events")
    rows = []
    for size in options.sizes:
        row = in_process("beside_columns.py", "--families", size)
        rows.append(row)
        print(
            f"{row['families']:>10,} families: engine {row['engine_ns']:.0f} ns, columns "
            f"{row['columns_ns']:.0f} ns: {row['times']:.2f} times",
            flush=True,
        )
    return {"rows": rows}


def start_up(options: argparse.Namespace) -> Figures:
    """Commands from start to finish."""
    how_often = ["--scenario", options.scenario, "--times", options.times]
    found = in_process("start_up.py", *how_often, *(["--cold"] if options.cold else []))
    print(f"Commands from start to finish ({found['scenario']} at {found['scale']}), in seconds")
    for command, starts in found["commands"].items():
        for how, took in starts.items():
            print(
                f"{command:<16}{how:<6}user {took['user']:>6.1f}   system {took['system']:>5.1f}"
                f"   wall {took['wall']:>6.1f}"
            )
    return found


def worker(options: argparse.Namespace) -> Figures:
    """Runs in a process that lives on."""
    runs = ("--scenario", options.scenario, "--runs", options.times + 1)
    rows = []
    for size in options.workers:
        row = in_process("worker.py", "--families", size, *runs)
        rows.append(row)
        same, anew = row["same_families"], row["families_anew"]
        print(
            f"a run of {row['families']:,} families in a process that lives on: "
            f"{same['user']:.2f} s user, {same['system']:.2f} s system "
            f"({anew['user']:.2f} and {anew['system']:.2f} with families made anew; the first "
            f"{row['first_seconds']:.2f}); 1,000 draws "
            f"{row['processor_minutes_of_1000_draws']:.0f} minutes",
            flush=True,
        )
    return {"rows": rows}


def luck(options: argparse.Namespace) -> Figures:
    """Common luck."""
    found = in_process("luck.py", "--families", options.middle)
    print("Variance of a paired over an independent difference (today against universal-targeted)")
    print(f"{'outcome':<28}{'measured':>10}{'least possible':>16}{'families changed':>18}")
    for name, row in found["outcomes"].items():
        print(
            f"{name:<28}{row['measured']:>10.4f}{row['least_possible']:>16.4f}{row['changed']:>18.2%}"
        )
    return found


PARTS = {part.__name__: part for part in (sizes, variants, plain, columns, start_up, worker, luck)}


def main() -> None:
    """Measure the parts asked for, and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--middle", type=int, default=MIDDLE, help="families where one size will do"
    )
    parser.add_argument("--plain", type=int, default=PLAIN, help="families of the reference")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument("--scenario", default="la-county/universal-targeted")
    parser.add_argument("--times", type=int, default=3, help="that a run or command is repeated")
    parser.add_argument("--cold", action="store_true", help="also start with nothing compiled")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    result: Figures = {"versions": versions(), "calibration_ns": calibration_ns()}
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(f"one step of a plain Python loop on this machine: {result['calibration_ns']:.0f} ns")
    for name in options.only:
        print(flush=True)
        result[name] = PARTS[name](options)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

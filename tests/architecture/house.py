"""Rules for all files that the project holds, code or not."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tokenize
from collections.abc import Iterable
from pathlib import Path

LONGEST = 400
DATA = re.compile(r"/data/|^scenarios/|^calibration/|^constraints\.txt$|\.(csv|ipynb|svg)$")
QUOTING = re.compile(r"^src/hvsim/evidence/data/|\.(csv|svg)$")

BRITISH = re.compile(
    r"\b\w*(?:programme(?!r|d)|enrol(?!l)|behaviour|colour|favour|labour|neighbour|centre(?:s|d)?\b"
    r"|modell(?:ed|ing|er)|labell(?:ed|ing)|cancell(?:ed|ing)|travell(?:ed|ing|er)|levell(?:ed|ing)"
    r"|counsell(?:ed|ing|or)|fulfil(?!l)|analyse(?:d|r|rs)?\b|licence|defence|catalogue|judgement"
    r"|paediatric|ageing|whilst|\bgrey\b"
    r"|(?:organ|prior|summar|random|initial|normal|util|recogn|minim|maxim|optim|hospital|character"
    r"|categor|general|standard|special|stabil|equal|real|serial|discret|parametr|factor|synthes"
    r"|emphas|capital|public|penal|visual|final|apolog)is(?:e|ed|es|er|ers|ing|ations?)\b)\w*",
    re.IGNORECASE,
)
WORD_LISTS = ("tests/architecture/", "tests/evidence/test_evidence_facts.py")
"""Files that hold the British words in order to refuse them."""


def british_spelling(files: Iterable[tuple[str, str]]) -> list[str]:
    """British forms; lines that cite (with a link or a DOI) may hold the title of a paper."""
    found = []
    for path, text in files:
        if QUOTING.search(path) or path.startswith(WORD_LISTS):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if "http" in line or "doi" in line.lower():
                continue
            found += [f"{path}:{number}: '{word}' is British" for word in BRITISH.findall(line)]
    return found


def unexplained_silence(files: Iterable[tuple[str, str]]) -> list[str]:
    """Comments that silence a checker without a reason beside them."""
    directive = re.compile(r"#\s*(type:\s*ignore|noqa|pragma:\s*no cover)\b(.*)")
    codes = re.compile(r"^\s*(\[[\w\s,-]+\]|:\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*)?")
    found = []
    for path, text in files:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            silence = directive.search(token.string) if token.type == tokenize.COMMENT else None
            if silence and not re.search(r"[A-Za-z]{3}", codes.sub("", silence[2], count=1)):
                found.append(f"{path}:{token.start[0]}: {silence[1]} without a reason beside it")
    return found


def too_long(files: Iterable[tuple[str, str]], longest: int = LONGEST) -> list[str]:
    """Files that nobody reads in one go."""
    lengths = ((path, len(text.splitlines())) for path, text in files if not DATA.search(path))
    return [f"{path}: {lines} lines; split it" for path, lines in lengths if lines > longest]


def machine_words(root: Path) -> list[str]:
    """Paths of this machine and hosts that packages come from here; read, never written down."""
    settings = "\n".join(f"{k}={v}" for k, v in os.environ.items() if re.match("(?i)pip|uv|npm", k))
    for command in (["pip", "config", "list"], ["npm", "config", "get", "registry"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        except OSError:
            continue  # not on this machine
        settings += done.stdout
    for file in (Path("/etc/apt/sources.list"), *Path("/etc/apt").glob("sources.list.d/*")):
        settings += file.read_text("utf-8", errors="ignore") if file.is_file() else ""
    hosts = re.findall(r"//([A-Za-z0-9.-]+\.[A-Za-z]{2,})", settings)
    words = {*hosts, f"{root.parent}/", f"{Path.home()}/"}
    return sorted(word for word in words if len(word) > 5)


def machine_traces(files: Iterable[tuple[str, str]], words: Iterable[str]) -> list[str]:
    """Places where our files name this machine, anyone's home, or a package host."""
    homes = r"/(?:home|Users)/[a-z][\w-]*/"
    pattern = re.compile(r"(?<![\w.-])(?:" + "|".join([homes, *map(re.escape, words)]) + ")")
    return [
        f"{path}:{number}: '{match[0]}' is true of one machine only"
        for path, text in files
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]

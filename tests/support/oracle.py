"""A second reader of the fixture trees, to check the first one by.

It shares no line of code and no idea of structure with the Rust side: it reads whole files with
the `json` module of Python's standard library and counts what is in them. What it finds is stored
in `tests/fixtures/expected/`, so that the tests need no Python.

    python3 tests/support/oracle.py            write the expected results anew
    python3 tests/support/oracle.py --check    fail when they are not what this script finds
    python3 tests/support/oracle.py --rows FILE    print the rows of one file, as they are hashed
"""

import json
import math
import os
import re
import struct
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FIXTURES = "tests/fixtures"
# In these folders every file is a case of its own, given by name.
SINGLE_FILES = ("broken", "times")
# Files with bytes that cannot be used must have problems; in the others there must be none. Here
# either is right: what was repaired, is no step, or is still being written, may be mentioned.
EITHER = {"duplicate-keys", "escapes", "invalid-utf8", "nan-inf", "nul-run", "steps", "torn"}
TIME_KEYS = {"timestamp", "createdAt", "_ts", "time"}
NON_FINITE = {
    "NaN": math.nan, "nan": math.nan, "Infinity": math.inf, "-Infinity": -math.inf,
    "inf": math.inf, "-inf": -math.inf,
}
LEVELS = {
    "debug": "debug", "info": "info", "warn": "warn", "warning": "warn", "error": "error",
    "fatal": "fatal", "critical": "fatal",
}
STEP_KEYS = ("step", "global_step", "iteration", "epoch")


def clean(text):
    """Text as it can be printed: a lone surrogate is no character."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def number(value):
    """The float that a value stands for, or None when it is no number."""
    if value is None:
        return math.nan
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return NON_FINITE.get(value)
    return None


def shown(value):
    """A float as the machine output writes it."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def flatten(value, prefix="", empty_maps=False):
    """Nested maps as dotted keys."""
    flat = {}
    for key, entry in value.items():
        path = clean(f"{prefix}.{key}" if prefix else key)
        if isinstance(entry, dict) and (entry or not empty_maps):
            flat.update(flatten(entry, path, empty_maps))
        else:
            flat[path] = entry
    return flat


def read(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read().decode("utf-8", "replace").removeprefix("\ufeff")


def objects(path):
    """All JSON objects in a file, however they are laid out, and how often something was no
    object."""
    text, found, bad, at = read(path), [], 0, 0
    decoder = json.JSONDecoder()
    while True:
        while at < len(text) and text[at] in " \t\r\n\0":
            at += 1
        if at == len(text):
            return found, bad
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            bad += 1
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
            continue
        if isinstance(value, dict):
            found.append(value)
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            found.extend(value)
        else:
            bad += 1


def document(path):
    """A JSON document, and whether it was cut off: then, what lies before the cut."""
    text = read(path)
    try:
        return json.loads(text), False
    except ValueError:
        pass
    for end in range(len(text), 0, -1):
        closers, in_string, escaped = [], False, False
        for char in text[:end]:
            if in_string:
                in_string = escaped or char != '"'
                escaped = not escaped and char == "\\"
            elif char == '"':
                in_string = True
            elif char in "{[":
                closers.append("}" if char == "{" else "]")
            elif char in "}]" and closers:
                closers.pop()
        try:
            return json.loads(text[:end].rstrip(" \t\r\n,") + "".join(reversed(closers))), True
        except ValueError:
            continue
    return None, True


def with_elements(flat):
    """Lists as their elements: `q` as `q[0]`, `q[1]`."""
    found = {}
    for key, value in flat.items():
        if isinstance(value, list):
            found.update({f"{key}[{place}]": entry for place, entry in enumerate(value)})
        else:
            found[key] = value
    return found


def numbers_of(row, track=False):
    """The numbers of one record under their dotted keys, and the step it names itself. In a track a
    list is a point in space: its elements are numbers of their own."""
    for envelope in ("metrics", "data"):
        if isinstance(row.get(envelope), dict) and (
            len(row) == 1 or any(key in row for key in ("index", "timestamp", "createdAt", "step"))
        ):
            flat = flatten(row[envelope])
            flat.pop("_ts", None)
            break
    else:
        envelope, flat = None, flatten({k: v for k, v in row.items() if k not in TIME_KEYS})
    if track:
        flat = with_elements(flat)
    step = row.get("step") if envelope else None
    for key in STEP_KEYS:
        step = flat.get(key) if step is None else step
    try:
        step = float(step) if not isinstance(step, bool) else None
    except (TypeError, ValueError, OverflowError):
        step = None
    if step is not None and not math.isfinite(step):
        step = None
    return {k: number(v) for k, v in flat.items() if number(v) is not None}, step


def row_text(index, numbers):
    """One row as it enters the hash: keys in order of their bytes, values as bits."""
    def bits(value):
        value = math.nan if math.isnan(value) else value
        return struct.pack(">d", value).hex() if not math.isnan(value) else "7ff8000000000000"
    keys = sorted(numbers, key=lambda key: key.encode())
    return "\x1f".join([str(index)] + [f"{key}={bits(numbers[key])}" for key in keys]) + "\n"


def stream(rows, track=False):
    """What must be known of a stream: its columns, and a hash over every value."""
    columns, hashed, last_step = {}, 0xCBF29CE484222325, {}
    for index, row in enumerate(rows):
        numbers, step = numbers_of(row, track)
        for byte in row_text(index, numbers).encode():
            hashed = (hashed ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        for key, value in numbers.items():
            column = columns.setdefault(key, {"count": 0, "finite": 0, "restarts": False,
                                              "first": value, "min": None, "max": None})
            column["count"] += 1
            column["last"] = value
            if math.isfinite(value):
                column["finite"] += 1
                column["min"] = value if column["min"] is None else min(column["min"], value)
                column["max"] = value if column["max"] is None else max(column["max"], value)
            if step is not None:
                column["restarts"] |= key in last_step and step < last_step[key]
                last_step[key] = step
    for column in columns.values():
        for key in ("first", "last", "min", "max"):
            column[key] = shown(column[key])
    return {"rows": len(rows), "hash": f"{hashed:016x}", "columns": dict(sorted(columns.items()))}


def replay(operations):
    """Parameters after all operations of an ML-Logger file."""
    def merge(into, new):
        for key, value in new.items():
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                merge(into[key], value)
            else:
                into[key] = value

    state = {}
    for operation in operations:
        kind = operation.get("operation")
        if kind == "set":
            state = operation["data"]
        elif kind == "extend":
            merge(state, operation["data"])
        elif kind == "update":
            *parents, last = operation["key"].split(".")
            place = state
            for key in parents:
                place = place.setdefault(key, {})
            place[last] = operation["value"]
    return state


def exists(*parts):
    return os.path.isfile(os.path.join(ROOT, *parts))


def below(folder):
    """All files below a folder, relative to it, in a fixed order."""
    top = os.path.join(ROOT, folder)
    for where, folders, files in os.walk(top):
        folders.sort()
        for name in sorted(files):
            yield os.path.relpath(os.path.join(where, name), top)


def layout_of(run, experiment, rows):
    if exists(run, "metrics.json"):
        return "E"
    if exists(run, ".ml-logger.meta.json"):
        return "A"
    if exists(run, "metrics.jsonl"):
        return "A" if any(isinstance(row.get("metrics"), dict) for row in rows) else "L"
    if "prefix" in experiment:
        created = experiment.get("created_at") or ""
        return "D" if re.search(r"\.\d{3}Z$", created) else "C"
    if "folder" in experiment:
        return "B"
    return "E" if "status" in experiment else None


def run_result(run):
    """Everything that is expected of one run."""
    streams, tracks, problems = {}, {}, 0
    experiment, first_rows = {}, []

    def rows_of(path):
        nonlocal problems
        found, bad = objects(path)
        problems += bad
        return found

    if exists(run):
        streams[os.path.basename(run)] = first_rows = rows_of(run)
        files = []
    else:
        files = list(below(run))
    if "experiment.json" in files:
        experiment, cut = document(f"{run}/experiment.json")
        problems += cut
    for name in files:
        parts = name.split("/")
        if name == "metrics.jsonl":
            streams[name] = first_rows = rows_of(f"{run}/{name}")
        elif name == "metrics.json":
            streams[name] = document(f"{run}/{name}")[0]["epochs"]
        elif parts[0] in ("metrics", "tracks") and parts[-1] == "data.jsonl":
            stream_name = "/".join(parts[1:-1])
            if parts[0] == "tracks":
                tracks["tracks/" + stream_name] = rows_of(f"{run}/{name}")
            else:
                streams["" if stream_name == "None" else stream_name] = rows_of(f"{run}/{name}")
        elif parts[0] == "metrics" and len(parts) == 2 and name.endswith(".jsonl"):
            streams[parts[1].removesuffix(".jsonl")] = rows_of(f"{run}/{name}")

    logs = {"lines": 0, "levels": dict.fromkeys(("debug", "info", "warn", "error", "fatal"), 0)}
    for name in ("logs.jsonl", "logs/logs.jsonl"):
        if name in files:
            for line in rows_of(f"{run}/{name}"):
                logs["lines"] += 1
                logs["levels"][LEVELS[line["level"].lower()]] += 1

    parameters = {}
    if "parameters.jsonl" in files:
        parameters = replay(rows_of(f"{run}/parameters.jsonl"))
    for name in ("parameters/parameters.json", "parameters.json"):
        if name in files:
            value, cut = document(f"{run}/{name}")
            parameters = (value or {}).get("data", {})
            problems += cut
    layout = "J" if exists(run) else layout_of(run, experiment, first_rows)
    if layout == "E":
        parameters = {k: v for k, v in experiment.items() if k in ("model", "hyperparameters")}

    saved = {}
    if "files/.files_metadata.json" in files:
        for entry in document(f"{run}/files/.files_metadata.json")[0]["files"]:
            if entry["deletedAt"] is None:
                path = entry["path"].strip("/")
                saved[f"{path}/{entry['filename']}".strip("/")] = entry["sizeBytes"]

    case = os.path.basename(run).removesuffix(".jsonl")
    return {
        "layout": layout,
        "name": clean(experiment["name"]) if "name" in experiment else None,
        "rows": sum(len(rows) for rows in streams.values()),
        "streams": dict(sorted(
            [(name, stream(rows)) for name, rows in streams.items()]
            + [(name, stream(rows, track=True)) for name, rows in tracks.items()])),
        "logs": logs,
        "params": {key: param(value) for key, value in
                   sorted(flatten(parameters, empty_maps=True).items())},
        "files": saved,
        "problems": problems_of(case, problems),
    }


def problems_of(case, problems):
    if case in EITHER and (case == "torn" or not problems):
        return "either"
    return "some" if problems else "none"


def param(value):
    """A parameter as the machine output writes it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return shown(number(value))
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [param(entry) for entry in value]
    if isinstance(value, dict):
        return {clean(key): param(entry) for key, entry in value.items()}
    return value


def is_run(folder):
    """Whether a folder holds a run itself, and not only further down."""
    marks = ("experiment.json", ".ml-logger.meta.json", "metrics.jsonl", "metrics.json")
    if any(exists(folder, mark) for mark in marks):
        return True
    metrics = os.path.join(ROOT, folder, "metrics")
    return os.path.isdir(metrics) and any(n.endswith(".jsonl") for n in below(f"{folder}/metrics"))


def runs_below(folder):
    found = [folder] if is_run(folder) else []
    for name in sorted(os.listdir(os.path.join(ROOT, folder))):
        inside = found and name in ("files", "metrics", "logs", "tracks", "parameters")
        if os.path.isdir(os.path.join(ROOT, folder, name)) and not inside:
            found += runs_below(f"{folder}/{name}")
    return found


def expected(case):
    folder = f"{FIXTURES}/{case}"
    if case in SINGLE_FILES:
        names = sorted(os.listdir(os.path.join(ROOT, folder)))
        arguments = runs = [f"{folder}/{name}" for name in names]
    else:
        arguments, runs = [folder], runs_below(folder)
    return {"arguments": arguments, "runs": {run: run_result(run) for run in runs}}


def main():
    if sys.argv[1:2] == ["--rows"]:
        for index, row in enumerate(objects(os.path.abspath(sys.argv[2]))[0]):
            print(row_text(index, numbers_of(row)[0]).replace("\x1f", "  "), end="")
        return
    folder = os.path.join(ROOT, FIXTURES)
    stale = []
    os.makedirs(os.path.join(folder, "expected"), exist_ok=True)
    for case in sorted(os.listdir(folder)):
        if case == "expected" or not os.path.isdir(os.path.join(folder, case)):
            continue
        path = os.path.join(folder, "expected", f"{case}.json")
        text = json.dumps(expected(case), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        if "--check" not in sys.argv:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        elif not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
            stale.append(case)
    if stale:
        sys.exit(f"expected results are not what the fixtures hold: {', '.join(stale)}")


if __name__ == "__main__":
    main()

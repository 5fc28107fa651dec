"""A training that uses the real ml-dash, and notes beside it what it logged.

    train_with_ml_dash.py ROOT NOTES

Writes below ROOT what ml-dash writes, and to the file NOTES one JSON object for each row, log line
and parameter. Numbers are noted as the bits of a float, so that nothing is lost on the way. The
script ends with an exception, inside the run, as trainings do.

It speaks the interface of today's ml-dash, and that of 0.5 where it finds that release.
"""

import json
import math
import random
import struct
import sys
import time

from ml_dash import Experiment

ROOT, NOTES = sys.argv[1:]
EPOCHS = 60
PAUSE = 0.05
TODAY = hasattr(Experiment, "logs")

notes = open(NOTES, "w", encoding="utf-8")


def noted(value):
    """A value in a form that survives JSON bit by bit."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"f64": struct.pack(">d", float(value)).hex()}
    if isinstance(value, list):
        return {"list": [noted(entry) for entry in value]}
    return {"value": value}


def note(**entry):
    notes.write(json.dumps(entry) + "\n")


def flat(values, prefix=""):
    found = {}
    for key, value in values.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = noted(value)
    return found


def append(run, stream, values, time=None):
    """One row of one stream; the root stream has an empty name."""
    if TODAY:
        stamp = {} if time is None else {"_ts": time}
        (run.metrics(stream) if stream else run.metrics).log(**values, **stamp)
    else:
        run.metrics.append(name=stream or None, data=values)
    note(kind="row", stream=stream, data=flat(values), time=time if TODAY else None)


def append_nested(run, shared, **streams):
    """Rows of several streams at once; each gets what they share."""
    if not TODAY:
        append(run, "", shared)
        for stream, values in streams.items():
            append(run, stream, {**shared, **values})
        return
    run.metrics.log(**shared, **streams)
    note(kind="row", stream="", data=flat(shared), time=None)
    for stream, values in streams.items():
        note(kind="row", stream=stream, data=flat({**shared, **values}), time=None)


def log(run, level, message, **fields):
    run.log(message, level=level, **fields)
    note(kind="log", level=level)


def parameters(run, **values):
    run.params.set(**values)
    note(kind="params", data=flat(values))


def odd_values(run):
    """Everything that Python can write and a strict reader cannot."""
    odd = [
        math.nan, math.inf, -math.inf, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
        -0.0, 0.1, 1 / 3, 1e22, 2**53 + 1, 2**63, -(2**63), 2**70, 1e-7, 123456789.123456789,
        None, True, "text", "NaN?", [1.0, math.nan, "three"], 'quote " and \\ and \n and 🚀',
    ]
    for step, value in enumerate(odd):
        append(run, "odd", {"value": value, "step": step})
    nested = {"b": {"c": 1.5, "d": {"e": math.inf}}, "dotted.key": 2, "slash/key": 3, "損失": 4}
    append(run, "nested", nested)
    for stamp in (1700000000.25, 1700000001.5):
        append(run, "stamped", {"loss": stamp / 3}, stamp)
    draw = random.Random(3)
    for _ in range(300):
        append(run, "bits", {"value": struct.unpack(">d", draw.randbytes(8))[0]})


def epoch(run, number):
    train = {"loss": 2.3 * math.exp(-number / 20), "accuracy": 1 - math.exp(-number / 15)}
    val = {"loss": math.nan if number == 7 else 2.4 * math.exp(-number / 22)}
    shared = {"epoch": number, "lr": 1e-3 * 0.95**number}
    if number % 2:
        append_nested(run, shared, train=train, eval=val)
    else:
        append(run, "train", train)
        append(run, "eval", val)
        append(run, "", shared)
    if TODAY:
        entry = {"q": [0.1 * number, -0.2], "x": number / 7}
        run.tracks("robot/position").append(**entry, _ts=number / 10)
        note(kind="row", stream="tracks/robot_position", data=flat(entry), time=number / 10)


def start():
    if TODAY:
        return Experiment(prefix="alice/vision/real/resnet", dash_root=ROOT, tags=["real"],
                          readme="Trained for a test")
    return Experiment(name="resnet", project="vision", local_path=ROOT, tags=["real"])


def main():
    with start().run as run:
        parameters(run, lr=1e-3, max_epochs=EPOCHS * 2, amp=True, resume=None,
                   betas=[0.9, 0.999], model={"depth": 18, "head": {"dropout": 0.1}})
        log(run, "info", "Training started", lr=1e-3)
        odd_values(run)
        for number in range(EPOCHS):
            epoch(run, number)
            if number % 10 == 0:
                log(run, "info", f"Epoch {number} µ 🚀", metrics={"loss": [math.nan, 1.0]})
            time.sleep(PAUSE)
        parameters(run, lr=1e-4, tiny=5e-324, diverged=math.nan, note="µ-law — naïve ☃")
        log(run, "debug", "several\nlines\twith \x1b[31mcolour\x1b[0m")
        log(run, "warn", "gradient", norm=math.inf)
        log(run, "error", "", empty=True)
        log(run, "fatal", "out of memory", allocated={"gib": 2.0})
        notes.close()
        raise RuntimeError("CUDA out of memory")


main()

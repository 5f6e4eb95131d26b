#!/usr/bin/env python3
"""Measures the storey estimator on labelled sites and prints one line each.

usage: score_sites.py [--build DIR] [--cache DIR] [--seeds 1-12,20] [--validation] [--jobs N] [SITE_DIR ...]

A site is a folder with site.toml, frames/, truth.csv and calibration.json; those of --seeds are rendered by
tests/scenes into the cache first. Seeds from 1000 on are for validation: nobody looks at their pictures or tunes on
them, and without --validation they are refused. Python 3 standard library only.
"""
import argparse, csv, datetime, json, os, pathlib, subprocess, sys
from concurrent.futures import ThreadPoolExecutor

FIRST_VALIDATION_SEED = 1000
COLUMNS = ("frames", "mae", "within1", "covered", "width", "stage", "bad", "good", "back", "named", "said", "candidates")
GOALS = {"mae": (None, 0.35), "within1": (98, None), "covered": (95, None), "width": (None, 3), "stage": (92, None),
         "bad": (95, None), "good": (None, 3), "back": (None, 0), "named": (-2, 2), "said": (0, 7), "candidates": (1, 1)}


def seeds_of(text):
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def rendered(seed, build, cache):
    site = cache / f"seed-{seed}"
    if not (site / "truth.csv").exists():
        subprocess.run([str(build / "render_site"), "--seed", str(seed), str(site)], check=True, stdout=subprocess.DEVNULL)
    return site


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def days_between(later, earlier):
    parse = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (parse(later) - parse(earlier)).total_seconds() / 86400


def share(part, whole):
    return 100.0 * part / whole if whole else None


def score(site, out, milestones):
    truth = sorted(csv.DictReader((site / "truth.csv").open()), key=lambda row: row["file"])
    calibration = json.loads((site / "calibration.json").read_text())
    planned = calibration["planned_storeys"]
    seen = {line["frame"]: line for line in lines(out)}
    rising, covered, widths, stages, refused, backwards, last = [], 0, 0.0, 0, {"0": [], "1": [], "?": []}, 0, None
    scored = 0
    for row in truth:
        line = seen.get(row["file"], {})
        refused[row["usable"]].append(not line.get("usable", True))
        building = (line.get("buildings") or [None])[0]
        want = int(row["storeys"])
        if building:
            backwards += last is not None and building["storeys"] < last - 1e-9 and not building.get("corrected")
            last = building["storeys"]
        if row["usable"] == "0":
            continue
        scored += 1
        error = abs(building["storeys"] - want) if building else max(want, 1)
        if 0 < want < planned:
            rising.append(error)
        if building:
            covered += building["storeys_low"] <= want <= building["storeys_high"]
            widths += building["storeys_high"] - building["storeys_low"]
            stages += building["stage"] == row["stage"]
    said = [m for m in lines(milestones) if m["milestone"] == "topping_out" and m["status"] == "candidate"]
    top = calibration.get("topping_out")
    return {
        "frames": len(truth), "mae": sum(rising) / len(rising) if rising else None,
        "within1": share(sum(e <= 1 for e in rising), len(rising)), "covered": share(covered, scored),
        "width": widths / scored, "stage": share(stages, scored),
        "bad": share(sum(refused["0"]), len(refused["0"])), "good": share(sum(refused["1"]), len(refused["1"])),
        "back": backwards, "candidates": len(said),
        "named": days_between(said[-1]["at"], top) if said and top else None,
        "said": days_between(said[0]["decided_at"], top) if said and top else None,
    }


def measure(site, arguments):
    out = arguments.cache / "out" / site.name
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(arguments.build / "vision_estimate_tool"), str(site), str(out / "frames.jsonl"),
                    str(out / "milestones.jsonl")], check=True, stdout=subprocess.DEVNULL)
    return site.name, score(site, out / "frames.jsonl", out / "milestones.jsonl")


def cell(column, value):
    if value is None:
        return f"{'-':>10}"
    low, high = GOALS.get(column, (None, None))
    missed = (low is not None and value < low) or (high is not None and value > high)
    text = str(value) if isinstance(value, int) else f"{value:.2f}"
    return f"{text + ('!' if missed else ''):>10}"


def print_table(results):
    print(f"{'site':12}" + "".join(f"{column:>10}" for column in COLUMNS))
    for name, result in results:
        print(f"{name:12}" + "".join(cell(column, result[column]) for column in COLUMNS))
    mean = {}
    for column in COLUMNS:
        values = [result[column] for _, result in results if result[column] is not None]
        mean[column] = sum(map(abs, values)) / len(values) if values else None
    print(f"{'mean':12}" + "".join(cell("", mean[column]) for column in COLUMNS))


def arguments_of(argv):
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=root / "build/release")
    parser.add_argument("--cache", type=pathlib.Path, default=pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / "jieding-sites")
    parser.add_argument("--seeds", default="")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("sites", nargs="*", type=pathlib.Path)
    return parser.parse_args(argv)


def main(argv):
    arguments = arguments_of(argv)
    arguments.build = arguments.build.resolve()
    seeds = list(seeds_of(arguments.seeds))
    if not arguments.validation and any(seed >= FIRST_VALIDATION_SEED for seed in seeds):
        sys.exit(f"score_sites: seeds from {FIRST_VALIDATION_SEED} on are for validation; add --validation")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(arguments.jobs) as workers:
        sites = list(workers.map(lambda seed: rendered(seed, arguments.build, arguments.cache), seeds)) + arguments.sites
        print_table(list(workers.map(lambda site: measure(site, arguments), sites)))


if __name__ == "__main__":
    main(sys.argv[1:])

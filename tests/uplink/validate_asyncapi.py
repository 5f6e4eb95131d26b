#!/usr/bin/env python3
"""Holds sync/asyncapi.yaml against the JSON Schema of AsyncAPI 3.0, as its makers publish it (npm @asyncapi/specs).

Usage: validate_asyncapi.py SYNC_FOLDER
Exit: 0 it fits, 1 it does not, 77 npm or a Python package is missing (the test is skipped).
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "site"))

from npm_packages import npm_packages  # noqa: E402

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; install python3-jsonschema and python3-yaml")
    sys.exit(77)


def main(sync_folder: pathlib.Path) -> int:
    packages = npm_packages(HERE / "asyncapi")
    if packages is None:
        print("skipped: npm is not installed")
        return 77
    schema = json.loads((packages / "@asyncapi/specs/schemas/3.0.0.json").read_text(encoding="utf-8"))
    document = yaml.safe_load((sync_folder / "asyncapi.yaml").read_text(encoding="utf-8"))
    wrong = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    for error in wrong:
        print(f"asyncapi.yaml: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

#!/usr/bin/env python3
"""Loads what `fundtrail export csv DIR` wrote into SQLite: load.py DIR FILE.db

Only Python's own library is needed. What datapackage.json says of the files is checked on the way: their hashes, their columns, the form
of each cell, that keys name one row, and that what a cell names is there. Exit 1 when anything of it does not hold.
An amount is a text in the database, with the digits that its asset keeps. Sum the column NAME_units, which has whole numbers."""
import csv
import datetime
import hashlib
import io
import json
import re
import sqlite3
import sys
from pathlib import Path

FORMS = {
    "string": lambda cell: True,
    "integer": lambda cell: re.fullmatch(r"-?[0-9]+", cell),
    "number": lambda cell: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell),
    "date": lambda cell: datetime.date.fromisoformat(cell),
    "datetime": lambda cell: cell.endswith("Z") and datetime.datetime.fromisoformat(cell[:-1]),
    "boolean": lambda cell: cell in ("true", "false"),
    "array": lambda cell: isinstance(json.loads(cell), list),
}
RUNS = re.compile("[ '\"\u00a0\u3000]*([=+\\-@＝＋－＠\t\r\n].*)", re.DOTALL)
BELOW_ZERO = re.compile("-[.,]*[0-9][0-9.,]*")


def unguarded(cell):
    """A cell that a spreadsheet would run has an apostrophe before it."""
    runs = RUNS.fullmatch(cell, 1) if cell.startswith("'") else None
    return cell[1:] if runs and not BELOW_ZERO.fullmatch(runs.group(1)) else cell


def whole(value):
    """The database has whole numbers of 64 bits. A larger one, which an author alone may have said, is left to it as a text."""
    return int(value) if abs(int(value)) < 2**63 else value


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def columns_of(schema):
    parts = [quoted(field["name"]) + (" INTEGER" if field["type"] == "integer" else " TEXT") for field in schema["fields"]]
    parts.append(f"PRIMARY KEY ({', '.join(map(quoted, schema['primaryKey']))})")
    return parts


def keys_of(name, schema):
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        yield f"FOREIGN KEY ({quoted(key['fields'])}) REFERENCES {quoted(reference['resource'] or name)} ({quoted(reference['fields'])})"


def load(folder, database):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    guarded = package["cells"] == "guarded"
    for resource in package["resources"]:
        name, schema = resource["name"], resource["schema"]
        content = (folder / resource["path"]).read_bytes()
        if "sha256:" + hashlib.sha256(content).hexdigest() != resource["hash"]:
            sys.exit(f"{resource['path']} is not the file that was exported")
        parts = columns_of(schema) + list(keys_of(name, schema))
        database.execute(f"CREATE TABLE {quoted(name)} ({', '.join(parts)})")
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        if next(rows) != [field["name"] for field in schema["fields"]]:
            sys.exit(f"{resource['path']} has other columns")
        marks, count = ", ".join("?" * len(schema["fields"])), 0
        for cells in rows:
            values = []
            for field, cell in zip(schema["fields"], cells, strict=True):
                value = unguarded(cell) if guarded else cell
                if value and not FORMS[field["type"]](value):
                    sys.exit(f"{resource['path']}: {field['name']} of {cells[0]} is \"{value}\", no {field['type']}")
                values.append(None if not value else whole(value) if field["type"] == "integer" else value)
            database.execute(f"INSERT INTO {quoted(name)} VALUES ({marks})", values)
            count += 1
        if count != resource["rows"]:
            sys.exit(f"{resource['path']} has {count} rows, not {resource['rows']}")
    for table, row, refers, _ in database.execute("PRAGMA foreign_key_check"):
        sys.exit(f"{table}: row {row} names what is not in {refers}")
    return package


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    csv.field_size_limit(2**31 - 1)
    try:
        database = sqlite3.connect(arguments[1], isolation_level=None)
        database.execute("BEGIN")
        with database:  # all of it or, where a check fails, nothing
            package = load(Path(arguments[0]), database)
    except (OSError, ValueError, csv.Error, sqlite3.Error) as error:
        sys.exit(f"{arguments[0]} into {arguments[1]}: {error}")
    print(f"{len(package['resources'])} tables of {package['ledger']}, {package['size']} records, root {package['root']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

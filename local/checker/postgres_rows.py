"""Reads the rows of a PostgreSQL table as the documents they should be, from the server's own JSON of them."""

import base64
import json
import re
from decimal import Decimal

import psycopg

# Of types that JSON has no like of, or that the server writes otherwise in JSON than ISO 8601 does.
COLUMNS = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""


def read_rows(url, table):
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        types = dict(connection.execute(COLUMNS, [table]).fetchall())
        name = ".".join(f'"{part}"' for part in table.split("."))
        with connection.cursor("rows") as cursor:
            cursor.execute(f"SELECT row_to_json(row)::text FROM {name} AS row")
            for (text,) in cursor:
                row = json.loads(text, parse_int=Decimal, parse_float=Decimal)
                yield {column: from_json(value, types[column]) for column, value in row.items()}


def from_json(value, type_name):
    if value is None:
        return None
    if type_name == "bytea":
        return base64.b64encode(bytes.fromhex(value[2:])).decode()
    if type_name == "timestamp with time zone":
        return without_zeros(value.replace("+00:00", "")) + "Z"
    if type_name == "timestamp without time zone":
        return without_zeros(value)
    return value


def without_zeros(text):
    return re.sub(r"(\.\d*?)0+$", r"\1", text).rstrip(".") if "." in text else text

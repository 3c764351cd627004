"""Compares a DynamoDB or PostgreSQL table with what searches see in OpenSearch, record by record and digit by digit.

Written in another language than the product, and from the documentation of the two engines alone: it shares no code,
no type and no library with what it checks. It reads the live table with a scan and every live document through the
search alias, so it is for demonstrations and tests, not for production tables.

Prints one JSON object {records, documents, missing, extra, different, equal, examples, seconds} and exits 0 when equal,
1 when not, 2 when it could not compare.
"""

import argparse
import hashlib
import importlib.util
import json
import sys
import time
import urllib.request
from decimal import Decimal, getcontext

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from postgres_rows import read_rows

PAGE = 5000
EXAMPLES = 10
getcontext().prec = 200


def main():
    options = parse_options()
    started = time.monotonic()
    deadline = started + options.within
    expected = load_expected(options.expected) if options.expected else lambda record: record
    while True:
        result = compare(read_source(options, expected), read_documents(options))
        if result["equal"] or time.monotonic() > deadline:
            break
        time.sleep(1)
    result["seconds"] = round(time.monotonic() - started, 1)
    print(json.dumps(result))
    return 0 if result["equal"] else 1


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--aws", help="endpoint of the AWS API, for a DynamoDB table")
    source.add_argument("--postgres", help="connection URL, for a table of PostgreSQL")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--table", required=True, help="the source table's name")
    parser.add_argument("--key", required=True, help="its key attributes in their order, separated by commas")
    parser.add_argument("--search", required=True, help="endpoint of OpenSearch")
    parser.add_argument("--alias", required=True, help="the alias that searches use")
    parser.add_argument("--expected", help="Python file whose expected(record) gives the document of a record, or None")
    parser.add_argument("--within", type=float, default=0, help="seconds in which they may still become equal")
    options = parser.parse_args()
    options.key = options.key.split(",")
    return options


def load_expected(path):
    spec = importlib.util.spec_from_file_location("expected", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.expected


def compare(source, documents):
    missing = [key for key in source if key not in documents]
    extra = [key for key in documents if key not in source]
    different = [key for key in source if key in documents and not same(source[key], documents[key])]
    return {
        "records": len(source),
        "documents": len(documents),
        "missing": len(missing),
        "extra": len(extra),
        "different": len(different),
        "equal": not (missing or extra or different),
        "examples": {
            "missing": missing[:EXAMPLES],
            "extra": extra[:EXAMPLES],
            "different": different[:EXAMPLES],
        },
    }


class Members(list):
    """The members of a set: the source has no order of them, so none is asked of the index."""


def same(left, right):
    """Equal in type and value: True is not 1, and numbers are equal when every digit is."""
    if isinstance(left, Members):
        return isinstance(right, list) and len(left) == len(right) and all(any(same(a, b) for b in right) for a in left)
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


# The source: DynamoDB's own JSON, signed by botocore and parsed here.


def read_source(options, expected):
    if options.postgres:
        rows = read_rows(options.postgres, options.table)
        documents = ((joined_id([str(row[name]) for name in options.key]), expected(row)) for row in rows)
        return {key: document for key, document in documents if document is not None}
    return read_items(options, expected)


def read_items(options, expected):
    session = botocore.session.get_session()
    credentials = session.get_credentials()
    if credentials is None:
        sys.exit("no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    source, start = {}, None
    while True:
        request = {"TableName": options.table, "ConsistentRead": True}
        if start is not None:
            request["ExclusiveStartKey"] = start
        page = call_dynamodb(options, credentials, "Scan", request)
        for item in page["Items"]:
            document = expected(from_map(item))
            if document is not None:
                source[document_id(item, options.key)] = document
        start = page.get("LastEvaluatedKey")
        if start is None:
            return source


def call_dynamodb(options, credentials, operation, body):
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    request = AWSRequest("POST", options.aws, data=json.dumps(body).encode(), headers=headers)
    SigV4Auth(credentials, "dynamodb", options.region).add_auth(request)
    sent = urllib.request.Request(options.aws, data=request.body, headers=dict(request.headers), method="POST")
    with urllib.request.urlopen(sent, timeout=120) as answer:
        return json.load(answer)


def document_id(item, key):
    """Key parts joined by |, escaped by a backslash; binary in base64url; over 512 bytes a digest."""
    return joined_id([key_part(*next(iter(item[name].items()))) for name in key])


def joined_id(parts):
    joined = "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
    encoded = joined.encode()
    return joined if len(encoded) <= 512 else f"sha256-{hashlib.sha256(encoded).hexdigest()}"


def key_part(kind, content):
    if kind == "B":
        content = content.replace("+", "-").replace("/", "_").rstrip("=")
    return content


def from_map(item):
    return {name: from_value(value) for name, value in item.items()}


def from_value(value):
    ((kind, content),) = value.items()
    if kind in ("S", "B", "BOOL"):
        return content
    if kind == "N":
        return Decimal(content)
    if kind == "M":
        return from_map(content)
    if kind == "L":
        return [from_value(member) for member in content]
    if kind == "NS":
        return Members(sorted(Decimal(member) for member in content))
    if kind in ("SS", "BS"):
        return Members(sorted(content, key=lambda text: text.encode("utf-16-be")))
    if kind == "NULL":
        return None
    raise ValueError(f"unknown kind of value: {kind}")


# The index: every live document, through the alias and so through its filter, from one point in time.


def read_documents(options):
    call_search(options, f"/{options.alias}/_refresh", {})
    point = call_search(options, f"/{options.alias}/_search/point_in_time?keep_alive=2m", {})["pit_id"]
    documents, after = {}, None
    while True:
        body = {
            "size": PAGE,
            "pit": {"id": point, "keep_alive": "2m"},
            "sort": [{"_shard_doc": "asc"}],
            "track_total_hits": False,
        }
        if after is not None:
            body["search_after"] = after
        answer = call_search(options, "/_search", body)
        if answer["timed_out"] or answer["_shards"]["failed"] > 0:
            sys.exit("OpenSearch answered for some shards only")
        hits = answer["hits"]["hits"]
        for hit in hits:
            documents[hit["_id"]] = hit["_source"]
        if len(hits) < PAGE:
            call_search(options, "/_search/point_in_time", {"pit_id": [point]}, "DELETE")
            return documents
        after = [int(value) for value in hits[-1]["sort"]]


def call_search(options, path, body, method="POST"):
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(options.search + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read(), parse_int=Decimal, parse_float=Decimal)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, KeyError, ValueError) as failure:
        print(f"could not compare: {failure!r}", file=sys.stderr)
        sys.exit(2)

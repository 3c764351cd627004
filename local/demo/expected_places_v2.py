"""What the documents of revision 2 must be, told by somebody who has not seen the transform's code."""


def expected(record):
    label = f"{record['name']} ({record['country']})"
    return {**record, "label": label, "large": record["population"] >= 100000}

"""What a valid request is beyond what a schema can say.

schemathesis draws requests from the OpenAPI document and expects the valid ones to be accepted. A few rules are not for
a schema: that a code of three letters is a currency, that a period ends after it starts, that a cursor is one that a
list has given. The hook makes the requests that are meant to be valid keep those rules; the ones that are meant to be
wrong stay as they are. It also leads most requests to an offer that exists, since a drawn id hardly ever does.
"""

import itertools
from datetime import date, timedelta

import requests
import schemathesis

CURRENCIES = ["USD", "EUR", "JPY", "KWD", "eur"]
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", None]

number = itertools.count()
shared = {}


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    if meta is None:
        return
    if meta.generation.mode.value != "positive":
        # Limits and cursors mean nothing for CSV, so wrong ones are not refused.
        if case.operation.path.endswith("/redemptions") and (case.query or {}).get("format") == "csv":
            case.query["format"] = "json"
        return
    turn = next(number)
    # In a stateful run the ids come from earlier answers.
    is_stateful = meta.phase.name.value == "stateful"
    keep_rules(case, turn)
    if is_stateful and isinstance(case.body, dict):
        # An offer that has been redeemed keeps both.
        replace(case.body, "currency", "USD")
        replace(case.body, "timezone", "UTC")
    if case.operation.path == "/api/redeem" and isinstance(case.body, dict):
        replace(case.body, "code", unused_code(case))
    # A drawn id may be that of an offer whose redemptions forbid an edit.
    if case.path_parameters and not is_stateful and (turn % 4 != 0 or is_edit(case)):
        lead_to_existing(case)


def lead_to_existing(case):
    """To what exists, since a drawn id hardly ever does."""
    if "offer" in case.path_parameters:
        case.path_parameters["offer"] = existing_offer(case)
    if case.operation.path.startswith("/api/reservations/"):
        case.path_parameters["id"] = new_order(case, "reserve", "reservation_id")
    if case.operation.path.startswith("/api/redemptions/"):
        case.path_parameters["id"] = new_order(case, "redeem", "redemption_id")


def keep_rules(case, turn):
    if case.query:
        # Cursors are what a list has given; a range ends after it starts and spans some years at most.
        case.query.pop("cursor", None)
        # Of codes they are numbers, and any will do.
        if not case.operation.path.endswith("/codes"):
            replace(case.query, "from", days_ago(30 + turn % 30))
            replace(case.query, "to", days_ago(turn % 30))
    # A key belongs to one request: used for another it is refused, rightly.
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"schemathesis-{next(number)}"
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    if isinstance(case.body, dict):
        keep_rules_of_body(case.body, turn)


def keep_rules_of_body(body, turn):
    replace(body, "code", f"SCHEMATHESIS-{next(number)}")
    replace(body, "currency", CURRENCIES[turn % len(CURRENCIES)])
    replace(body, "timezone", ZONES[turn % len(ZONES)])
    in_order(body, "start_date", "end_date")
    # A day that is changed alone has to suit the other one, which stays.
    if body.get("start_date") is None:
        replace(body, "end_date", "2199-12-31")
    if body.get("end_date") is None:
        replace(body, "start_date", "2000-01-01")
    # A number that is whole and at most 100 suits both kinds of discount and every currency.
    replace(body, "discount_value", 1 + turn % 100)
    # More than what calls in a row can have redeemed.
    replace(body, "budget", 1_000_000 + turn)
    replace(body, "max_redemptions", 1_000_000 + turn)
    # Orders are small in this world, and none of them is turned away for it.
    replace(body, "min_order_amount", 1)
    replace(body, "max_discount", 1 + turn)
    replace(body, "order_amount", 1 + turn)
    # So many fit into every length, however often they are asked for here.
    replace(body, "count", 1 + turn % 1_500)
    # A version that is no longer the stored one is refused, rightly.
    body.pop("version", None)


def replace(values, name, value):
    if values.get(name) is not None:
        values[name] = value


def days_ago(days):
    return (date.today() - timedelta(days=days)).isoformat()


def in_order(values, first, last):
    if isinstance(values.get(first), str) and isinstance(values.get(last), str):
        values[first], values[last] = sorted([values[first], values[last]])


def existing_offer(case):
    """One for all that read or redeem, a new one for each that changes or removes it, or asks what if it did."""
    base = case.operation.base_url.rstrip("/")
    if is_edit(case):
        return create_offer(base)
    if base not in shared:
        shared[base] = create_offer(base)
    return shared[base]


def is_edit(case):
    return case.method.upper() in ("PUT", "PATCH", "DELETE") or case.operation.path.endswith("/what-if")


def unused_code(case):
    return post(case, "codes", {"count": 1})["codes"][0]


def new_order(case, call, name):
    return post(case, call, {"customer_id": next(number), "order_amount": 10})[name]


def post(case, call, body):
    """Of an offer that exists."""
    base = case.operation.base_url.rstrip("/")
    if base not in shared:
        shared[base] = create_offer(base)
    answer = requests.post(f"{base}/api/offers/{shared[base]}/{call}", json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()["data"]


def create_offer(base):
    offer = {
        "name": "For schemathesis",
        "code": f"SCHEMATHESIS-{next(number)}",
        "discount_type": "percent",
        "discount_value": 10,
        "currency": "USD",
        "start_date": "2020-01-01",
        "end_date": "2090-12-31",
    }
    answer = requests.post(f"{base}/api/offers", json=offer, timeout=20)
    answer.raise_for_status()
    return str(answer.json()["data"]["id"])

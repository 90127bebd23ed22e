"""Adjusts generated requests to rules that a schema cannot express.

schemathesis generates requests from the OpenAPI document and expects that valid ones are accepted. A schema cannot
express some rules: a code of three letters must be a currency, a period must end after its start, a cursor must come
from a list. The hook adjusts requests that are meant to be valid; those that are meant to be invalid are not changed.
It also directs most requests to existing offers, because a random id hardly ever exists.
"""

import itertools
import os
from datetime import date, timedelta

import requests
import schemathesis

CURRENCIES = ["USD", "EUR", "JPY", "KWD", "eur"]
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", None]

# The requests of this file are sent with the same key as those of schemathesis.
AUTHORIZATION = {"Authorization": f"Bearer {os.environ['OFFERCAST_KEY']}"}
# The id of that key, which `up` has created first.
OWN_KEY = 1

number = itertools.count()
shared = {}


@schemathesis.hook
def before_call(context, case, kwargs):
    # Revoking or rotating it would end the run.
    if case.operation.path.startswith("/api/keys/") and (case.path_parameters or {}).get("id") in (OWN_KEY, str(OWN_KEY)):
        case.path_parameters["id"] = 987654321
    meta = case.meta
    if meta is None:
        return
    if meta.generation.mode.value != "positive":
        # Limits and cursors are ignored for CSV, so invalid ones are accepted.
        if case.operation.path.endswith("/redemptions") and (case.query or {}).get("format") == "csv":
            case.query["format"] = "json"
        return
    turn = next(number)
    # In a stateful run the ids come from earlier responses.
    is_stateful = meta.phase.name.value == "stateful"
    apply_rules(case, turn)
    if is_stateful and isinstance(case.body, dict):
        # An offer with redemptions cannot change either of them.
        replace(case.body, "currency", "USD")
        replace(case.body, "timezone", "UTC")
    if case.operation.path == "/api/redeem" and isinstance(case.body, dict):
        replace(case.body, "code", unused_code(case))
    # A random id may belong to an offer with redemptions, some of whose fields cannot be edited.
    if case.path_parameters and not is_stateful and (turn % 4 != 0 or is_edit(case)):
        use_existing_ids(case)


def use_existing_ids(case):
    """Replaces random ids, which hardly ever exist."""
    if "offer" in case.path_parameters:
        case.path_parameters["offer"] = existing_offer(case)
    if case.operation.path.startswith("/api/reservations/"):
        case.path_parameters["id"] = new_order(case, "reserve", "reservation_id")
    if case.operation.path.startswith("/api/redemptions/"):
        case.path_parameters["id"] = new_order(case, "redeem", "redemption_id")


def apply_rules(case, turn):
    if case.query:
        # A cursor must come from a list. A range must end after its start and is limited to a few years.
        case.query.pop("cursor", None)
        # For codes, the range consists of numbers and any range is valid.
        if not case.operation.path.endswith("/codes"):
            replace(case.query, "from", days_ago(30 + turn % 30))
            replace(case.query, "to", days_ago(turn % 30))
    # Reusing a key for a different request is an error.
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"schemathesis-{next(number)}"
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    if isinstance(case.body, dict):
        if case.operation.path.startswith(("/api/keys", "/api/users")):
            apply_rules_to_access(case.body)
        else:
            apply_rules_to_body(case.body, turn)


def apply_rules_to_access(body):
    replace(body, "name", f"Name {next(number)}")
    # Each person has an address of their own.
    replace(body, "email", f"person-{next(number)}@example.com")
    # Only offers that exist, networks, and times to come are accepted.
    body.pop("offer_ids", None)
    replace(body, "networks", ["192.0.2.0/24"])
    replace(body, "expires_at", "2090-01-01T00:00:00Z")


def apply_rules_to_body(body, turn):
    replace(body, "code", f"SCHEMATHESIS-{next(number)}")
    replace(body, "currency", CURRENCIES[turn % len(CURRENCIES)])
    replace(body, "timezone", ZONES[turn % len(ZONES)])
    sort_dates(body, "start_date", "end_date")
    # A date that is changed alone must fit the stored other date.
    if body.get("start_date") is None:
        replace(body, "end_date", "2199-12-31")
    if body.get("end_date") is None:
        replace(body, "start_date", "2000-01-01")
    # A whole number up to 100 is valid for both types of discount and every currency.
    replace(body, "discount_value", 1 + turn % 100)
    # More than a sequence of requests can have redeemed.
    replace(body, "budget", 1_000_000 + turn)
    replace(body, "max_redemptions", 1_000_000 + turn)
    # Low enough that no order here is declined as too small.
    replace(body, "min_order_amount", 1)
    replace(body, "max_discount", 1 + turn)
    replace(body, "order_amount", 1 + turn)
    # Codes of every length have room for this many, for all requests together.
    replace(body, "count", 1 + turn % 1_500)
    # An outdated version is an error.
    body.pop("version", None)


def replace(values, name, value):
    if values.get(name) is not None:
        values[name] = value


def days_ago(days):
    return (date.today() - timedelta(days=days)).isoformat()


def sort_dates(values, first, last):
    if isinstance(values.get(first), str) and isinstance(values.get(last), str):
        values[first], values[last] = sorted([values[first], values[last]])


def existing_offer(case):
    """Returns a new offer for each edit, deletion or what-if, and a shared offer for all other requests."""
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
    """Sends a request to the shared offer."""
    base = case.operation.base_url.rstrip("/")
    if base not in shared:
        shared[base] = create_offer(base)
    response = requests.post(f"{base}/api/offers/{shared[base]}/{call}", json=body, headers=AUTHORIZATION, timeout=20)
    response.raise_for_status()
    return response.json()["data"]


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
    response = requests.post(f"{base}/api/offers", json=offer, headers=AUTHORIZATION, timeout=20)
    response.raise_for_status()
    return str(response.json()["data"]["id"])

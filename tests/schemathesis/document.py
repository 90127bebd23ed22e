"""Checks that a document is valid OpenAPI 3.1 and that every example matches its schema.

python3 document.py docs/openapi.json
"""

import json
import sys
from pathlib import Path

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

METHODS = ("get", "post", "put", "patch", "delete")


def main():
    document = json.loads(Path(sys.argv[1]).read_text())
    problems = [describe(error) for error in OpenAPIV31SpecValidator(document).iter_errors()]
    examples = list(examples_of(document))
    if not examples:
        problems.append("the document has no examples")
    problems += [problem for example in examples for problem in mismatches(document, *example)]
    for problem in problems:
        print(f"{sys.argv[1]}: {problem}")
    if problems:
        sys.exit(1)
    print(f"{sys.argv[1]} is valid OpenAPI 3.1; {len(examples)} examples match their schemas")


def describe(error):
    path = "/".join(str(part) for part in error.absolute_path)
    return f"{path}: {error.message}"


def examples_of(document):
    """Yields the location, schema and value of every example."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield from examples_of_operation(document, f"{method} {path}", item[method])
    for name, header in document.get("components", {}).get("headers", {}).items():
        yield from examples_in(document, f"header {name}", header)


def examples_of_operation(document, call, operation):
    for parameter in operation.get("parameters", []):
        yield from examples_in(document, f"{call}: {parameter['name']}", parameter)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from examples_in(document, f"{call}: body", content)
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            yield from examples_in(document, f"{call}: {status} {media_type}", content)
        for name, header in response.get("headers", {}).items():
            yield from examples_in(document, f"{call}: {status} {name}", header)


def examples_in(document, location, item):
    if "example" in item:
        yield location, item["schema"], item["example"]
    for name, example in item.get("examples", {}).items():
        yield f"{location} {name}", item["schema"], resolve(document, example)["value"]


def resolve(document, item):
    if "$ref" not in item:
        return item
    part = document
    for name in item["$ref"].removeprefix("#/").split("/"):
        part = part[name]
    return part


def mismatches(document, location, schema, example):
    # The schema refers to others under `components`, so these must be in the same document.
    rooted = {**schema, "components": document["components"]}
    validator = OAS31Validator(rooted, format_checker=oas31_format_checker)
    return [f"{location}: the example does not match: {describe(error)}" for error in validator.iter_errors(example)]


main()

"""Starts MiniStack with functions that run as processes of the test, and closes what it leaves open.

MiniStack runs Java functions in containers, which need Docker, or hands their events to an address
without most of what Lambda gives a function. Here every invocation goes to RUNNER, which runs it in a
process under AWS's runtime client and answers with what became of it.

Beside that, two differences from AWS that decide how Fanfare has to behave are closed:

* the asynchronous configuration of an alias (retries, age, destination) counts for events sent to
  that alias; MiniStack keeps it, and applies that of the unqualified function alone;
* recursive loops are counted as AWS counts them, in the lineage of X-Amzn-Trace-Id, which the SDK of
  every language hands on, and for each function by itself, and an event that goes too far is dropped
  to the destination; MiniStack counts in a header of its own that only its Python and Node.js
  workers send, and refuses the call.

Everything else is MiniStack's: the API, versions and aliases, the asynchronous queue, retries,
destinations, SQS, event sources, EventBridge, function URLs, S3, IAM with AUTH=true. What roles were
allowed and denied there is written down, once each, in the file "decisions" of the working directory:
ROLE ACTION RESOURCE allowed, separated by tabs.

Settings: RUNNER (address), and MiniStack's own.
"""

import base64
import contextvars
import json
import os
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
import zlib

from ministack.core import iam_evaluator
from ministack.services import lambda_svc, sts

RUNNER = os.environ["RUNNER"]

# Of the invocation that a thread runs: the trace header that its caller sent, and whether anybody
# waits for the answer.
_trace = contextvars.ContextVar("trace", default="")
_async = contextvars.ContextVar("async", default=False)

_invoke = lambda_svc._invoke
_invoke_async = lambda_svc.invoke_async_with_retry


def _arn_parts(arn):
    """Name and qualifier of a function's ARN; the qualifier is empty where there is none."""
    parts = arn.split(":")
    return parts[6], parts[7] if len(parts) > 7 else ""


def _lineage(header):
    """Root and counts of a trace header: Root=..;Lineage=68fd508a:5|a87bd80c:1."""
    root, counts = "", {}
    for part in (header or "").split(";"):
        if part.startswith("Root="):
            root = part[5:]
        elif part.startswith("Lineage="):
            for entry in part[8:].split("|"):
                key, _, count = entry.rpartition(":")
                if key and count.isdigit():
                    counts[key] = int(count)
    return root, counts


def _key(name):
    return "%08x" % zlib.crc32(lambda_svc._func_arn(name).encode())


def _continued(header, name):
    """The trace header of an invocation of a function, in the chain that its caller is in."""
    root, counts = _lineage(header)
    key = _key(name)
    counts[key] = counts.get(key, 0) + 1
    root = root or "1-%08x-%s" % (int(time.time()), secrets.token_hex(12))
    chain = "|".join("%s:%d" % entry for entry in counts.items())
    return "Root=%s;Parent=%s;Sampled=0;Lineage=%s" % (root, secrets.token_hex(8), chain)


def _depth(header, name):
    """How often a function has been invoked in the chain of a caller."""
    return _lineage(header)[1].get(_key(name), 0)


async def invoke(name, event, headers, path_qualifier=None, query_params=None):
    """The Invoke operation, for a caller in a chain of invocations."""
    lower = {key.lower(): value for key, value in headers.items()}
    header = lower.get("x-amzn-trace-id", "")
    _trace.set(header)
    # An event is taken in whatever comes of it.
    depth = 0 if lower.get("x-amz-invocation-type") == "Event" else _depth(header, name)
    headers = {**headers, lambda_svc._INVOKE_DEPTH_HEADER: str(depth)}
    return await _invoke(name, event, headers, path_qualifier, query_params)


def invoke_async(func, event):
    """An event for a function, with the asynchronous configuration of what it was sent to."""
    name, qualifier = _arn_parts(func["config"]["FunctionArn"])
    record = lambda_svc._functions.get(name) or func
    config = lambda_svc._event_invoke_config(record, qualifier)
    dropped = lambda_svc._recursive_loop_drop(name, record, _depth(_trace.get(), name) + 1)
    if dropped is not None:
        target = ((config or {}).get("DestinationConfig") or {}).get("OnFailure") or {}
        if target.get("Destination"):
            body = {"errorType": "RecursiveInvocationException"}
            lambda_svc._route_async_failure(target["Destination"], name, event, {"body": body})
        return
    token = _async.set(True)
    try:
        _invoke_async({**func, "event_invoke_config": config}, event)
    finally:
        _async.reset(token)


def run(func, event, url, request_id):
    """Runs an invocation in a process of the test."""
    config = func.get("config") or func
    name = config["FunctionName"]
    headers = {
        "Content-Type": "application/json",
        "X-Request-Id": request_id,
        "X-Function": name,
        "X-Function-Version": config.get("Version", "$LATEST"),
        "X-Function-Arn": config["FunctionArn"],
        "X-Async": "yes" if _async.get() else "no",
        "X-Amzn-Trace-Id": _continued(_trace.get(), name),
    }
    headers.update(
        {
            "X-" + key.replace("_", "-"): value
            for key, value in lambda_svc.execution_credentials(config).items()
        }
    )
    payload = json.dumps(event, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=payload, headers=headers, method="POST")
    try:
        # The runner keeps the function's time; it may be asked for more than it can run at once.
        with urllib.request.urlopen(request) as answer:
            body = json.loads(answer.read() or b"null")
            log = base64.b64decode(answer.headers.get("X-Log", "")).decode("utf-8", "replace")
            error = answer.headers.get("X-Function-Error")
    except (OSError, ValueError) as problem:
        body = {"errorType": "Runtime.Unknown", "errorMessage": "the runner: %s" % problem}
        log, error = "", "Unhandled"
    if error:
        return {"body": body, "error": True, "function_error": error, "log": log}
    return {"body": body, "log": log}


_enforce = iam_evaluator.enforce
_decided = set()


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    """Whether a role may do something, written down."""
    denied = _enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    session = sts._sessions.get(access_key_id)
    if session:
        role = session["Arn"].split("/")[1]
        decision = (role, iam_action, resource_arn, "denied" if denied else "allowed")
        if decision not in _decided:
            _decided.add(decision)
            with open("decisions", "a", encoding="utf-8") as file:
                file.write("\t".join(decision) + "\n")
    return denied


iam_evaluator.enforce = enforce
lambda_svc._invoke = invoke
lambda_svc.invoke_async_with_retry = invoke_async
lambda_svc._proxy_url_for = lambda config: RUNNER
lambda_svc._execute_function_proxy = run


def end_with_the_test():
    """Nobody is left behind: the other end of standard input is the test's, to its death."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    from ministack.app import main

    threading.Thread(target=end_with_the_test, daemon=True).start()
    main()

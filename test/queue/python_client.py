"""Uses a queue as Google's own Python client does, from the discovery document that the service gives out."""

import base64
import json
import sys
import urllib.request

from googleapiclient.discovery import build, build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

root, name_of_queue = sys.argv[1:]
queue = {"project": "b~p", "taskqueue": name_of_queue}


def fault(request):
    """The error that a request fails with."""
    try:
        request.execute()
    except HttpError as error:
        return error
    raise AssertionError("no fault")


def message(request):
    """The status and the message of the fault that a request fails with."""
    error = fault(request)
    return error.resp.status, json.loads(error.content)["error"]["message"]


document = urllib.request.urlopen(root + "/api/taskqueue/v1beta2").read()
build_from_document(document)
url = root + "/api/{api}/{apiVersion}"
api = build("taskqueue", "v1beta2", discoveryServiceUrl=url, cache_discovery=False)
tasks = api.tasks()

payload = base64.b64encode(b"render me").decode()
for name, tag in (("a", "x"), ("b", "y"), ("c", None)):
    body = {"kind": "taskqueues#task", "queueName": name_of_queue, "id": name, "payloadBase64": payload}
    if tag:
        body["tag"] = tag
    inserted = tasks.insert(body=body, **queue).execute()
    assert inserted["id"] == name and inserted["payloadBase64"] == payload, inserted
assert message(tasks.insert(body=body, **queue)) == (400, "Task name is invalid.")

listed = tasks.list(fields="items(id,tag)", **queue).execute()
assert listed == {"items": [{"id": "a", "tag": "x"}, {"id": "b", "tag": "y"}, {"id": "c"}]}, listed

leased = tasks.lease(numTasks=5, leaseSecs=60, groupByTag=True, tag="y", **queue).execute()["items"]
assert [task["id"] for task in leased] == ["b"], leased
oldest = tasks.lease(numTasks=5, leaseSecs=60, groupByTag=True, **queue).execute()["items"]
assert [task["id"] for task in oldest] == ["a"], oldest
rest = tasks.lease(numTasks=5, leaseSecs=60, **queue).execute()["items"]
assert [task["id"] for task in rest] == ["c"] and rest[0]["retry_count"] == 1, rest

got = tasks.get(task="b", **queue).execute()
assert got == leased[0], got
patched = tasks.patch(task="b", newLeaseSeconds=90, body={"queueName": name_of_queue, "tag": "z"}, **queue).execute()
assert patched["tag"] == "z" and patched["leaseTimestamp"] > got["leaseTimestamp"], patched
updated = tasks.update(task="b", newLeaseSeconds=0, body=patched, **queue).execute()
assert updated["id"] == "b", updated
expired = tasks.patch(task="b", newLeaseSeconds=1, body={"queueName": name_of_queue}, **queue)
assert message(expired) == (400, "The task lease has expired.")

taken = fault(tasks.insert(body={"queueName": name_of_queue, "id": "a", "payloadBase64": payload}, **queue))
assert [detail["reason"] for detail in taken.error_details] == ["taskNameTaken"], taken.error_details

raw = MediaInMemoryUpload(b"\x00\xff raw", mimetype="application/octet-stream")
uploaded = tasks.insert(id="raw", tag="x", media_body=raw, **queue).execute()
assert uploaded["id"] == "raw" and uploaded["tag"] == "x", uploaded
assert base64.b64decode(uploaded["payloadBase64"]) == b"\x00\xff raw", uploaded
tasks.delete(task="raw", **queue).execute()

stats = api.taskqueues().get(getStats=True, **queue).execute()
assert stats["id"] == f"projects/p/taskqueues/{name_of_queue}" and stats["stats"]["totalTasks"] == 3, stats

for name in ("a", "b", "c"):
    assert not tasks.delete(task=name, **queue).execute()
assert message(tasks.delete(task="a", **queue)) == (404, "Task name does not exist.")
assert tasks.list(**queue).execute() == {"kind": "taskqueue#tasks", "items": []}

answers = {}
batch = api.new_batch_http_request(callback=lambda name, answer, error: answers.update({name: (answer, error)}))
for number in range(100):
    body = {"queueName": name_of_queue, "id": f"n{number}", "payloadBase64": payload, "tag": "größer"}
    batch.add(tasks.insert(body=body, **queue), request_id=f"insert {number}")
batch.add(tasks.insert(body=body, **queue), request_id="again")
batch.add(tasks.lease(numTasks=100, leaseSecs=60, groupByTag=True, tag="größer", **queue), request_id="lease")
batch.add(tasks.patch(task="n5", newLeaseSeconds=0, body={"queueName": name_of_queue}, **queue), request_id="patch")
batch.add(tasks.delete(task="n7", **queue), request_id="delete")
batch.execute()
assert answers["insert 99"][0]["tag"] == "größer", answers["insert 99"]
refused = answers["again"][1]
assert (refused.resp.status, refused.reason) == (400, "Task name is invalid."), refused
assert [task["id"] for task in answers["lease"][0]["items"]] == [f"n{number}" for number in range(100)]
assert answers["patch"][0]["retry_count"] == 1 and answers["delete"] == ("", None), answers["delete"]
assert len(answers) == 104, len(answers)

batch = api.new_batch_http_request()
for number in range(100):
    if number != 7:
        batch.add(tasks.delete(task=f"n{number}", **queue))
batch.execute()
assert tasks.list(**queue).execute()["items"] == []
print("done")

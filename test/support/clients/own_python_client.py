"""Asks a service through the client in clients/python, and prints what came of it."""

import io
import json
import os
import pathlib

from sallyport import CallOptions, Sallyport, SallyportError

url = os.environ["SALLYPORT_URL"]
client = Sallyport(url, os.environ["SALLYPORT_KEY"])
said = {}


def failure(call, *given, **named):
    try:
        call(*given, **named)
    except SallyportError as error:
        return error
    raise AssertionError("it came to something")


whole = client.programs.execute(code='print("Zoë 🙂")')
said["whole"] = [whole["outcome"], whole["stdout"], whole["session"]]
events = list(client.programs.execute_stream(code='print("hello")', language="python"))
said["events"] = [events[0], events[-1]["result"]["outcome"]]
session = client.sessions.open(sandbox={"wall_ms": 5_000})
in_it = client.programs.execute(code='print("x")', session=session["id"])["session"] == session["id"]
listed = [one["id"] for one in client.sessions.list()["data"]] == [session["id"]]
client.sessions.close(session["id"])
said["session"] = [session["sandbox"], in_it, listed, client.sessions.list()["data"]]

replays = []
note = CallOptions(idempotency_key="one", on_response=lambda _status, headers: replays.append(headers.get("idempotency-replayed")))
first = client.programs.execute(code='print("once")', options=note)
again = client.programs.execute(code='print("once")', options=note)
client.programs.execute(code='print("once")', options=CallOptions(on_response=note.on_response))
said["once"] = [first == again, replays]
other = failure(client.programs.execute, code='print("other")', options=CallOptions(idempotency_key="one"))
said["mismatch"] = [other.code, other.status]

rows = client.sql.run(statement="SELECT count(*) AS n FROM orders", source="shop")
said["rows"] = [rows["source"], [column["name"] for column in rows["columns"]], len(rows["rows"])]
said["verdict"] = client.sql.check(statement="SELECT pg_sleep(9)")["verdict"]
refused = failure(client.sql.run, statement="DROP TABLE orders")
said["refused"] = [refused.code, refused.status, refused.problem["findings"][0]["line"]]

text = "region,mail\nnorth,ann@example.com\n".encode()
file = client.files.create(
    file=("sales 2026 – Süd.csv", io.BytesIO(text)),
    purpose="user_data",
    expires_after_anchor="created_at",
    expires_after_seconds=3_600,
)
said["file"] = [file["filename"], file["bytes"], file["media_type"], file["expires_at"] - file["created_at"]]
path = pathlib.Path(os.environ["TMPDIR"], "big.txt")
path.write_bytes(b"abc" * 100_000)
big = client.files.create(file=path, purpose="user_data")
with client.files.content(big["id"]) as content:
    said["path"] = [big["filename"], big["bytes"], content.read() == path.read_bytes()]
link = client.files.link(file["id"])["url"]
with client.files.content(file["id"]) as content, client.download(link) as linked:
    said["content"] = [content.read() == text, linked.read() == text]
said["listed"] = file["id"] in [one["id"] for one in client.files.list(limit=2, order="desc")["data"]]
deleted = client.files.delete(file["id"])["deleted"]
gone = failure(client.files.show, file["id"])
said["deleted"] = [deleted, [gone.code, gone.status], failure(client.download, link).status]

conversation = client.conversations.create(metadata={"team": "north"})["id"]
kept = []
answer = client.chat.complete(
    model="analyst",
    messages=[{"role": "user", "content": "How many?"}],
    conversation=conversation,
    options=CallOptions(on_response=lambda _status, headers: kept.append(headers["x-sallyport-conversation"])),
)
said["answer"] = [answer["choices"][0]["message"]["content"], kept == [conversation]]
chunks = list(
    client.chat.complete_stream(
        model="analyst", messages=[{"role": "user", "content": "And now?"}], conversation=conversation
    )
)
text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
said["chunks"] = [text, chunks[-1]["sallyport"]["ending"]]
said["items"] = [item["role"] for item in client.conversations.items(conversation, order="asc")["data"]]
title = client.conversations.change(conversation, title="Counts")["title"]
with client.conversations.export(conversation, format="md") as exported:
    markdown = exported.read().decode()
with client.conversations.export(conversation, format="ipynb") as exported:
    notebook = json.load(exported)
said["conversation"] = [
    title,
    "Still as many." in markdown,
    notebook["nbformat"],
    client.conversations.delete(conversation)["deleted"],
]
said["models"] = [
    "analyst" in [model["id"] for model in client.models.list()["data"]],
    client.models.show("analyst:shop")["object"],
]

waiting = failure(client.programs.execute, code="ls", language="shell")
approval = client.approvals.show(waiting.problem["approval"]["id"])
said["approval"] = [waiting.code, approval["text"], approval["state"]]

said["keys"] = []
for key in ["sp-nobody", *(os.environ[f"SALLYPORT_{name}_KEY"] for name in ("SQL", "NOTHING", "EMPTY"))]:
    error = failure(Sallyport(url, key).programs.execute, code='print("x")')
    said["keys"].append([error.code, error.status, bool(error.request_id)])
nothing = Sallyport(url, os.environ["SALLYPORT_NOTHING_KEY"])
error = failure(next, nothing.programs.execute_stream(code='print("x")'))
said["stream"] = [error.code, error.status]
mine = client.conversations.create()["id"]
said["other"] = failure(Sallyport(url, os.environ["SALLYPORT_OTHER_KEY"]).conversations.show, mine).code

print(json.dumps(said))

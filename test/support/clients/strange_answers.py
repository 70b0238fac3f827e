"""Asks a server of the test, which answers strangely, through the client in clients/python, and prints what came of it."""

import json
import os

from sallyport import Sallyport, SallyportError
from sallyport._transport import segment

url = os.environ["SALLYPORT_URL"]
said = {}


def failure(call, *given, **named):
    try:
        call(*given, **named)
    except (SallyportError, ValueError) as error:
        return error
    raise AssertionError("it came to something")


def told(error):
    return [error.code, error.status, error.request_id, error.retry_after]


def at(path, **options):
    return Sallyport(f"{url}/{path}", "sp-x", **options)


code = {"code": "print(1)"}
said["led elsewhere"] = [
    told(failure(at("redirect").programs.execute, **code)),
    told(failure(at("redirect").models.list)),
]
said["repeated"] = at("twice-busy").programs.execute(**code)["outcome"]
said["broken once"] = at("once-broken").programs.execute(**code)["outcome"]
said["never twice"] = told(failure(at("busy").chat.complete, model="analyst", messages=[]))
said["too long"] = told(failure(at("hour").programs.execute, **code))
said["page"] = told(failure(at("page").models.list))
said["page with 200"] = told(failure(at("page-200").models.list))
said["no object"] = told(failure(at("null").models.list))
said["broken body"] = told(failure(at("cut-body", retries=0).models.list))
said["silent"] = told(failure(at("silent", timeout=0.3).models.list))
said["cut"] = told(failure(list, at("stream-end").programs.execute_stream(**code)))
said["broken"] = failure(list, at("stream-broken").programs.execute_stream(**code)).code in ("unreachable", "stream-cut")
said["no stream"] = told(failure(list, at("page-200").programs.execute_stream(**code)))
said["error"] = told(failure(list, at("stream-error").programs.execute_stream(**code)))
said["OpenAI's error"] = told(failure(list, at("stream-openai-error").chat.complete_stream(model="analyst", messages=[])))
said["whole"] = list(at("stream-whole").chat.complete_stream(model="analyst", messages=[]))
said["form"] = at("form").files.create(file=('a"; filename="b\r\nx: y.csv', b"1,2\n"), purpose="user_data")["filename"]
at("link").download(f"{url}/link/somewhere").close()
said["ids"] = [str(failure(at("x").files.show, part)) for part in ("", ".", "..")]
said["id"] = segment("a/../b?c#d")
said["keys"] = [str(failure(Sallyport(url, key).models.list)) for key in ("", "sp x", "sp-1\r\nx: y")]
said["addresses"] = [
    str(failure(Sallyport, address, "sp-x")).split(" ")[0] for address in ("", "x.example", "ftp://x", "http://a:b@x", "http://x?q")
]
said["no file"] = str(failure(at("x").download, "file:///etc/passwd"))
print(json.dumps(said))

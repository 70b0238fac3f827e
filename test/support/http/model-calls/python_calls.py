"""Calls of Python's clients, each asked for by a line of standard input and told of by a line of standard output.

A line asks with {"call", "origin", "apiKey", "headers", "question", "picture"}; an empty line asks for the names of all
calls. The answer is all that the client tells its user, with every digit of its numbers.
"""

import asyncio
import json
import sys

import anthropic
import openai
from pydantic import BaseModel

model = "gpt-5"
claude = "claude-sonnet-5"
embedding = "text-embedding-3-small"
weather_parameters = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "note": {"type": "string"}},
    "required": ["city", "note"],
    "additionalProperties": False,
}
tools = [{"type": "function", "function": {"name": "weather", "strict": True, "parameters": weather_parameters}}]
functions = [{"type": "function", "name": "weather", "strict": True, "parameters": weather_parameters}]
claude_tools = [{"name": "weather", "description": "The weather of a city.", "input_schema": weather_parameters}]
output = '{"degrees": 21.50}'


class Place(BaseModel):
    city: str
    degrees: float


class Target:
    def __init__(self, asked):
        self.question = asked["question"]
        self.slow = self.question + " Answer slowly."
        self.picture = asked["picture"]
        self.options = {
            "api_key": asked["apiKey"],
            "default_headers": asked["headers"],
            "max_retries": 0,
        }
        self.origin = asked["origin"]
        self.messages = [{"role": "user", "content": self.question}]
        self.claude = {"model": claude, "max_tokens": 2048, "messages": self.messages}

    def openai(self):
        return openai.OpenAI(base_url=self.origin + "/v1", **self.options)

    def async_openai(self):
        return openai.AsyncOpenAI(base_url=self.origin + "/v1", **self.options)

    def anthropic(self):
        return anthropic.Anthropic(base_url=self.origin, **self.options)

    def async_anthropic(self):
        return anthropic.AsyncAnthropic(base_url=self.origin, **self.options)


calls = {}


def call(name):
    def add(function):
        calls[name] = function
        return function

    return add


@call("openai chat, plain")
def _(to):
    return to.openai().chat.completions.create(
        model=model, messages=[{"role": "developer", "content": "Be brief. “é” 🌤"}, *to.messages]
    )


@call("openai chat, with members of every kind")
def _(to):
    return to.openai().chat.completions.create(
        model=model,
        messages=to.messages,
        n=2,
        seed=9_007_199_254_740_993,
        temperature=1e-7,
        logit_bias={"50256": -100},
        metadata={"case": "é", "__proto__": "x"},
        extra_body={"x_later": {"deep": [None, -0.0, 1e21, 2**70, "\u2028\x00"]}},
    )


@call("openai chat, streamed")
def _(to):
    return list(
        to.openai().chat.completions.create(
            model=model, messages=to.messages, stream=True, stream_options={"include_usage": True}
        )
    )


@call("openai chat, streamed by the asynchronous client")
async def _(to):
    stream = await to.async_openai().chat.completions.create(model=model, messages=to.messages, stream=True)
    return [chunk async for chunk in stream]


@call("openai chat, streamed through its helper")
def _(to):
    with to.openai().chat.completions.stream(model=model, messages=to.messages) as stream:
        return [*stream, stream.get_final_completion()]


@call("openai chat, tools")
def _(to):
    client = to.openai()
    first = client.chat.completions.create(model=model, messages=to.messages, tools=tools)
    message = first.choices[0].message
    results = [{"role": "tool", "tool_call_id": each.id, "content": output} for each in message.tool_calls]
    return [
        first,
        client.chat.completions.create(model=model, messages=[*to.messages, message, *results], tools=tools),
    ]


@call("openai chat, tools streamed")
def _(to):
    return list(to.openai().chat.completions.create(model=model, messages=to.messages, tools=tools, stream=True))


@call("openai chat, structured")
def _(to):
    return to.openai().chat.completions.parse(model=model, messages=to.messages, response_format=Place)


@call("openai chat, structured streamed")
def _(to):
    with to.openai().chat.completions.stream(model=model, messages=to.messages, response_format=Place) as stream:
        return [*stream, stream.get_final_completion()]


@call("openai chat, picture")
def _(to):
    url = "data:image/png;base64," + to.picture
    content = [{"type": "text", "text": to.question}, {"type": "image_url", "image_url": {"url": url}}]
    return to.openai().chat.completions.create(model=model, messages=[{"role": "user", "content": content}])


@call("openai chat, abort")
def _(to):
    stream = to.openai().chat.completions.create(
        model=model, messages=[{"role": "user", "content": to.slow}], stream=True
    )
    return first_of(stream)


@call("openai responses, plain")
def _(to):
    return to.openai().responses.create(
        model=model, input=to.question, instructions="Be brief.", metadata={"case": "é"}
    )


@call("openai responses, streamed")
def _(to):
    return list(to.openai().responses.create(model=model, input=to.question, stream=True))


@call("openai responses, streamed by the asynchronous client")
async def _(to):
    stream = await to.async_openai().responses.create(model=model, input=to.question, stream=True)
    return [event async for event in stream]


@call("openai responses, streamed through its helper")
def _(to):
    with to.openai().responses.stream(model=model, input=to.question) as stream:
        return [*stream, stream.get_final_response()]


@call("openai responses, tools over a kept response")
def _(to):
    client = to.openai()
    first = client.responses.create(model=model, input=to.question, tools=functions)
    results = [
        {"type": "function_call_output", "call_id": item.call_id, "output": output}
        for item in first.output
        if item.type == "function_call"
    ]
    return [
        first,
        client.responses.create(model=model, input=results, tools=functions, previous_response_id=first.id),
    ]


@call("openai responses, tools with all of the turn given back")
def _(to):
    client = to.openai()
    first = client.responses.create(
        model=model, input=to.question, tools=functions, store=False, include=["reasoning.encrypted_content"]
    )
    results = [
        {"type": "function_call_output", "call_id": item.call_id, "output": output}
        for item in first.output
        if item.type == "function_call"
    ]
    turn = [*to.messages, *first.output, *results]
    return [first, client.responses.create(model=model, input=turn, tools=functions, store=False)]


@call("openai responses, tools streamed")
def _(to):
    return list(to.openai().responses.create(model=model, input=to.question, tools=functions, stream=True))


@call("openai responses, structured")
def _(to):
    return to.openai().responses.parse(model=model, input=to.question, text_format=Place)


@call("openai responses, picture")
def _(to):
    url = "data:image/png;base64," + to.picture
    content = [{"type": "input_text", "text": to.question}, {"type": "input_image", "image_url": url, "detail": "auto"}]
    return to.openai().responses.create(model=model, input=[{"role": "user", "content": content}])


@call("openai responses, retrieved, plain and streamed")
def _(to):
    client = to.openai()
    made = client.responses.create(model=model, input=to.question)
    return [client.responses.retrieve(made.id), list(client.responses.retrieve(made.id, stream=True))]


@call("openai responses, cancelled")
def _(to):
    client = to.openai()
    made = client.responses.create(model=model, input=to.question, background=True)
    return [client.responses.cancel(made.id), client.responses.retrieve(made.id)]


@call("openai responses, deleted")
def _(to):
    client = to.openai()
    made = client.responses.create(model=model, input=to.question)
    client.responses.delete(made.id)
    return made


@call("openai responses, input items page by page")
def _(to):
    client = to.openai()
    turns = [{"role": "user", "content": content} for content in ["One.", "Two.", "Three."]]
    made = client.responses.create(model=model, input=turns)
    return list(client.responses.input_items.list(made.id, limit=1, order="asc"))


@call("openai responses, abort")
def _(to):
    return first_of(to.openai().responses.create(model=model, input=to.slow, stream=True))


@call("openai embeddings, as the client asks by itself")
def _(to):
    return to.openai().embeddings.create(model=embedding, input=[to.question, "“é” 🌤"])


@call("openai embeddings, as numbers")
def _(to):
    return to.openai().embeddings.create(
        model=embedding, input=to.question, encoding_format="float", dimensions=8
    )


@call("models, openai")
def _(to):
    client = to.openai()
    return [*client.models.list(), client.models.retrieve(model)]


@call("models, anthropic")
def _(to):
    client = to.anthropic()
    return [*client.models.list(), client.models.retrieve(claude)]


@call("anthropic messages, plain")
def _(to):
    return to.anthropic().messages.create(
        **to.claude,
        system=[{"type": "text", "text": "Be brief. “é” 🌤", "cache_control": {"type": "ephemeral"}}],
        metadata={"user_id": "u-1"},
        stop_sequences=["\n\nHuman:"],
        extra_body={"x_later": {"deep": [None, -0.0, 1e21, 2**70, "\u2028\x00"]}},
    )


@call("anthropic messages, streamed")
def _(to):
    return list(to.anthropic().messages.create(**to.claude, stream=True))


@call("anthropic messages, streamed by the asynchronous client")
async def _(to):
    stream = await to.async_anthropic().messages.create(**to.claude, stream=True)
    return [event async for event in stream]


@call("anthropic messages, streamed through its helper")
def _(to):
    with to.anthropic().messages.stream(**to.claude) as stream:
        return [*stream, stream.get_final_message()]


@call("anthropic messages, tools, with its thoughts given back")
def _(to):
    client = to.anthropic()
    thinking = {"type": "enabled", "budget_tokens": 1024}
    first = client.messages.create(**to.claude, thinking=thinking, tools=claude_tools)
    results = [
        {"type": "tool_result", "tool_use_id": block.id, "content": output}
        for block in first.content
        if block.type == "tool_use"
    ]
    turn = {
        **to.claude,
        "messages": [
            *to.messages,
            {"role": "assistant", "content": first.content},
            {"role": "user", "content": results},
        ],
    }
    return [first, client.messages.create(**turn, thinking=thinking, tools=claude_tools)]


@call("anthropic messages, tools streamed")
def _(to):
    return list(to.anthropic().messages.create(**to.claude, tools=claude_tools, stream=True))


@call("anthropic messages, structured")
def _(to):
    return to.anthropic().messages.parse(**to.claude, output_format=Place)


@call("anthropic messages, picture")
def _(to):
    source = {"type": "base64", "media_type": "image/png", "data": to.picture}
    content = [{"type": "image", "source": source}, {"type": "text", "text": to.question}]
    return to.anthropic().messages.create(**{**to.claude, "messages": [{"role": "user", "content": content}]})


@call("anthropic messages, counted")
def _(to):
    return to.anthropic().messages.count_tokens(model=claude, messages=to.messages, tools=claude_tools)


@call("anthropic messages, abort")
def _(to):
    slow = {**to.claude, "messages": [{"role": "user", "content": to.slow}]}
    return first_of(to.anthropic().messages.create(**slow, stream=True))


def first_of(stream):
    """Goes away after the first words."""
    with stream:
        for item in stream:
            return item


def told(value):
    if isinstance(value, BaseModel):
        # Parsed content is an object of the caller's own class.
        return value.model_dump(mode="json", by_alias=True, warnings=False)
    return str(value)


def answer(asked):
    try:
        result = calls[asked["call"]](Target(asked))
        return {"told": asyncio.run(result) if asyncio.iscoroutine(result) else result}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    reply = list(calls) if line == "\n" else answer(json.loads(line))
    print(json.dumps(reply, default=told), flush=True)

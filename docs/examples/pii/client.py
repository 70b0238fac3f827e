"""Asks a model through Sallyport, which sees none of the values and answers with them all the same."""

import os

from openai import OpenAI

# The address and the key are all that changes in an application.
client = OpenAI(base_url=os.environ["SALLYPORT_URL"] + "/v1", api_key=os.environ["SALLYPORT_KEY"])

answer = client.chat.completions.with_raw_response.create(
    model="gpt-5",
    safety_identifier="customer-17",  # whose values these are: nobody else's tokens are the same
    messages=[{"role": "user", "content": "Tell kim.wexler@hamlin.example that card 4111 1111 1111 1111 was charged."}],
)
print(answer.parse().choices[0].message.content)

receipt = answer.headers["x-sallyport-privacy-receipt"]
print(client.get(f"/privacy/receipts/{receipt}", cast_to=object)["masked"]["by_kind"])

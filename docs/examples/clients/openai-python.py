import os
from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:8080/v1", api_key=os.environ["SALLYPORT_KEY"])
question = "Which product categories bring the most margin?"

# Chat Completions: the words as they come.
asked = [{"role": "user", "content": question}]
for chunk in client.chat.completions.create(model="analyst", stream=True, messages=asked):
    print(chunk.choices[0].delta.content or "", end="")
print()

# Responses: what was done, step by step, and then the answer.
response = client.responses.create(model="analyst", input=question)
print([item.type for item in response.output])
print(response.output_text)

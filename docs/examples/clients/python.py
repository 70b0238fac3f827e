import os
from sallyport import Sallyport, SallyportError

client = Sallyport("http://127.0.0.1:8080", os.environ["SALLYPORT_KEY"])

# A program, as it speaks. Leaving the loop ends it.
for event in client.programs.execute_stream(code="print(6 * 7)"):
    if event["type"] == "output":
        print(event["text"].strip())

# A file that it makes, by a link that lives for minutes.
run = client.programs.execute(code='open("x.csv", "w").write("a,b\\n1,2\\n")', files=True)
with client.download(run["files"][0]["url"]) as made:
    print(made.read().decode().split("\n")[0])

# A statement through the gate, and why another one is refused.
print(client.sql.run(statement="SELECT count(*) FROM products")["rows"])
try:
    client.sql.run(statement="DROP TABLE products")
except SallyportError as error:
    print(error.code, error.problem["findings"][0]["message"])

# A question to the analyst.
question = "Which product categories bring the most margin?"
answer = client.chat.complete(model="analyst", messages=[{"role": "user", "content": question}])
print(answer["choices"][0]["message"]["content"])

# What was wrong with it, or that nothing was.
print(client.feedback.give(about=answer["id"], verdict="up")["verdict"])

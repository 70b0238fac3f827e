import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { pythonClients } from '../../support/http/model-calls/python-calls.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const clients = pythonClients()

/** One round with the unchanged client: make, give, run, read what is cited, list, delete. */
const program = `
from openai import NotFoundError, OpenAI
client = OpenAI(max_retries=0)
container = client.containers.create(name="work", expires_after={"anchor": "last_active_at", "minutes": 5})
client.containers.files.create(container.id, file=("note.txt", b"a note"))
response = client.responses.create(
    model="analyst", input="Do it.", include=["code_interpreter_call.outputs"],
    tools=[{"type": "code_interpreter", "container": container.id}])
print([item.outputs[0].logs for item in response.output if item.type == "code_interpreter_call"])
citation = next(a for item in response.output if item.type == "message" for part in item.content for a in part.annotations)
print(client.containers.files.content.retrieve(citation.file_id, container_id=citation.container_id).text)
print(sorted(file.path for file in client.containers.files.list(container.id)))
client.containers.delete(container.id)
try:
    client.containers.retrieve(container.id)
except NotFoundError as error:
    print(error.code)
`

it.skipIf(typeof clients === 'string')(
  `Python's client of OpenAI makes containers, runs in them and reads what was made${typeof clients === 'string' ? `; it is not here: ${clients}` : ''}`,
  async () => {
    verifies('containers.clients')
    const python = typeof clients === 'string' ? '' : clients.python
    await using service = await SurfaceService.start()
    const codes = ['open("made.csv", "w").write("month,sales")', 'print(open("note.txt").read())']
    service.script([
      { kind: 'turn', calls: codes.map((code) => ({ name: 'run_python', arguments: JSON.stringify({ code }) })) },
      { kind: 'turn', text: 'It is made.' },
    ])
    const env = { OPENAI_BASE_URL: `${service.url}/v1`, OPENAI_API_KEY: await service.key() }
    const { stdout } = await promisify(execFile)(python, ['-I', '-B', '-c', program], { env })
    expect(stdout.split('\n')).toEqual([
      "['', 'a note']",
      'month,sales',
      "['/mnt/data/made.csv', '/mnt/data/note.txt']",
      'not-found',
      '',
    ])
  },
  120_000,
)

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI, { toFile } from 'openai'
import { expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const writing = `
import csv, pathlib
sales = list(csv.DictReader(open("sales.csv")))
total = sum(int(row["sales"]) for row in sales)
pathlib.Path("total.csv").write_text(f"total\\n{total}\\n")
pathlib.Path("unseen.bin").write_bytes(bytes(range(256)))
print(total)`
const looking = `
import os
print(sorted(os.listdir()), "total" in globals(), open("total.csv").read().split())`

it('a container of gVisor keeps its variables over responses, and its files over a service that is killed, which it says', async () => {
  verifies('containers.restart')
  let programs: readonly string[] = []
  await using model = await ScriptedOpenAiServer.start(({ body }) => {
    const code = programs[body.messages.filter(({ role }) => role === 'tool').length]
    if (code === undefined) return { kind: 'turn', text: 'It is done.' }
    return { kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] }
  })
  const file = join(temporaryFolder('sallyport-containers-'), 'sallyport.yaml')
  const configuration = {
    model: { base_url: model.baseUrl, name: 'scripted-1' },
    sandbox: { driver: 'runsc', pool: { minimum_ready: 0, maximum_ready: 0 } },
  }
  writeFileSync(file, JSON.stringify(configuration))
  const clientOf = ({ url }: Served, apiKey: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
  const run = async (client: OpenAI, container: string, ...given: readonly string[]): Promise<readonly string[]> => {
    programs = given
    const response = await client.responses.create({
      model: 'analyst',
      input: 'Do it.',
      tools: [{ type: 'code_interpreter', container }],
    })
    const ran = response.output.flatMap((item) => (item.type === 'code_interpreter_call' ? [item] : []))
    return ran.map(
      ({ outputs }) => outputs?.map((output) => (output.type === 'logs' ? output.logs : '')).join('') ?? '',
    )
  }

  const first = await serve({ SALLYPORT_CONFIG: file })
  const { key } = first
  let id = ''
  try {
    const client = clientOf(first, key)
    id = (await client.containers.create({ name: 'sales', memory_limit: '1g' })).id
    await client.containers.files.create(id, {
      file: await toFile(Buffer.from('month,sales\nJan,3\nFeb,5\n'), 'sales.csv'),
    })
    expect(await run(client, id, writing)).toEqual(['8\n'])
    expect(await run(client, id, looking)).toEqual(["['sales.csv', 'total.csv', 'unseen.bin'] True ['total', '8']\n"])
  } finally {
    first.process.kill('SIGKILL')
    await first[Symbol.asyncDispose]()
  }

  await using second = await serve(first.environment, key)
  const client = clientOf(second, key)
  expect(await client.containers.retrieve(id)).toMatchObject({
    status: 'running',
    name: 'sales',
    memory_limit: '1g',
    sallyport: { sandboxes_lost: 1, message: expect.stringContaining('was lost') },
  })
  const kept = await client.containers.files.list(id, { order: 'asc' })
  expect(kept.data.map(({ path }) => path)).toEqual(['/mnt/data/sales.csv', '/mnt/data/total.csv'])
  // What no answer had handed out was in the sandbox alone. What had run there is told, and may be run again without asking anybody.
  expect(await run(client, id, looking, writing)).toEqual(["['sales.csv', 'total.csv'] False ['total', '8']\n", '8\n'])
  const told = JSON.stringify(model.requests.at(-1)?.body.messages)
  expect(told).toContain('The sandbox of this session was lost.')
  expect(told).toContain('total = sum(')
}, 300_000)

import { describe, expect, it } from 'vitest'
import { fileOf } from '../support/databases/files-source.ts'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'

const code = `from sallyport import read_table
days = read_table('/mnt/data/days.csv')
print(days['day'].tolist(), days['id'].tolist())
import os
print(sorted(os.listdir('/mnt/data')))`

/** The first instructions of the model, and what its program printed. */
async function ask(...words: readonly string[]) {
  await using endpoint = await ScriptedOpenAiServer.start((_request, position) =>
    position === 0
      ? { kind: 'turn', text: 'I look.', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] }
      : { kind: 'turn', text: 'Done.' },
  )
  const ended = await sallyport(['ask', 'What is in them?', ...words], {
    environment: cleanEnvironment({ SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl, SALLYPORT_MODEL_NAME: 'scripted-1' }),
  })
  const [first, second] = endpoint.requests
  return {
    ...ended,
    told: first?.body.messages[0]?.content ?? '',
    printed: second?.body.messages.findLast(({ role }) => role === 'tool')?.content ?? '',
  }
}

const days = 'day,id\n01/02/2024,12345678901234567890\n03/04/2024,12345678901234567891\n'

describe('ask --data with tables', () => {
  it('G1, D1: tells the person and the model how they are read, and gives code the same table', async () => {
    const { code: exit, stderr, told, printed } = await ask('--data', fileOf('days.csv', days))
    expect({ exit, stderr }).toMatchObject({ exit: 0 })
    const note = 'DD/MM/YYYY (date_format %d/%m/%Y) or MM/DD/YYYY (date_format %m/%d/%Y) cannot be known'
    expect([stderr.includes(note), told.includes(note)]).toEqual([true, true])
    expect(told).toContain('2 rows, 2 columns: day (VARCHAR), id (HUGEINT)')
    expect(told).toContain('from sallyport import read_table; read_table("/mnt/data/days.csv")')
    expect(printed).toContain("['01/02/2024', '03/04/2024'] [12345678901234567890, 12345678901234567891]")
  })

  it('D5: keeps files apart whose names differ in marks only, with their whole names', async () => {
    const files = ['ดี.csv', 'ดู.csv', 'days.csv'].flatMap((name) => ['--data', fileOf(name, days)])
    const { code: exit, told, printed } = await ask(...files)
    expect(exit).toBe(0)
    expect(['/mnt/data/ดี.csv', '/mnt/data/ดู.csv'].filter((path) => !told.includes(path))).toEqual([])
    expect(printed).toContain("['days.csv', 'ดี.csv', 'ดู.csv']")
  })

  it('W2, D16: says which setting a file needs that cannot be read as a table, and takes it', async () => {
    const latin = fileOf('days.csv', Buffer.from('day,id\n2024-01-01,Oslø\n', 'latin1'))
    const without = await ask('--data', latin)
    expect(without.told).toContain('cannot be read as a table: line 2 is not UTF-8; set encoding')
    const { told } = await ask('--data', latin, '--data-option', 'encoding=latin-1')
    expect(told).toContain('read_table("/mnt/data/days.csv", encoding="latin-1")')
    expect(told).toContain('2024-01-01 | Oslø')
  })
})

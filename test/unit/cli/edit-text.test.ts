import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEditText } from '../../../src/cli/edit-text.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

/** An editor that runs these lines on its file, whose path and mode it writes down. */
function editorOf(lines: string) {
  const folder = temporaryFolder('sallyport-editor-')
  const [script, seen] = [join(folder, 'editor.sh'), join(folder, 'seen')]
  writeFileSync(script, `stat -c '%n %a' "$2" > ${seen}\n${lines}\n`)
  return { command: `sh ${script} --wait`, seen: () => readFileSync(seen, 'utf8').trim().split(' ') }
}

function editing(variables: Readonly<Record<string, string>>) {
  const asked: unknown[] = []
  let apart = 0
  const editText = createEditText({
    variables: { PATH: process.env['PATH'], ...variables },
    askLine: async (words, _signal, begun) => (asked.push([words, begun]), 'typed'),
    apart: async (task) => ((apart += 1), await task()),
  })
  return { editText, asked, apart: () => apart }
}

describe('a text that a person changes', () => {
  it('is a file of their own for the editor, which is gone afterwards, and keeps its end', async () => {
    verifies('terminal.edit')
    const editor = editorOf(`sed -i 's/one/two/' "$2"`)
    const { editText, apart } = editing({ EDITOR: 'false', VISUAL: editor.command })
    expect(await editText('one\nmore', 'python', never)).toBe('two\nmore')
    const [path = '', mode] = editor.seen()
    expect([path.endsWith('.py'), mode, existsSync(path), apart()]).toEqual([true, '600', false, 1])
    expect(await editText('one\n', null, never)).toBe('two\n')
  })

  it('is not taken of an editor that fails', async () => {
    const { command, seen } = editorOf('exit 3')
    const { editText } = editing({ EDITOR: command })
    await expect(editText('one', 'sql', never)).rejects.toMatchObject({ message: 'The editor ended with 3' })
    expect(existsSync(seen()[0] ?? '')).toBe(false)
  })

  it('is left where the question is over, with the editor', async () => {
    const { command } = editorOf('exec sleep 60')
    const { editText } = editing({ EDITOR: command })
    await expect(editText('one', 'sql', AbortSignal.timeout(50))).rejects.toThrow(/abort/)
  })

  it('is typed where it stands where there is no editor', async () => {
    verifies('terminal.edit')
    const { editText, asked } = editing({ EDITOR: ' ' })
    expect(await editText('SELECT 1', 'sql', never)).toBe('typed')
    expect(asked).toEqual([['Write it: ', 'SELECT 1']])
  })

  it.each(['one\ntwo', 'SELECT \u001b[2J', 'a\tb', 'a\u202eb'])('is put on no line as %j', async (text) => {
    verifies('terminal.edit')
    const { editText, asked } = editing({})
    await expect(editText(text, 'python', never)).rejects.toMatchObject({ code: 'invalid-request' })
    expect(asked).toEqual([])
  })
})

import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { LiveText } from '../../../../src/cli/output/live-text.ts'
import { createOutput } from '../../../../src/cli/terminal.ts'
import { verifies } from '../../../support/verifies.ts'

function open(colour: boolean) {
  const stream = Object.assign(new PassThrough(), { columns: 60 })
  const live = new LiveText(createOutput(stream, { isTerminal: true, colour }))
  const written = (): string => (stream.read() as Buffer | null)?.toString() ?? ''
  return { live, written }
}

describe('text that a model is writing', () => {
  it('comes word by word on a terminal without colours', async () => {
    const { live, written } = open(false)
    await live.take('Cups ')
    expect(written()).toBe('Cups ')
    await live.take('sold **best**.')
    expect(written()).toBe('sold **best**.')
    expect(await live.end()).toBe(true)
    expect(written()).toBe('\n')
  })

  it('comes block by block where it is styled, the last one at the end', async () => {
    const { live, written } = open(true)
    await live.take('First **bold** words.\n')
    expect(written()).toBe('')
    await live.take('\nSecond')
    // The blank line ended the first block, and only now there is something after it.
    expect(written()).toContain('First')
    await live.take(' words.')
    expect(written()).toBe('')
    await live.end()
    expect(written()).toBe('\nSecond words.\n')
  })

  it('does not tear a fence or a table apart', async () => {
    const { live, written } = open(true)
    const text = 'See:\n\n```python\nx = 1\n\ny = 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nDone.'
    for (const character of text) await live.take(character)
    await live.end()
    const shown = stripVTControlCharacters(written())
    expect(shown).toMatch(/See:\n\n +x = 1\n *\n +y = 2\n\n┌/)
    expect(shown).toMatch(/│ a │ b │/)
    expect(shown).toMatch(/Done\.\n$/)
  })

  it('draws a table within the line without colours, when it is whole, and nothing else', async () => {
    verifies('terminal.narrow')
    const wide = 'a long word or two '.repeat(4).trim()
    const table = `| name | about |\n|---|--:|\n| **Cups** | ${wide} |\n`
    const text = `See:\n\n${table}\nAnd:\n\n\`\`\`\n${table}\`\`\`\n| no table\nEnd |x|`
    const whole = open(false)
    await whole.live.take(text)
    await whole.live.end()
    const shown = whole.written()
    const { live, written } = open(false)
    for (const character of text) await live.take(character)
    await live.end()
    expect(written()).toBe(shown)
    const [before = '', after = ''] = shown.split('And:')
    expect(before).toMatch(/^See:\n\n┌─+┬─+┐\n│ name │ about +│\n[^]*│ Cups │ a long word/)
    expect(before.split('\n').filter((line) => line.length > 60)).toEqual([])
    expect(after).toBe(`\n\n\`\`\`\n${table}\`\`\`\n| no table\nEnd |x|\n`)
    expect(shown).toBe(stripVTControlCharacters(shown))
  })

  it('draws the table that it ends with', async () => {
    const { live, written } = open(false)
    await live.take('| a |\n|---|\n| 1 ')
    expect(written()).toBe('')
    await live.take('|')
    await live.end()
    expect(written()).toMatch(/^┌───┐\n│ a │\n├───┤\n│ 1 │\n└───┘\n$/)
  })

  it('writes a line break once, wherever it was cut', async () => {
    const { live, written } = open(false)
    await live.take('a\r')
    await live.take('\nb')
    await live.end()
    expect(written()).toBe('a\nb\n')
  })

  it('holds nothing that drives a terminal, however it was cut', async () => {
    for (const colour of [true, false]) {
      const { live, written } = open(colour)
      for (const character of 'x\u001b]52;c;aGk=\u0007y \u009b2J \u202ez &#27;[2J\n\nend') await live.take(character)
      await live.end()
      // oxlint-disable-next-line no-control-regex -- our own colours
      const shown = written().replaceAll(/\u001b\[\d*m/g, '')
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  })

  it('shows code in a language that the highlighter does not know, without a word about it', async () => {
    const { live, written } = open(true)
    const said = vi.spyOn(console, 'error').mockReturnValue()
    await live.take('```mermaid\ngraph TD\n```\n')
    await live.end()
    expect(written()).toContain('graph TD')
    expect(said).not.toHaveBeenCalled()
    said.mockRestore()
  })

  it('shows where a link leads', async () => {
    const { live, written } = open(true)
    await live.take('[bank](http://evil.example)')
    await live.end()
    expect(written()).toContain('bank (http://evil.example)')
  })
})

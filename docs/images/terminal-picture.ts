/** Records what a command of sallyport prints in a terminal of its own, and draws it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const columns = 104

const colours: Readonly<Record<string, string>> = {
  '30': '#6e7681',
  '31': '#ff7b72',
  '32': '#7ee787',
  '33': '#e3b341',
  '34': '#79c0ff',
  '35': '#d2a8ff',
  '36': '#76e3ea',
  '90': '#6e7681',
}

interface Style {
  readonly colour: string
  readonly bold: boolean
  readonly dim: boolean
}

const plain: Style = { colour: '#e6edf3', bold: false, dim: false }

function applyCode(style: Style, code: string): Style {
  if (code === '0' || code === '') return plain
  if (code === '1') return { ...style, bold: true }
  if (code === '2') return { ...style, dim: true }
  if (code === '22') return { ...style, bold: false, dim: false }
  if (code === '39') return { ...style, colour: plain.colour }
  return code in colours ? { ...style, colour: colours[code] ?? plain.colour } : style
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What a terminal is sent by a command of sallyport, which works in a folder of its own. */
export async function recordTerminal(
  command: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-picture-'))
  const file = join(folder, 'typescript')
  const run = `stty cols ${columns} rows 60; node ${join(root, 'setup/run.mjs')} ${command}`
  const child = spawn('script', ['-qec', run, file], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, ...environment },
    stdio: 'ignore',
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${readFileSync(file, 'utf8')}`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .join('\n')
    .replace(/\nScript done on .*$/s, '')
}

/** The picture, as SVG, of a command and of what a terminal showed of it. */
export function drawTerminal(command: string, recorded: string): string {
  // Of a line that was written anew in its place, the last is what stands there.
  const lines = recorded
    .replaceAll('\r', '')
    .replaceAll(/^.*\u001B\[2K/gm, '')
    .trimEnd()
    .split('\n')
  let style = plain
  const drawn = lines.map((line, index) => {
    const spans = line.split(/\u001B\[([\d;]*)m/).map((part, position) => {
      if (position % 2 === 1) {
        style = part.split(';').reduce(applyCode, style)
        return ''
      }
      if (part === '') return ''
      const opacity = style.dim ? ' fill-opacity="0.65"' : ''
      const weight = style.bold ? ' font-weight="bold"' : ''
      return `<tspan fill="${style.colour}"${weight}${opacity}>${escapeText(part)}</tspan>`
    })
    return `<text x="20" y="${74 + index * 18}" xml:space="preserve">${spans.join('')}</text>`
  })
  const height = 74 + lines.length * 18 + 10
  const width = 40 + columns * 7.85
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${24 + index * 20}" cy="20" r="6" fill="${fill}"/>`,
    ),
    `<text x="20" y="52" fill="#7ee787">$ <tspan fill="#e6edf3">${escapeText(command)}</tspan></text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

/**
 * Makes `session.svg` from a real session: asks a question of the demo in a terminal of its own and draws what it
 * printed. `node docs/images/session.ts` after a change to what a session looks like.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const question = 'Which product categories bring the most margin?'
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

function record(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-picture-'))
  const file = join(folder, 'typescript')
  const command = `stty cols ${columns} rows 60; node ${join(root, 'setup/run.mjs')} sallyport ask "${question}"`
  execFileSync('script', ['-qec', command, file], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder },
    stdio: 'ignore',
  })
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .join('\n')
    .replace(/\nScript done on .*$/s, '')
}

function draw(recorded: string): string {
  const lines = recorded.replaceAll('\r', '').trimEnd().split('\n')
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
    `<text x="20" y="52" fill="#7ee787">$ <tspan fill="#e6edf3">sallyport ask "${question}"</tspan></text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

writeFileSync(join(import.meta.dirname, 'session.svg'), draw(record()))

/** A file's name as it may stand in Markdown: it brings no links, pictures, lines or HTML of its own, nor emphasis. */
export function nameInMarkdown(name: string): string {
  return name.replaceAll(/[[\]\\\n\r\v\f\u0085\u2028\u2029`<>!*]/g, ' ')
}

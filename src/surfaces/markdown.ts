import { nameInMarkdown } from '../text/name-in-markdown.ts'

export function imageLink(name: string, url: string): string {
  return `![${nameInMarkdown(name)}](${url})`
}

export function fileLink(name: string, url: string): string {
  return `[${nameInMarkdown(name)}](${url})`
}

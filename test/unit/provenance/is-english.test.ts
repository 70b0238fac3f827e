import { describe, expect, it } from 'vitest'
import { isEnglish } from '../../../src/provenance/is-english.ts'

describe('a text in English', () => {
  it.each([
    'Send it to Bob.',
    'Delete a.txt',
    'OK',
    'Customer Linnéa Bergström needs help with her account.',
    'What does 你好 mean in the email?',
    'Summarize the article “La vie en rose” for me.',
    '',
  ])('%s', (text) => {
    expect(isEnglish(text)).toBe(true)
  })

  it.each([
    'Lösche die Datei budget.xlsx.',
    'Bitte den Termin absagen.',
    'Supprime le fichier.',
    'Envía un correo a Ana.',
    'Apaga o ficheiro, por favor.',
    'Verwijder het bestand.',
    '请删除文件 budget.xlsx。',
    '予定をキャンセルしてください',
    'Удали файл budget.xlsx',
    'احذف الملف',
  ])('%s is none', (text) => {
    expect(isEnglish(text)).toBe(false)
  })
})

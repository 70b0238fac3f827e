import { sql, type Script } from '../script.ts'
import { unexpected } from '../tool-result.ts'

export const staffPay: Script = {
  question: 'What do we pay our staff?',
  aliases: ['staff salaries', 'what are the salaries of our staff', 'how much do we pay our employees'],
  tools: ['run_sql', 'describe_data'],
  turns: [
    () => ({
      say: 'I ask the table of salaries.',
      calls: [sql('SELECT position, avg(annual_salary_eur) AS mean_salary FROM staff_salaries GROUP BY position')],
    }),
    (seen) => {
      if (!seen.at(0).refused) throw unexpected('a refusal of staff_salaries', seen.at(0).text)
      return { say: 'That was refused. What may I use instead?', calls: [{ tool: 'describe_data', input: {} }] }
    },
  ],
  answer(seen) {
    const tables = [...seen.at(1).text.matchAll(/^(?:table|view) ([\w.]+)/gm)].map((match) => match[1] ?? '')
    return [
      'I cannot say: the SQL gate refused the query, because policy does not allow that table for your group.',
      '',
      `The tables that can be asked: ${tables.join(', ')}.`,
    ].join('\n')
  },
}

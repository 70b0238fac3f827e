import { hashOf } from './tokens.ts'

/** What a name is of that belongs to nobody. */
export type PublicKind = 'country' | 'language' | 'time' | 'product' | 'product-or-person'

const locales = ['en', 'de', 'fr', 'es']
const words = (text: string): string[] => text.trim().split(/\s+/)

/** Those that people write and no table of regions has. */
const moreCountries = [
  'USA', 'US', 'U.S.', 'UK', 'United States of America', 'America', 'Great Britain', 'Britain', 'England', 'Scotland', 'Wales', 'Northern Ireland', 'Holland', 'Czech Republic',
  'Turkey', 'Russia', 'Europe', 'Asia', 'Africa', 'South America', 'North America', 'Vereinigte Staaten von Amerika', 'Großbritannien', 'Europa', 'Afrika', 'Asien', 'Amerika',
  'Angleterre', 'Grande-Bretagne', 'Amérique', 'Afrique', 'Asie', 'Inglaterra', 'Gran Bretaña', 'Estados Unidos', 'États-Unis', 'EE.UU.',
] // prettier-ignore

/** People of a country whose language has another name. */
const moreNationalities = words(`
  American Americans Argentinian Australian Austrian Belgian Brazilian British Briton Canadian Chilean Colombian Cuban Egyptian European Indian Iranian Iraqi
  Israeli Kenyan Mexican Moroccan Nigerian Pakistani Peruvian Scottish Swiss Taiwanese Tunisian Venezuelan Asian African
  Germans Italians Russians Ukrainians Indians Canadians Australians Mexicans Brazilians Austrians Belgians Europeans
  Deutscher Deutsche Amerikaner Amerikanerin Engländer Engländerin Franzose Französin Spanier Spanierin Italiener Italienerin Österreicher Österreicherin Schweizer
  Français Française Allemand Allemande Américain Américaine Anglais Anglaise Espagnol Espagnole Italien Italienne Suisse Belge Canadien Canadienne
  Alemán Alemana Americano Americana Inglés Inglesa Francés Francesa Español Española Italiano Italiana Mexicano Mexicana Argentino Argentina`)

/** Programs, languages of programs and services that people talk about at work. */
const products = words(`
  Python Java JavaScript TypeScript Rust Go Golang Kotlin Perl Haskell Erlang Elixir Clojure Lua Fortran Cobol Prolog Lisp
  PHP SQL HTML CSS R C Matlab Bash PowerShell Postgres PostgreSQL MySQL MariaDB SQLite MongoDB Redis Oracle DuckDB Snowflake Databricks BigQuery Redshift
  Elasticsearch Kibana Grafana Prometheus Kafka Spark Hadoop Airflow Flink Hive Presto Trino Docker Kubernetes Podman Helm Terraform Ansible Puppet Chef Vagrant 
  Git GitHub GitLab Bitbucket Jira Confluence Trello Asana Notion Slack Zoom Teams Discord Figma Canva Photoshop Illustrator Word Excel PowerPoint Outlook Access
  Visio OneNote SharePoint Windows Linux Ubuntu Debian Fedora Android macOS iOS Chrome Firefox Safari Edge Opera Tableau Looker Salesforce HubSpot Zendesk Shopify
  WordPress Drupal Magento Flask Rails Laravel Spring Angular React Vue Svelte Express Node Deno Bun Numpy Pandas PyTorch TensorFlow Keras Jupyter Claude
  ChatGPT GPT Gemini Copilot Llama Mistral Qwen DeepSeek Grok Siri Cortana Bard Perplexity Midjourney Whisper Stripe PayPal Twilio Cloudflare Heroku Vercel
  Netlify Azure AWS Maven Gradle Webpack Vite Babel Selenium Cypress Playwright Postman Swagger Nginx Apache Tomcat Eclipse IntelliJ Xcode Vim Emacs Wikipedia
  YouTube Instagram Facebook Twitter LinkedIn TikTok Reddit WhatsApp Netflix Spotify Bitcoin Ethereum Bluetooth Internet`)

/** Those that more people are called than programs: what they are is said by others beside them. */
const alsoPeople = words(
  'Ruby Julia Ada Pascal Cassandra Jenkins Swift Scala Alexa Dart Crystal Jasper Django Jade Ember',
)

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')

function namesOf(type: 'region' | 'language', codes: readonly string[]): string[] {
  return locales.flatMap((locale) => {
    const names = new Intl.DisplayNames([locale], { type, fallback: 'none' })
    return codes.flatMap((code) => names.of(code) ?? [])
  })
}

function timesOf(locale: string): string[] {
  const day = (index: number) => new Date(Date.UTC(2023, index % 12, 1 + (index % 12) * 3))
  const inWords = (format: Intl.DateTimeFormatOptions, count: number, date: (index: number) => Date) =>
    Array.from({ length: count }, (_, index) =>
      new Intl.DateTimeFormat(locale, { ...format, timeZone: 'UTC' }).format(date(index)),
    )
  return [
    ...inWords({ month: 'long' }, 12, day),
    ...inWords({ weekday: 'long' }, 7, (index) => new Date(Date.UTC(2023, 0, 1 + index))),
  ]
}

const hashOfName = (name: string): number => hashOf(name.replace(/^the /i, '').replace(/\s+/g, ' '))

function made(): ReadonlyMap<number, PublicKind> {
  const kinds = new Map<number, PublicKind>()
  const add = (names: readonly string[], kind: PublicKind) => {
    for (const name of names) kinds.set(hashOfName(name), kind)
  }
  const pairs = letters.flatMap((first) => letters.map((second) => first + second))
  add(products, 'product')
  add(alsoPeople, 'product-or-person')
  add(locales.flatMap(timesOf), 'time')
  add(
    [
      ...namesOf(
        'language',
        pairs.map((pair) => pair.toLowerCase()),
      ),
      ...moreNationalities,
    ],
    'language',
  )
  add([...namesOf('region', pairs), ...moreCountries], 'country')
  return kinds
}

let kinds: ReadonlyMap<number, PublicKind> | null = null

/**
 * Whether a name is that of a country, a language or a nationality, a month or a day of the week (in English, German, French
 * and Spanish, by the tables of Unicode), or of a program; null for all others.
 */
export function publicKindOf(name: string): PublicKind | null {
  kinds ??= made()
  return kinds.get(hashOfName(name)) ?? null
}

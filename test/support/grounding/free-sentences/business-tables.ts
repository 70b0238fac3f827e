/** Results as queries over a company's data give them, made for the third and the fourth set: columns, then rows. */
const tables: Readonly<Record<string, string>> = {
  'orders by channel': `
    channel | orders | revenue_eur | refunds_eur | new_customers
    Web shop | 18422 | 1284310.40 | 61230.15 | 5210
    Mobile app | 12907 | 742118.90 | 28411.60 | 4986
    Marketplace | 9318 | 401227.75 | 39870.20 | 3377
    Phone | 1204 | 118940.00 | 2105.00 | 96
    Partners | 2560 | 366404.30 | 10992.45 | 412
    Trade fair | 187 | 51790.00 | 0.00 | 143`,
  'tickets by team and priority': `
    team | priority | opened | closed | breached | median_hours
    Billing | high | 84 | 79 | 11 | 5.5
    Billing | normal | 412 | 398 | 23 | 19.0
    Billing | low | 230 | 241 | 4 | 46.5
    Network | high | 151 | 146 | 9 | 3.2
    Network | normal | 367 | 340 | 31 | 14.8
    Network | low | 98 | 90 | 2 | 39.0
    Accounts | high | 46 | 46 | 1 | 4.1
    Accounts | normal | 529 | 517 | 18 | 16.3
    Accounts | low | 310 | 322 | 0 | 28.7
    Hardware | high | 63 | 51 | 17 | 9.6
    Hardware | normal | 188 | 170 | 29 | 33.4
    Hardware | low | 74 | 61 | 8 | 71.2`,
  'pay by department': `
    department | headcount | avg_salary | median_salary | leavers | open_positions
    Engineering | 212 | 78400 | 76100 | 19 | 14
    Sales | 148 | 61250 | 54800 | 31 | 22
    Support | 96 | 43900 | 42700 | 17 | 6
    Finance | 41 | 69800 | 66500 | 3 | 1
    Marketing | 57 | 58300 | 55900 | 8 | 4
    Operations | 173 | 47150 | 44600 | 24 | 9
    Legal | 12 | 92700 | 91000 | 0 | 1
    People | 22 | 57600 | 56200 | 2 | 0`,
  'electricity by plant in GWh': `
    plant | fuel | 2019 | 2020 | 2021 | 2022 | 2023 | 2024
    Altmark | wind | 412 | 455 | 431 | 488 | 521 | 509
    Birkenau See | solar | 88 | 97 | 101 | 134 | 163 | 190
    Donauwerk | hydro | 1204 | 1187 | 1251 | 1092 | 1230 | 1288
    Eisfeld | gas | 2310 | 1985 | 2120 | 1640 | 1415 | 1202
    Grube Nord | lignite | 5120 | 4390 | 4875 | 4940 | 3610 | 2980
    Heide | wind | 236 | 251 | 240 | 279 | 344 | 402
    Kanal | gas | 1475 | 1390 | 1402 | 1188 | 1020 | 1095`,
  'web traffic by week': `
    week | sessions | users | bounce_rate | signups | paid
    2026-W01 | 48210 | 31877 | 0.52 | 611 | 74
    2026-W02 | 52944 | 34610 | 0.49 | 702 | 88
    2026-W03 | 51302 | 33958 | 0.50 | 655 | 81
    2026-W04 | 60118 | 39221 | 0.47 | 840 | 117
    2026-W05 | 58870 | 38004 | 0.46 | 866 | 109
    2026-W06 | 71425 | 47390 | 0.55 | 904 | 98
    2026-W07 | 63007 | 40116 | 0.48 | 871 | 121
    2026-W08 | 61940 | 39870 | 0.45 | 888 | 130
    2026-W09 | 59215 | 37713 | 0.44 | 893 | 134
    2026-W10 | 64388 | 40952 | 0.43 | 961 | 151`,
  'sensors on 14 May': `
    sensor | room | readings | gaps | min_c | mean_c | max_c | humidity_pct
    T-01 | Server room | 1440 | 0 | 18.2 | 19.6 | 22.9 | 38
    T-02 | Server room | 1438 | 2 | 18.9 | 20.4 | 27.3 | 36
    T-03 | Warehouse | 1440 | 0 | 6.1 | 11.7 | 17.8 | 61
    T-04 | Warehouse | 1291 | 149 | 5.4 | 10.9 | 16.2 | 64
    T-05 | Office | 1440 | 0 | 17.0 | 21.3 | 24.6 | 44
    T-06 | Office | 1422 | 18 | 16.8 | 21.0 | 25.1 | 46
    T-07 | Cold store | 1440 | 0 | -21.4 | -19.2 | -12.5 | 72
    T-08 | Cold store | 1377 | 63 | -22.0 | -20.1 | -17.6 | 70`,
  'budget and actual 2026': `
    cost_centre | budget_keur | actual_keur | forecast_keur | owner
    1100 IT | 4200 | 3310 | 4480 | Okafor
    1200 Facilities | 1850 | 1402 | 1800 | Lindqvist
    2100 Marketing | 2600 | 2395 | 3120 | Moreau
    2200 Sales | 5100 | 3688 | 4950 | Tanaka
    3100 Research | 3900 | 2744 | 3700 | Adeyemi
    3200 Quality | 780 | 611 | 815 | Novak
    4100 Logistics | 6400 | 5120 | 6875 | Petrova`,
  'returns by month and reason': `
    month | reason | returns | value_eur
    January | wrong size | 318 | 14920.50
    January | damaged | 77 | 4110.00
    January | late | 42 | 2987.40
    February | wrong size | 295 | 13377.20
    February | damaged | 64 | 3520.80
    February | late | 88 | 6340.10
    March | wrong size | 341 | 15808.90
    March | damaged | 52 | 2796.30
    March | late | 31 | 2105.75
    April | wrong size | 377 | 17645.00
    April | damaged | 93 | 5206.60
    April | late | 26 | 1874.20`,
  'stock by warehouse': `
    warehouse | country | skus | units | value_usd | days_of_cover | damaged_units
    Rotterdam | Netherlands | 3120 | 184500 | 7921400 | 41 | 512
    Gdansk | Poland | 2244 | 97310 | 3105880 | 33 | 207
    Lyon | France | 1870 | 76940 | 4420150 | 58 | 388
    Porto | Portugal | 990 | 31205 | 1012930 | 27 | 64
    Leipzig | Germany | 2915 | 141660 | 6034710 | 36 | 720
    Brno | Czechia | 1430 | 52870 | 1689300 | 49 | 91
    Turin | Italy | 1105 | 44018 | 2377640 | 62 | 133`,
  'flights by airline in July': `
    airline | flights | cancelled | delayed | avg_delay_min | passengers | load_factor
    Nordwind | 1840 | 22 | 311 | 18.4 | 246310 | 81.2
    Aerolux | 2975 | 61 | 702 | 26.9 | 431870 | 86.4
    Skylark | 1212 | 9 | 140 | 14.1 | 139404 | 74.9
    Volare Due | 2108 | 95 | 655 | 31.7 | 318220 | 88.0
    Corsair Blue | 640 | 4 | 71 | 12.8 | 68117 | 69.3
    Meridian | 1527 | 30 | 289 | 20.5 | 205915 | 79.8`,
  'clinic visits by quarter': `
    clinic | Q1 | Q2 | Q3 | Q4 | no_shows | doctors
    Harbour Street | 4210 | 4385 | 3902 | 4620 | 1130 | 9
    Old Mill | 2875 | 2790 | 2544 | 2981 | 640 | 6
    Riverside | 5120 | 5344 | 4987 | 5602 | 1871 | 12
    St. Anne | 1640 | 1702 | 1588 | 1755 | 298 | 4
    West Park | 3388 | 3120 | 2960 | 3475 | 1022 | 7`,
  'campaigns in spring': `
    campaign | medium | spend_eur | impressions | clicks | leads | customers
    Fresh Start | search | 24500 | 1210000 | 38720 | 1162 | 140
    Spring Clean | social | 18200 | 2940000 | 26460 | 794 | 52
    Refer a Friend | email | 3100 | 185000 | 9065 | 544 | 118
    Brand Lift | video | 41000 | 5620000 | 16860 | 253 | 17
    Last Chance | email | 2400 | 160000 | 4320 | 173 | 31
    Lookalikes | social | 22750 | 2080000 | 31200 | 1092 | 96
    Competitors | search | 15600 | 430000 | 11180 | 391 | 45`,
  'loans by grade': `
    grade | loans | balance_meur | default_rate_pct | interest_rate_pct | defaulted
    A | 5210 | 148.2 | 0.9 | 3.4 | 47
    B | 7480 | 171.6 | 2.1 | 5.2 | 157
    C | 4935 | 96.4 | 4.8 | 8.1 | 237
    D | 2106 | 33.9 | 9.3 | 11.9 | 196
    E | 744 | 10.2 | 15.6 | 15.5 | 116
    F | 225 | 2.7 | 24.4 | 19.8 | 55`,
  'bike stations in June': `
    station | district | trips | avg_minutes | member_share | bikes
    Central | Mitte | 14820 | 11.2 | 0.71 | 46
    Opera | Mitte | 9435 | 14.9 | 0.58 | 30
    University | Nord | 12088 | 9.7 | 0.83 | 38
    Lakeside | Ost | 7710 | 27.4 | 0.34 | 28
    Stadium | Ost | 4126 | 18.3 | 0.49 | 24
    Depot | Nord | 2954 | 12.6 | 0.77 | 18
    Market Hall | Mitte | 8867 | 13.1 | 0.64 | 26
    Zoo | West | 6502 | 22.8 | 0.41 | 22`,
  'exports by country in thousand euros': `
    country | exports_2021 | exports_2022 | exports_2023 | exports_2024
    France | 18420 | 19905 | 21310 | 20780
    Italy | 12610 | 12980 | 11745 | 12120
    Poland | 7350 | 9240 | 11880 | 13975
    Spain | 6890 | 7015 | 7402 | 8130
    Sweden | 5220 | 5105 | 4890 | 4375
    Turkey | 2140 | 3360 | 4025 | 3910
    USA | 15975 | 18650 | 17220 | 22465`,
  'survey of employees': `
    question | answers | agree_pct | neutral_pct | disagree_pct | agree_2025_pct
    My work is meaningful | 1204 | 78 | 14 | 8 | 74
    I would recommend us | 1198 | 61 | 23 | 16 | 66
    My manager listens | 1201 | 70 | 17 | 13 | 70
    Pay is fair | 1187 | 42 | 21 | 37 | 47
    I can plan my day | 1195 | 66 | 20 | 14 | 58
    Meetings are useful | 1190 | 33 | 28 | 39 | 29`,
}

/** Columns and rows of such a table by its name, or null. */
export function businessTable(id: string): readonly (readonly string[])[] | null {
  const lines = tables[id]?.trim().split('\n') ?? null
  return lines?.map((line) => line.split('|').map((cell) => cell.trim())) ?? null
}

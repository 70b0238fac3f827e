// Sentences with places for names. `[a|b|]` is a choice, `{…}` a value; see `generator.ts` for what there is.

/** What people write to each other, to services and to programs. */
export const englishSentences: readonly string[] = `
[Hi|Hello|Hey|Good morning], my name is {full}[.| and I {verb} {noun}s for a living.| and I am writing about my {noun}.]
[Hi|Hello], I'm {given}[!|.|, nice to meet you.| from {loc}.| and I work at {org}.]
I am {full}, {job} at {org}[.| in {city}.]
My name is {full}, but everybody calls me {given}.
This is {full} [calling|writing|speaking] from {org}[.| about your {noun}.]
[Please|Could you|Can you] [call|ring|contact|reach] {person} [at|on] {phone}[.| before {time}.| tomorrow.]
[Please|Kindly] send the {noun} to {address}[.| by {weekday}.|, thank you.]
[I|We] [live|lived|used to live] [at|on] {address}[.| for {number} years.| until {date}.]
[I|We] live in {loc}[.| with my {noun}.| and work in {city}.|, near the {noun}.]
I [moved|am moving|will move] from {loc} to {loc} [in {month}|last year|next week|with my family].
My [new|old|current|home|work|billing|shipping|mailing] address is {address}[.|, please update my records.| and my phone number is {phone}.]
[Ship|Deliver|Forward|Mail] it to {full}, {address}[.|, please.]
[Ship|Deliver|Send] to: {full}, {org}, {address}
Please [bill|invoice|charge] {org}, {address}[.| for the {noun}.]
{person} [said|says|told me|thinks|believes|mentioned|explained] that the {noun} [is|was|seems] {adj}.
{person} and {person} [met|talked|argued|worked together|had lunch] in {loc} [on {date}|last {weekday}|yesterday].
{person} [works|worked|has worked] [at|for] {org} [as a {job}|since {year}|in {city}|and lives in {loc}].
[Yesterday|Today|Last week|On {weekday}|In {year}], {person} [bought|sold|lost|found|returned] a {adj} {noun} [in {loc}|at {org}|from {org}].
{org} [announced|said|reported|confirmed|denied] [on {weekday}|today|yesterday] that it [will|would] [open|close|move] its {noun} in {loc}.
{org} [was founded|was started|was established] in {year} by {full}[ in {city}|].
{org} has its headquarters in {city}[, {country}|].
{org} is [hiring|looking for] a {job} in {loc}.
The [headquarters|offices|office|warehouse|shop] of {org} [is|are] at {address}.
[I|We|They] [ordered|bought|returned] a {product} from {org} [and it never arrived|on {date}|for {amount}].
[I|She|He] [works|worked] [for|at] {org}[.| in {loc}.| since {year}.]
I have an appointment with {title} {surname} [at {time}|on {weekday}|tomorrow|at {org}].
{title} {surname} [will|can|cannot] see you [at {time}|on {date}|tomorrow].
{title} {full} [is|was] [the|our] {job} [of|at] {org}.
Dear {title} {surname},
Dear {given},\\n\\nThank you for your [letter|message|order|call] of {date}.
Dear {title} {surname},\\n\\nwe [regret|are pleased] to inform you that your {noun} [was|has been] {adj}.
Hi {given},\\n\\n[could you|can you|please] {verb} the {noun} before {weekday}?\\n\\n[Thanks|Best|Cheers|Regards|Best regards|Kind regards|Sincerely],\\n{given}
[Best regards|Kind regards|Sincerely|Yours truly|Yours sincerely|Thanks|Many thanks|Cheers|Warm regards],\\n{full}[\\n{job}|][\\n{org}|][\\n{address}|][\\n{phone}|]
[Best|Thanks|Regards|Cheers], {given}
[Regards|Sincerely],\\n\\n{full}
Name: {full}\\nAddress: {address}\\nPhone: {phone}[\\nEmail: {email}|]
Name: {full}
Full name: {full}\\nDate of birth: {date}\\nCity: {city}
[Customer|Patient|Client|Employee|Applicant|Tenant|Contact|Recipient|Sender|Passenger|Guest|Student|Beneficiary|Cardholder|Account holder]: {full}
[Customer|Patient|Client|Employee|Contact] name: {full}[, {city}|]
[Company|Employer|Organization|Vendor|Supplier|Bank|School|Hospital]: {org}
[Company|Employer]: {org}\\n[Location|City]: {city}\\n[Position|Title]: {job}
[City|Location|Place of birth|Birthplace|Hometown|Destination|Origin]: {loc}
[Country|Nationality or country|Country of residence]: {country}
[Address|Home address|Billing address|Shipping address|Street address|Mailing address|Deliver to|Ship to]: {address}
From: {full} <{email}>\\nTo: {full} <{email}>\\nSubject: {noun}
Attn: {full}
Attention: {person}, {org}
{full}\\n{address}
{full}\\n{street}\\n{city}\\n{country}
{full}\\n{org}\\n{street}\\n{city} {number}\\n{country}
{full}\\n\\n{street}\\n {city}\\n {country}\\n {number}
{address}\\n{phone}[\\n{email}|]
{full}\\n{job}\\n{org}\\n{phone}[\\n{url}|]
{given} {surname}\\n{street}\\n{city}, {country}\\n{phone}
{full}\\n{org}\\n{address}
{org}\\n{address}
{full}, {job}, {org}
{full} ({org}) [asked|wrote|replied]: could we {verb} the {noun}?
[The patient|Our patient|Patient], {full}, [is|was] [a {age}-year-old|admitted|seen|discharged] [on {date}|at {org}|by {title} {surname}].
The patient's [wife|husband|mother|father|son|daughter|brother|sister], {full}, [can be reached at {phone}|lives in {loc}|was informed].
My [wife|husband|mother|father|son|daughter|brother|sister|friend|boss|colleague|neighbor|doctor|lawyer|landlord|roommate|cousin|uncle|aunt|girlfriend|boyfriend|partner|fiancé|teacher|manager|assistant] {person} [lives in {loc}|works for {org}|is {adj}|wants to {verb} the {noun}|was born in {loc}].
[My|Our|His|Her] [boss|manager|colleague|friend|sister|lawyer|landlord|doctor], {full}, [is|was] [in {loc}|from {loc}|at {org}|very {adj}].
[Has|Did|Does|Will|Can|Should] {person} [seen|get|know|like|send|bring|answer] the {noun}?
[Where|When] does {person} live[?| now?]
[Who|What] is {full}?
[Do you know|Have you met|Have you heard of|Tell me about|What do you know about|Look up|Find|Search for] {full}?
[Tell|Ask|Remind|Email|Call|Text|Thank|Invite|Help] {person} [about the {noun}|to {verb} the {noun}|that I am late|on {phone}].
[Book|Reserve|Find] [a flight|a train|a hotel|me a table|tickets] [from {city} to {city}|in {loc}|to {loc}] [for {date}|for {number} people|on {weekday}].
[What is|How is] the weather [like |]in {loc}[?| today?| this weekend?]
[How far|How long] is it from {loc} to {loc}?
[Flights|Trains|Buses] [from|to] {city} [are|were] [late|cancelled|full] [because of|due to] the {noun}.
The [flight|train|bus|ferry] from {city} to {city} [leaves|left] at {time}.
{loc} [is|was] [known|famous] for its {adj} {noun}s.
{loc} is [a|the] [city|town|village|country|state|region] [in|near|north of|south of] {loc}.
The [mayor|population|capital|people|government|weather|police] of {loc} [is|was|has been] {adj}.
[She|He|They|We] [grew up|was raised|studied|stayed|worked|retired] in {loc}[.|, {country}.| and moved to {loc}.]
[She|He] was born [on {date} |]in {loc}[.|, {country}.] [to {full} and {full}|].
[I|He|She] graduated from {org} in {year}[.| with a degree in {noun}.]
[I|He|She|They] studied [law|medicine|economics|history] at {org}[.| and later joined {org}.]
[Before|After] [joining|leaving] {org}, {person} [worked|was] [at|with] {org}[ in {city}|].
{full}, {age}, [of|from] {loc}, [was|has been] [arrested|elected|appointed|injured|honored] [on {weekday}|last night].
{full} (born {date}) is [a|an] [{adj} |]{job}[ from {loc}|].
{full} [joined|left|founded|sued|manages|leads|owns] {org} [in {year}|last month|together with {full}].
{full}, [the |]{job} [of|at] {org}, [said|announced|resigned] [on {weekday}|yesterday].
[According to|Thanks to|Because of] {person}, the {noun} [is|was] {adj}.
[The contract|This agreement|The lease] is [made|entered into] [on {date} |]between {org} ("[Seller|Company|Landlord|Licensor]") and {full} ("[Buyer|Employee|Tenant|Licensee]").
[The plaintiff|The defendant|The witness|The applicant], {full}, [residing at {address}|of {loc}|represented by {org}|], [testified|denied|stated] that the {noun} was {adj}.
[Transfer|Wire|Send|Pay] {amount} to {person}[.|'s account at {org}.|, IBAN {iban}.|, {address}.]
[The account|Account {number}] belongs to {full}[.| of {address}.| and was opened at {org}.]
[My|The] credit card {card} [was|is] issued [to|for] {full}[.| by {org}.]
[My|The] card was [stolen|charged] in {loc} [on {date}|yesterday].
[Update|Change|Correct] the [shipping |billing |]address [for|of] {full} to {address}.
[Their|Our|The] [store|branch|clinic|restaurant] [is|in] {loc} [is|was] [closed|open] [on {weekday}|until {time}].
[We|They] met at {street}[.|, close to the {noun}.| at {time}.]
[Turn|Go] [left|right] [onto|at] {street}.
[The accident|The fire|The meeting|The event] [happened|took place] [at|near] {address} [on {date}|at {time}].
[Come|Drop by] to {address} at {time}.
[The package|My parcel|The letter|Order {number}] was [delivered|sent|shipped] to {address}[.| instead of {address}.]
[I am|We are] [staying|living] at {address}[.| until {date}.]
Can I [change|update] my address from {address} to {address}?
[Is there|Are there] [a|any] [{noun}|bank|pharmacy|hotel] [near|around|close to] {address}?
Where is the [closest|nearest] [{noun}|branch|office] to {address}?
{person}: [hi|hello|ok|yes|no|thanks|see you {weekday}]\\n{person}: [great|when|sure], {person}
{given}, [can|could|would] you [please |]{verb} the {noun}?
[Thanks|Thank you|Sorry|Congratulations|Welcome|Happy birthday|Good job|Hello|Goodbye], {given}[!|.]
[Thanks|Thank you] to {person} [and {person} |]for the {noun}.
[I'd|I would] like to thank {full} [of|from|at] {org}.
[It|The {noun}] was {person}'s [idea|{noun}|fault|turn].
{person}'s {noun} [is|was] [on|in|at] {loc}.
{person}'s [phone|number|email] is {phone}.
{person}'s email [address |]is {email}[.| and the phone is {phone}.]
[Write|Send an email] to {email}[ or call {person}|, attention {person}|].
[I|We] spoke [with|to] {person} [at|from|of] {org} [on {date}|about the {noun}|yesterday].
[In|During] {month}, {person} [visited|travelled to|flew to] {loc}[, {loc} and {loc}|].
[We|The team] [visited|played in|won in] {loc}, {loc} and {loc}.
[Participants|Attendees|Present|Authors|Members]: {full}, {full}, {full}[ and {full}|]
[Customers|Clients|Partners] include {org}, {org} and {org}.
[Both|Neither] {person} [and|nor] {person} [likes|want] the {noun}.
[Meeting|Minutes] [with|of] {full}, {date}
[Emergency contact|Next of kin|Guardian|Reference]: {full}, {phone}
[Passport|License|Ticket|Policy] [number |no. |]{id} [was |]issued to {full} in {loc}.
Social security number of {full}: {ssn}
Please [verify|confirm] that {full}, born {date}, [lives at|resides at] {address}.
[The rent|Rent] for {address} is {amount} a month.
[The house|The apartment|The property|Our office] at {address} [is|was] [sold|rented|built] [in {year}|for {amount}|by {org}].
[I|We] [have|had] a problem with the {noun} at {org} [in|on] {loc}.
[Shares|Stock|Profits] of {org} [rose|fell] {number} percent [on {weekday}|in {month}|after the {noun}].
{org} and {org} [agreed|plan|refused] to [merge|cooperate|{verb} the {noun}].
{org} [acquired|bought|sued|hired|fired] {org|person} [for {amount}|in {year}|last week].
[The CEO|The president|The spokesman|A spokeswoman|The director|The founder|An employee] of {org}[, {full},|] [resigned|declined to comment|said the {noun} was {adj}].
[My|The|Our] account [at|with] {org} [was|has been] [closed|blocked|charged {amount}].
[I|We] fly {org} [to|from] {loc}.
[Is|Was] {org} [a good company|{adj}|closed|still hiring]?
[Log in|Sign up] [to|at] {org} [with|using] {email}.
[My son|My daughter|The child] goes to {org}.
[He|She] plays for {org}[.| and comes from {loc}.]
[The|A] [study|report|survey] by {org} [found|shows] that {noun}s are {adj}.
{full} et al. [showed|found] that the {noun} is {adj}.
Translate [this|the following]: "{person} lives in {loc}."
Write [a letter|an email|a poem|a complaint|a reference|a cover letter] [to|for|about] {person}[.| from {org}.| at {org}.| in {loc}.]
Summarize the [meeting|call|conversation] between {person} and {person}.
[Draft|Write] a [reply|response] to {person}, who [complained|asked] about the {noun}.
[The following|This] was written by {full} on {date}.
[Sent|Signed|Posted|Approved|Written|Reviewed|Reported|Prepared|Created] by {full}[ on {date}|, {org}|]
[I|We] hereby authorize {full} to {verb} the {noun} [on my behalf|at {org}].
[God bless you|See you soon|Talk later|Take care|Love], {given}
p.s. [say hi to|tell] {person} [from me|I miss them].
i'm {full|lower} and i need help with my {noun}
my name is {full|lower}[, i live in {city|lower}|]
call {given|lower} at {phone}
{full|lower} lives at {address|lower}
[Mr|Mrs|Ms] {surname} [ate|saw|drove|left|arrived|called|paid] [the {noun}|at {time}|early].
The {surname} family [lives|moved] [in|to] {loc}.
[The {surname}s|{given} and {given} {surname}] are coming [on {weekday}|to {loc}].
[President|Senator|Governor|Judge|Professor|Captain|Officer|Detective|King|Queen|Pope|Coach|Chancellor|Minister] {surname} [spoke|arrived|said] [in {loc}|on {weekday}|that the {noun} is {adj}].
{full} - {job}
{full} | {job} | {org}
* {full}, {org}
- {full} ({city})
1. {full}, {city}
Q: Who [lives|works] [at|in] {loc}? A: {full}.
[Driver|Doctor|Agent|Teacher|Nurse|Lawyer] {full} [took|gave|saw] the {noun}.
[Meet|Introducing] {full}, our new {job}[!|.] {given} [joins|comes to] us from {org}[ in {city}|].
{given} [loves|enjoys|hates] {noun}s and [lives in {loc}|works at {org}|is a {job}].
{given} {verb}s [every day|at home|a lot], [says|according to] {given}.
"[Yes|No|Well|Of course]," said {person}[.|, "the {noun} is {adj}."]
"I [like|want|need] the {noun}," {person} [said|replied|whispered|shouted].
{person} [smiled|nodded|laughed|left|sighed|shrugged|waited].
[When|As|While|Because|If|After|Before] {person} [arrived|left|called|spoke], the {noun} was {adj}.
[We|I] [miss|love|saw|know|hate|trust|remember] {person}[.|, too.| very much.]
[The lawyer|The accountant|The nurse] [for|of] {person} is {full}.
[His|Her|Their] name is {person}[.| and the {noun} is {adj}.]
[A man|A woman|Someone|A customer] [named|called] {person} [called|came in|asked for you] [at {time}|today].
[Go|Travel|Fly|Drive|Move|Return] to {loc}[.| with {person}.| in {month}.]
[In|Near|Around|Outside|Across] {loc}, [people|houses|prices|{noun}s] are {adj}.
{city}, {country}
{city}, {state}
I'm [in|from|near] {city}, {country}[.| at the moment.]
[We|They] [have|opened] [branches|stores|offices] in {city}, {city} and {city}.
[The {noun}|A {noun}] [made in|from|imported from] {country} [is|was] {adj}.
[Visa|Tax|Customs] rules [for|in] {country} [changed|are {adj}].
[The embassy|The consulate] of {country} in {city}
{city} - {city}: {amount}
[I want|I'd like] to [increase|raise|check] [the limit on |]my card {card}, [my name is|I'm] {full}.
[Someone|A person] using the name {full} [tried|called] to {verb} my {noun}.
Contact {org} at {phone}[ or {email}|].
[Visit|See|Call|Try|Ask] {org} [at|in] {address|loc}.
{org}, {address}[, {phone}|]
{org} ([{city}|{country}])
The {org} [building|office|branch|account|website|team|app|store] [is|was] [{adj}|down|in {loc}|closed].
{full}\\n{street}\\n{city}[\\n{country}|]
[Please find|You will find] us at {street} in {city}.
[She|He] lives at {street}, {city}, {country}.
[He|She] [lived|died|was buried] in {city}[, {state}|, {country}|] [in {year}|on {date}].
[Can|Could] {given} or {given} [help|join|drive]?
[Neither|Only|Even|Maybe|Perhaps|Surely] {given} [knows|came|asked].
[Also|Then|Later|Finally|However], {person} [moved|went] to {loc}.
With {given} [gone|away|here], {given} [felt|was] {adj}.
Dear {given}, [thank you|thanks|many thanks] for [the {noun}|your {noun}|the {adj} {noun}][.| of {date}.| from {loc}.]
[Dear|Hi|Hello|Hey|Good morning|Good evening] {given}[, |! |. ][how are you?|I hope you are well.|can you {verb} the {noun}?|the {noun} is {adj}.|we {verb} the {noun} [on {weekday}|tomorrow].]
[Dear|Hello] {title} {surname}, [I hope|we know|please note] that the {noun} is {adj}.
{given} [is|was|will be] [late|sick|ill|away|here|at home|on vacation|in a meeting|out of office|ready|busy|right|wrong|{adj}][.| today.| until {weekday}.| and cannot {verb}.]
{given} [called|wrote|left|came|asked|agreed|laughed|knows|says hello|paid|won|lost][.| again.| today.| last {weekday}.| about the {noun}.]
[Give|Send|Show|Bring|Lend|Hand|Offer|Mail|Forward|Teach|Read|Pay] {person} [the|a|my|your|this] {noun}[.| please.| on {weekday}.| before {time}.]
[Call|Ring|Phone|Text|Email|Message|Visit|Meet|Invite|Help|Thank|Remind|Warn|Pay|Hire|Page|Ask|Tell|Contact|Notify|Inform|Join|Follow] {given} [and {given} |][tomorrow|today|now|again|later|first|at {time}|on {weekday}|next week|please][.|, please.|!]
[Call|Phone|Email|Contact|Ask|Thank|Introduce|Quote|Compare|Congratulate|Welcome] {full} [at|from|of] {org}[.| in {city}.| about the {noun}.]
[Compare|Introduce|Connect] {person} [and|to|with] {person}.
[Send|Forward|Give|Hand|Show|Write|Return|Explain|Assign|Grant] [it|this|that|the {noun}|a {noun}|access] to {person}[.| today.| and {person}.| before {weekday}.]
[Review|Check|Update|Delete|Cancel|Change|Print|Open|Read|Sign|Approve|Find|Summarize|Translate] {person}'s {adj} {noun}[.| and {noun}.|, please.]
[I|We|She|He|They] [met|saw|told|asked|called|thanked|know|like|hired|married|miss|love|heard|trust|paid] {person}[.| yesterday.| about the {noun}.| in {loc}.| and {person}.]
[When|If|Because|Since|After|While|Although|Once|Unless|Before] {person} [comes|calls|leaves|is {adj}|answers|signs the {noun}], [please |]{verb} the {noun}.
[The|Our|This] {noun} [is|was] [for|from|by|with|about] {person}[.| and {person}.|, not {person}.]
[Did|Is|Was|Does|Has|Can|Will] {given} [here|late|well|{adj}|come|call|answer|left|arrived]?
{given} and {given} [are|were] [late|married|friends|here|away|{adj}].
[I am|I'm|This is|It's|Here is] {given}[.|, your {job}.| from {org}.| again.]
`
  .trim()
  .split('\n')

/** Sentences without names: capital letters all the same. */
export const englishPlain: readonly string[] = `
[The|A|This|Each|Every|Any|No|Our|Your|Their|My] {noun} [is|was|will be|should be|has been] {adj}[.|, and the {noun} is not.| because of the {noun}.]
[Please|Kindly] {verb} the {noun} [before|after|during] the {noun}.
[What|How|Why|When|Where] [is|are|was|does] the {adj} {noun}[?| in {capital}?]
[I|We|You|They] [need|want|have|like] [a|the|some] {adj} {noun}[.| for {weekday}.| by {month}.]
{capital} [is|was|supports|requires|provides|returns|has] [a|the|an] {adj} {noun}[.|, while {capital} does not.]
[Use|Install|See|Try|Run|Open|Read|Check] {capital} [to|and] {verb} the {noun}[.| in {capital}.]
[In|With|From|Since|Before] {capital}[, |] the {noun} [is|was] {adj}.
{capital} {capital}
{capital} and {capital}
{capital}: {noun}
{capital}
"{capital}"
'{capital}'
# {capital}
## {capital} {capital}
{Noun}
{Noun} {Noun}
"{Noun}"
{Adj} {Noun}
{Adj} {noun}
{Verb} {Noun}
{Verb} the {noun}
The {Adj} {Noun}
{Noun} of the {Noun}
How to {Verb} {Noun}s
- {Verb} the {noun}
- {capital}
* {Noun} {noun}
{Noun}: {number}
{Noun}, {noun} and {noun}
Total {Noun}: {amount}
{month} {year}
[On|Until|By|Before] {weekday}, {date}, the {noun} [was|is] {adj}.
[We|They] [read|watched|bought] "{book}" [yesterday|last year|on {weekday}].
[My favorite|The best] [book|song|film] is {book|song}.
[She|He] is [a|an|the] {job}[.| and likes {noun}s.]
[He|She] speaks [English|French|German|Arabic|Hindi|Chinese] and [Spanish|Russian|Italian].
[The American|A French|The Chinese|An Indian|A German] {noun} [is|was] {adj}.
[I|We] ordered a {product}[ on {date}|, it was {adj}|].
The price of the {product} is {amount}.
[Your|My] [order|invoice|ticket|case] [number |no. |]{id} [is|was] {adj}.
[My|The] phone number is {phone}[.| and my email is {email}.]
[Call|Ring] me [at|on] {phone} [at {time}|on {weekday}].
[Pay|Charge] {amount} [with|to] card {card}.
[The password|The token|The id] is {id}.
Version {number}.{number} of {capital} [was released|came out] in {month} {year}.
{capital} [Error|Exception|Warning]: the {noun} is {adj}
[Returns|Gets|Sets|Creates|Deletes|Updates|Checks|Throws] [the|a] {noun} [of|for|from] the {capital}.
[Note|Warning|Important|Tip|Example]: {verb} the {noun} before you {verb} the {noun}.
[Dear customer|Dear Sir or Madam|Dear all|Hi everyone|Hello team|To whom it may concern|Dear colleagues|Hi there],
[Best regards|Kind regards|Sincerely|Thanks|Cheers],
[The CEO|The Board|The Vice President|The Managing Director|Human Resources|Customer Service|The Marketing Department] [will|did] {verb} the {noun}.
[Mom|Dad|Grandma|My uncle|The doctor|The teacher|The manager] [said|says] [hello|no|yes|that it is {adj}].
[Christmas|Easter|Thanksgiving|Ramadan] is in {month}.
[We|They] [work|met] [in the|at the] {noun} [Department|Center|Room|Building].
{Noun} {Noun} {Noun}
{Noun} {noun} {noun} {number}
[Q{digit}|FY{year}] {Noun} Report
{url}
{capital} {number}
{capital} v{number}.{number}.{number}
- [x] {Verb} {noun}s in {capital} ({id})
{Noun} [added|removed|changed|fixed] by default in {capital}.
[Fixed|Added|Removed|Changed|Improved|Updated] {noun} [of|in|for] {capital}[.| ({id})]
Permission is [hereby |]granted, free of charge, to {verb} the {noun} without {noun}.
THE {NOUN} IS PROVIDED "AS IS", WITHOUT {NOUN} OF ANY KIND.
{NOUN} {NOUN}
{NOUN}: {noun}
See [Section|Chapter|Figure|Table|Appendix|Part] {number} [of|in] the {Noun} {Noun}.
[Write|Give|Show|Make|Explain|Describe|Translate|Summarize|List] [me |]the {adj} {noun}[.| in English.| as JSON.| in {capital}.]
[Hello|Hi|Thanks|Thank you|Okay|Great|Yes|No|Sure|Sorry]! [The|Your] {noun} is {adj}.
[Could|Can|Would] you {verb} [a|the] {noun} [for me |]in {capital}?
If {capital} is {adj}, {verb} {capital} or {capital} instead.
{Verb}ing {noun}s [is|was] {adj}, [but|and|so] {noun}s are not.
[First|Second|Third|Next|Then|Finally|However|Also|Moreover|Therefore], {verb} the {noun}.
[Monday|Tuesday|Friday|Saturday] [morning|night|afternoon] [is|was] {adj}.
{Adj} {noun}s {verb} {adj} {noun}s.
[Compare|Explain|Install|Use|Learn|Try|Update|Debug|Refactor|Review|Fix|Test|Deploy|Configure|Describe|Prefer|Avoid] {capital} [and|with|or|in|on|for] [{capital}|the {noun}|me|my {noun}][.| first.|, please.]
[Is|Was|Are] {capital} [better|faster|older|cheaper] than {capital}[?| or {capital}?]
[Write|Create|Generate|Make] [me |]a {capital} [script|program|query|function|sheet|page] that {verb}s the {noun}.
[Translate|Convert|Migrate|Move|Port] [this|it|the {noun}|my {noun}] from {capital} to {capital}[.| by {weekday}.]
[Give|Show|Tell|Send|Bring] [me|us|them|everybody|the team] the {noun}[.| and the {noun}.| in {capital}.]
[What is|How does|Why is|When was] {capital} [{adj}|used|work|made][?| for {noun}s?]
{Verb} {capital} {noun}s[.| in {capital}.]
[Dear|Hi|Hello] [customer|all|team|everyone|colleagues|friends|reader|there|neighbors|parents], [thank you for|we {verb}|please {verb}] the {noun}.
`
  .trim()
  .split('\n')

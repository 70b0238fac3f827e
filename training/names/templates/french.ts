/** As `english.ts`, in French. */
export const frenchSentences: readonly string[] = `
[Bonjour|Salut|Bonsoir], je m'appelle {full}[.| et j'habite à {city}.| et je travaille chez {org}.]
[Bonjour|Bonsoir], je suis {full}[, de la société {org}|], [je vous appelle au sujet de|j'ai une question sur] {noun}.
Mon nom est {full}[.| et mon numéro est le {phone}.]
Ici {full}, [de|chez] {org}.
[Cher|Chère] [Monsieur|Madame] {surname},
[Monsieur|Madame] {surname},\\n\\n[nous avons bien reçu|je vous remercie de] votre {noun} du {date}.
[Cher|Chère|Salut|Coucou|Bonjour] {given},\\n\\n[peux-tu|pourrais-tu] [envoyer|revoir|préparer] le {noun} [avant {weekday}|demain] ?\\n\\n[Merci|Amitiés|Bises|À bientôt],\\n{given}
[Cordialement|Bien à vous|Sincères salutations|Bien cordialement|Salutations distinguées],\\n[\\n|]{full}[\\n{org}|][\\n{address}|]
[Veuillez|Merci de|Pouvez-vous] [appeler|contacter|rappeler] {title} {surname} au {phone}.
[Veuillez|Merci d'] envoyer le {noun} à {full}, {address}.
Mon adresse est [le |]{address}[.| et mon téléphone le {phone}.]
[J'habite|Nous habitons|Il habite|Elle vit] [au|à|à l'adresse] {address}.
[J'habite|Nous vivons|Elle travaille|Il est né|Je vais] à {city}[.|, en {country}.|, {country}.]
[Je déménage|Nous partons] de {city} à {city} [en {month}|le {date}].
[Adresse|Adresse de livraison|Adresse de facturation|Domicile] : {address}
[Nom|Client|Cliente|Patient|Patiente|Contact|Destinataire|Expéditeur|Titulaire|Locataire] : {full}
[Société|Employeur|Entreprise|Banque] : {org}
[Ville|Lieu de naissance|Lieu] : {city}
Nom : {full}\\nAdresse : {address}\\nTéléphone : {phone}
{full}\\n{street}\\n{number} {city}
{full}, {address}
[M.|Mme|Monsieur|Madame] {surname} [a appelé|arrivera|souhaite vous voir|est absent] [hier|demain|à {time}|{weekday}].
[M.|Mme|Me|Dr] {full}, [demeurant|né le {date} à|domicilié] {address|city}, [a déclaré|conteste] le {noun}.
[Hier|Aujourd'hui|En {month}|{Weekday}], {person} a [rencontré|vu|appelé] {person} à {city}.
{person} [a dit|pense|explique|affirme|m'a écrit] que le {noun} est {adj}.
{person} et {person} [sont allés|travaillent|se sont vus] [à|chez] {city|org}.
{person} [travaille|travaillait] [chez|pour] {org}[ à {city}| comme {job}|].
{person} [vient de|habite à|vit à|est parti pour] {city}.
[La société|L'entreprise|Le groupe] {org} [a son siège à|ouvre un bureau à|quitte] {city}.
{org} a [annoncé|confirmé|démenti] {weekday} que le {noun} [sera|était] {adj}.
[Le maire|La ville|La police|La météo|L'aéroport] de {city} [est|était|a annoncé] [{adj}|le {noun}].
[Le train|Le vol|Le bus] de {city} à {city} [est en retard|est annulé|part à {time}].
[Mon|Notre] [frère|chef|voisin|médecin|ami|collègue|mari|père|fils] {person} [habite à {city}|travaille chez {org}|est {adj}].
[Ma|Notre] [sœur|voisine|collègue|femme|mère|fille|directrice], {full}, [habite à {city}|travaille chez {org}|est {adj}].
[Le contrat|Le bail|L'accord] est conclu entre {org} et {full}.
[Virez|Payez] {amount} à {full}, IBAN {iban}.
[Le compte|La carte|La facture] [appartient à|est au nom de] {full}.
Le patient {full}, né le {date}, [a été vu|est suivi] par le Dr {surname}[ à {org}|].
[Rendez-vous|Réunion] avec {full} [le {date}|à {time}|chez {org}]
[Connaissez-vous|Qui est|Cherchez] {full} ?
[Merci|Bonjour|Désolé|Bravo|Félicitations], {given} [!|.]
{given}, [peux-tu|as-tu] [vu|fini|envoyé] le {noun} ?
{given} [arrive|dort|attend|rit|aime le {noun}|est malade].
{full}, {age} ans, [de|originaire de] {city}, a été [arrêté|élu|blessé|nommé].
[Participants|Présents|Auteurs] : {full}, {full} et {full}
[Le bureau|L'agence|Le magasin|Le cabinet] [se trouve|est situé] [au|à] {address}.
[Rendez-vous|On se voit] au {street} à {time}.
[L'appartement|La maison] du {address} [coûte|a été vendu] {amount}.
[Écris|Rédige] [une lettre|un courriel|une plainte] à {person|org}.
[Elle|Il] a étudié à {org}[.| avant de rejoindre {org}.]
{org}, {address}
{org}\\n{address}
[Le président|La ministre|Le juge|Le professeur] {surname} [a déclaré|s'est rendu] [à {city}|{weekday}].
[Signé|Rédigé par|Vu par] [:|] {full}
À {city}, [le {noun}|les prix] [est|sont] {adj}.
Fait à {city}, le {date}
Je pars [le {date} |]pour {loc}[ avec {person}|].
Le {noun} de {person} est {adj}.
`
  .trim()
  .split('\n')

export const frenchPlain: readonly string[] = `
[Le|Un|Ce|Mon|Votre|Chaque] {noun} [est|était|sera|reste] {adj}[.|, mais le {noun} ne l'est pas.| à cause du {noun}.]
[Veuillez|Il faut|On peut] {verb} le {noun} [avant|après|avec] le {noun}.
[Que|Comment|Pourquoi|Où] est le {noun} ?
[Je|Nous|Ils] [voudrais|avons besoin d'|ont] un {noun} {adj}.
{Noun} et {noun}
{Noun} : {number}
[Madame, Monsieur|Bonjour à tous|Cher client|Chers collègues],
[Cordialement|Merci d'avance|À bientôt|Bonne journée]
[Le directeur|La direction|Le service client|Le Conseil|Le gouvernement] va {verb} le {noun}.
Avec {capital}, {verb} le {noun} dans {capital}.
[À Noël|En janvier|Lundi matin|À Pâques], le {noun} est {adj}.
[Il|Elle] parle [français|anglais|arabe] et [allemand|espagnol].
Mon numéro [de client|de commande|de dossier] est le {id}.
Le prix est de {amount}.
Les Conditions Générales [de Vente|d'Utilisation] sont sur {url}.
[Joyeux Noël|Bon anniversaire|Bonne année|Bon courage] !
`
  .trim()
  .split('\n')

/** As `english.ts`, in Spanish. */
export const spanishSentences: readonly string[] = `
[Hola|Buenos días|Buenas tardes], me llamo {full}[.| y vivo en {loc}.| y trabajo en {org}.]
[Hola|Buenas], soy {full}[, de {org}|], [llamo por|tengo una pregunta sobre] el {noun}.
Mi nombre es {full}[.| y mi teléfono es el {phone}.]
Le habla {full}, de {org}.
[Estimado|Querido|Apreciado] [señor|Sr.] {surname}:
[Estimada|Querida] [señora|Sra.] {surname}:\\n\\n[le agradecemos|hemos recibido] su {noun} del {date}.
[Hola|Querido|Querida] {given}:\\n\\n[¿puedes|¿podrías] [enviar|revisar] el {noun} [antes del {weekday}|mañana]?\\n\\n[Gracias|Un saludo|Un abrazo|Saludos],\\n{given}
[Atentamente|Saludos cordiales|Un cordial saludo|Saludos|Reciba un saludo],\\n[\\n|]{full}[\\n{org}|][\\n{address}|]
[Por favor, llame|Puede llamar|Contacte] a {title} {surname} al {phone}.
[Envíe|Mande|Entregue] el {noun} a {full}, {address}.
Mi dirección es {address}[.| y mi número el {phone}.]
[Vivo|Vivimos|Vive|Reside] en {address}.
[Vivo|Vivimos|Trabaja|Nació|Estoy] en {loc}[.|, {country}.| desde {year}.]
[Me mudo|Nos mudamos] de {city} a {city} [en {month}|el {date}].
[Dirección|Domicilio|Dirección de envío|Dirección de facturación]: {address}
[Nombre|Cliente|Paciente|Contacto|Destinatario|Remitente|Titular|Inquilino|Nombre completo]: {full}
[Empresa|Empleador|Banco|Compañía]: {org}
[Ciudad|Lugar de nacimiento|Localidad]: {city}
Nombre: {full}\\nDirección: {address}\\nTeléfono: {phone}
{full}\\n{street}\\n{number} {city}
{full}, {address}
[El señor|La señora|El Sr.|La Sra.|Don|Doña|El doctor] {surname} [llamó|llegará|quiere verle|no está] [ayer|mañana|a las {time}|el {weekday}].
[D.|Dña.|Don|Doña] {full}, [con domicilio en|nacido el {date} en|vecino de] {address|city}, [declaró|solicita] el {noun}.
[Ayer|Hoy|En {month}|El {weekday}], {person} [vio|llamó a|visitó a] {person} en {loc}.
{person} [dijo|cree|explicó|afirma|me escribió] que el {noun} [es|está|era] {adj}.
{person} y {person} [fueron|trabajan|se vieron] [a|en] {loc|org}.
{person} [trabaja|trabajaba] [en|para] {org}[ en {city}| como {job}|].
{person} [es de|vive en|viene de|viajó a] {loc}.
[La empresa|La compañía|El grupo] {org} [tiene su sede en|abre una oficina en|deja] {city}.
{org} [anunció|confirmó|negó] el {weekday} que el {noun} [será|era] {adj}.
[El alcalde|La ciudad|La policía|El tiempo|El aeropuerto] de {city} [es|está|anunció] [{adj}|el {noun}].
[El tren|El vuelo|El autobús] de {city} a {city} [llega tarde|sale a las {time}|está cancelado].
[Mi|Nuestro|Su] [hermano|jefe|vecino|médico|amigo|marido|padre|hijo|abogado] {person} [vive en {loc}|trabaja en {org}|es {adj}].
[Mi|Nuestra|Su] [hermana|vecina|mujer|madre|hija|jefa], {full}, [vive en {loc}|trabaja en {org}|es {adj}].
[El contrato|El acuerdo] se firma entre {org} y {full}.
[Transfiera|Pague] {amount} a {full}, IBAN {iban}.
[La cuenta|La tarjeta|La factura] [pertenece a|está a nombre de] {full}.
El paciente {full}, nacido el {date}, [fue atendido|será visto] por el Dr. {surname}[ en el {org}|].
[Cita|Reunión] con {full} [el {date}|a las {time}|en {org}]
[¿Conoce a|¿Quién es|Busque a] {full}?
[Gracias|Hola|Perdón|Felicidades|Enhorabuena], {given}[!|.]
{given}, ¿[puedes|has visto|tienes] el {noun}?
{given} [llega|duerme|espera|ríe|quiere el {noun}|está enfermo].
{full}, de {age} años[ y vecino de {city}|], [fue detenido|fue elegido|resultó herido].
[Asistentes|Presentes|Autores]: {full}, {full} y {full}
[La oficina|La tienda|La sucursal|La consulta] está en {address}.
[Quedamos|Nos vemos] en {street} a las {time}.
[El piso|La casa] de {address} [cuesta|se vendió por] {amount}.
[Escribe|Redacta] [una carta|un correo|una queja] a {person|org}.
[Estudió|Estudia] en la {org}[.| y luego entró en {org}.]
{org}, {address}
{org}\\n{address}
[El presidente|La ministra|El juez|La profesora|El alcalde] {surname} [dijo|viajó] [a {loc}|el {weekday}].
[Firmado|Fdo.|Redactado por][:|] {full}
En {loc}, [el {noun}|los precios] [es|son] {adj}.
En {city}, a {date}
Vuelo [el {date} |]a {loc}[ con {person}|].
El {noun} de {person} es {adj}.
`
  .trim()
  .split('\n')

export const spanishPlain: readonly string[] = `
[El|Un|Este|Mi|Su|Cada] {noun} [es|está|era|será] {adj}[.|, pero el {noun} no.| por el {noun}.]
[Por favor|Primero|Luego|Después], {verb} el {noun} [antes|después|con] el {noun}.
¿[Qué|Cómo|Por qué|Dónde] [es|está] el {noun}?
[Quiero|Necesitamos|Tienen] un {noun} {adj}.
{Noun} y {noun}
{Noun}: {number}
[Estimado cliente|A quien corresponda|Hola a todos|Estimados señores]:
[Atentamente|Gracias de antemano|Hasta pronto|Buenos días]
[El director|La dirección|El servicio al cliente|El Gobierno|El Consejo] va a {verb} el {noun}.
Con {capital}, {verb} el {noun} en {capital}.
[En Navidad|En enero|El lunes|En Semana Santa], el {noun} es {adj}.
[Él|Ella] habla [español|inglés|árabe] y [francés|alemán].
Mi número de [cliente|pedido|caso] es {id}.
El precio es de {amount}.
Los Términos y Condiciones están en {url}.
¡[Feliz Navidad|Feliz cumpleaños|Buen viaje|Mucha suerte]!
`
  .trim()
  .split('\n')

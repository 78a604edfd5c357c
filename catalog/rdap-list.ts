// Who keeps the list of RDAP servers that catalog/rdap-bootstrap.json is an excerpt of. It is fetched where the map asks for it.

export const RDAP_LIST = {
  url: 'https://data.iana.org/rdap/dns.json',
  source: 'https://www.rfc-editor.org/rfc/rfc9224',
  checkedOn: 'never',
} as const;

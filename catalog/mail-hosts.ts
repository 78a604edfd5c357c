// Whose mail servers these are, by the end of their names. For drafting a map only: nothing is judged by it.

/** Ends of the names in MX records, by who runs them. From memory of the vendors' set-up pages; checked: never. */
export const MAIL_HOSTS: Readonly<Record<string, readonly string[]>> = {
  Google: ['.google.com', '.googlemail.com'],
  'Microsoft 365': ['.mail.protection.outlook.com', '.mx.microsoft'],
  'Cloudflare Email Routing': ['.mx.cloudflare.net'],
  'Amazon SES': ['.amazonaws.com'],
  Fastmail: ['.messagingengine.com'],
  Proton: ['.protonmail.ch'],
  iCloud: ['.mail.icloud.com'],
  Zoho: ['.zoho.com', '.zoho.eu'],
  Migadu: ['.migadu.com'],
  'mailbox.org': ['.mailbox.org'],
};

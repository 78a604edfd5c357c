// Takes the secrets of a measurement out of what is told of it: a peer may well repeat what it was sent.
import { inForm } from '../exporters/http/fields.ts';
import { readSecret, SecretError, SecretReference } from '../exporters/secret.ts';

/** What replaces each form a secret of these settings is sent in. One that cannot be read was not sent. */
export async function maskFor(settings: unknown): Promise<(text: string) => string> {
  const forms = (await formsIn(settings, '')).filter((form) => form !== '').sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}

/** `user`: of the settings around, whose name basic authentication joins to the password; for tokens, the client's. */
async function formsIn(value: unknown, user: string): Promise<string[]> {
  if (typeof value !== 'object' || value === null) return [];
  const reference = SecretReference.safeParse(value);
  if (reference.success) return formsOf(await secretOf(reference.data), user);
  const named = 'user' in value ? value.user : 'clientId' in value ? value.clientId : user;
  const own = typeof named === 'string' ? named : user;
  return (await Promise.all(Object.values(value).map((inner) => formsIn(inner, own)))).flat();
}

function formsOf(secret: string, user: string): string[] {
  if (secret === '') return [];
  const encoded = [`${user}:${secret}`, `${inForm(user)}:${inForm(secret)}`].flatMap((pair) => {
    const basic = Buffer.from(pair).toString('base64');
    return [basic, basic.replace(/=+$/, '')];
  });
  return [secret, encodeURIComponent(secret), inForm(secret), ...encoded];
}

async function secretOf(reference: SecretReference): Promise<string> {
  try {
    return await readSecret(reference);
  } catch (error) {
    if (error instanceof SecretError) return '';
    throw error;
  }
}

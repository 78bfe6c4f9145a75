// A real OpenID provider for the tests: one client, signing in whoever was named last, as was said.
// Its first line of input is JSON: port, jwks (the client's public keys), back (the redirect address).
// It prints its issuer once it answers. POST /next says who signs in next, and by which means.
import { generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const [line] = (await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()).value.split('\n');
const { port, jwks, back } = JSON.parse(line);
const issuer = `http://127.0.0.1:${port}`;
const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
let next = { sub: 'nobody', email: '', amr: [] };
const people = new Map();

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'contactpoint',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    jwks,
    redirect_uris: [back],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  clientAuthMethods: ['private_key_jwt'],
  jwks: { keys: [{ ...signing, use: 'sig', alg: 'ES256', kid: 'signing' }] },
  cookies: { keys: ['only-for-tests'] },
  acrValues: ['two-factors'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], acr: null, amr: null, auth_time: null },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
  pkce: { required: () => true },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
});

provider.use(async (ctx, go) => {
  if (ctx.path === '/next') {
    let body = '';
    for await (const piece of ctx.req) body += piece;
    next = JSON.parse(body);
    people.set(next.sub, { email: next.email, email_verified: next.verified !== false });
    ctx.body = '{}';
    return;
  }
  if (!ctx.path.startsWith('/interaction/')) {
    await go();
    return;
  }
  const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === 'login') {
    const login = { accountId: next.sub, amr: next.amr, acr: next.acr, remember: false };
    await provider.interactionFinished(ctx.req, ctx.res, { login });
  } else {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope('openid email');
    grant.addOIDCClaims(['email', 'email_verified', 'acr', 'amr', 'auth_time']);
    await provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
  }
  ctx.respond = false;
});

provider.listen(port, '127.0.0.1', () => console.log(issuer));

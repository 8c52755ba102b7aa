// A certified OpenID provider whose every visitor is the person named on the command line.
// node provider.mjs PORT REDIRECT_URI PERSONNUMMER
import Provider from "oidc-provider";

const [port, redirectUri, person] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "lofte", client_secret: "hemlig-hemlig-hemlig-hemlig-hemlig", redirect_uris: [redirectUri] }],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ssn: person }) }),
  claims: { openid: ["sub", "ssn"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  let result = { login: { accountId: "anna" } };
  if (prompt.name === "consent") {
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    grant.addOIDCClaims(["ssn"]);
    result = { consent: { grantId: await grant.save() } };
  }
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true }));
});

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));

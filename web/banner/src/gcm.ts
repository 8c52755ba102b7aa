/** Google Consent Mode v2, "basic": all is denied until the visitor says yes. Stands before any Google tag. */
const signals: Record<string, string[]> = {
  statistics: ["analytics_storage"],
  marketing: ["ad_storage", "ad_user_data", "ad_personalization"],
  functional: ["functionality_storage", "personalization_storage"],
};

function tell(how: "default" | "update", choices: Record<string, 0 | 1>) {
  const state: Record<string, string> = how == "default" ? { security_storage: "granted" } : {};
  for (const [purpose, names] of Object.entries(signals))
    for (const name of names) state[name] = choices[purpose] ? "granted" : "denied";
  const layer: unknown[] = ((window as { dataLayer?: unknown[] }).dataLayer ??= []);
  // Google reads the arguments object; an array is not the same to it.
  (function (..._: unknown[]) {
    // eslint-disable-next-line prefer-rest-params
    layer.push(arguments);
  })("consent", how, state);
}

tell("default", {});
for (const type of ["ready", "change"])
  document.addEventListener(`consent:${type}`, (event) => {
    const choice = (event as CustomEvent<{ choices: Record<string, 0 | 1> } | null>).detail;
    if (choice || type == "change") tell("update", choice?.choices ?? {});
  });

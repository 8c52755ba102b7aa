var klaroConfig = {
  version: 1,
  elementID: "klaro",
  lang: "en",
  mustConsent: false,
  acceptAll: true,
  default: false,
  translations: { en: { purposes: { statistics: "Statistics", marketing: "Marketing" } } },
  services: [
    { name: "count", title: "Count", purposes: ["statistics"] },
    { name: "ad", title: "Ad", purposes: ["marketing"] },
  ],
};

CookieConsent.run({
  hideFromBots: false,
  categories: { necessary: { readOnly: true, enabled: true }, statistics: {}, marketing: {} },
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: {
          title: "May we use cookies?",
          description: "We use cookies for statistics and marketing.",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          showPreferencesBtn: "Choose",
        },
        preferencesModal: {
          title: "Cookies",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          savePreferencesBtn: "Save",
          closeIconLabel: "Close",
          sections: [
            { title: "Statistics", description: "Counts visits.", linkedCategory: "statistics" },
            { title: "Marketing", description: "Advertisements.", linkedCategory: "marketing" },
          ],
        },
      },
    },
  },
});

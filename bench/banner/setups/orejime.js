window.orejimeConfig = {
  privacyPolicyUrl: "/policy",
  purposes: [
    { id: "statistics", title: "Statistics", description: "Counts visits.", cookies: ["count"] },
    { id: "marketing", title: "Marketing", description: "Advertisements." },
  ],
};

import React from "react";
import { createRoot } from "react-dom/client";
import { ConsentManagerProvider, ConsentBanner, ConsentDialog } from "@c15t/react";

const options = { mode: "offline" };
const parts = [React.createElement(ConsentBanner, { key: "b" }), React.createElement(ConsentDialog, { key: "d" })];
createRoot(document.getElementById("app")).render(React.createElement(ConsentManagerProvider, { options }, parts));
